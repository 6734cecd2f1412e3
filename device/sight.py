"""One look at one patient: card photo, camera, models, decision.

The decisions are in device/face; this is the order of looking. Inference runs in one
worker thread, so that the loop never waits. Frames and embeddings belong to one look
and are overwritten when it has used them.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import pack_folder
from device.face import decision, quality
from device.face.decision import Ruling
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.model import FaceSeen, Hint, HintSeen, Sighting
from device.face.pack import Pack
from device.face.photo import decoded
from device.face.quality import Limits
from device.face.series import Series
from device.ports import Camera, CardPhoto, Clock, Frame, FrameSource, PartError

T = TypeVar("T")

CAMERA_MISSING = "F201"
LOOK_S = 8.0


class FaceEngine(Protocol):
    """The models of one pack (device.adapters.face_tflite.FaceModels)."""

    pack: Pack
    name: str

    def faces(self, image: Frame) -> list[Face]: ...

    def embed_face(self, image: Frame, face: Face) -> Embedding: ...

    def forget(self) -> None:
        """No face is left in the networks' own memory."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Times of a look, in seconds."""

    limit_s: float = LOOK_S
    """From the first frame to the end, whatever happens."""
    spacing_s: float = 0.2
    """Between two frames that count: nearly equal frames say nothing new."""
    frame_s: float = 5.0
    """A camera that gives nothing for so long is missing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """What one frame is worth."""

    hint: Hint | None
    box: NDArray[np.float64] | None
    embedding: Embedding | None


class FaceSight:
    """Satisfies device.ports.Sight. Close it, or open it with `async with`."""

    def __init__(
        self,
        models: FaceEngine,
        camera: Camera,
        clock: Clock,
        ruling: Ruling,
        patience: Patience | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.mode: str = ruling.mode
        self.name = models.name
        """Runtime and pack, as the self-test says it."""
        self._models = models
        self._camera = camera
        self._clock = clock
        self._record = ruling.calibration
        self._patience = patience or Patience()
        self._limits = limits or Limits()
        self._worker = ThreadPoolExecutor(1, "face")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self, *, wait: bool = False) -> None:
        """Looks end; what is still to be overwritten is, and `wait` waits for it."""
        self._worker.shutdown(wait=wait)

    async def look(self, photo: Awaitable[CardPhoto]) -> AsyncGenerator[Sighting, None]:
        """See device.ports.Sight.

        A card photo in which no face is found can match nobody: the look ends
        without a match as soon as that is known.
        """
        seen: list[Embedding] = []
        card = asyncio.ensure_future(self._card(photo, seen))
        card.add_done_callback(_heard)
        try:
            async with self._camera.watch() as source:
                async for sighting in self._watching(source, card, seen):
                    yield sighting
        finally:
            card.cancel()
            self._forget_soon(seen)

    async def _watching(
        self,
        source: FrameSource,
        card: "asyncio.Future[Embedding | None]",
        seen: list[Embedding],
    ) -> AsyncGenerator[Sighting, None]:
        series, said, due = Series(), _NOTHING_SAID, 0.0
        frame = await self._frame(source, card)
        end = self._clock.monotonic() + self._patience.limit_s
        while (now := self._clock.monotonic()) < end:
            if card.done() and card.result() is None:
                yield self._seen(0, None, seen=True)
                return
            judged = await self._working(self._judgement(frame, wanted=now >= due))
            if judged.hint is not said:
                said = judged.hint
                yield HintSeen(judged.hint)
            series = series.followed(judged.box)
            if judged.embedding is not None:
                seen.append(judged.embedding)
                same_face = self._models.pack.embedder.same_face
                series = series.taken(judged.embedding, same_face)
                due = now + self._patience.spacing_s
            if len(series.frames) >= self._record.k:
                yield self._decided(series, await card)
                return
            frame = await self._frame(source, card)
        yield self._seen(len(series.frames), None, seen=False)

    def _decided(self, series: Series, card: Embedding | None) -> FaceSeen:
        if card is None:
            return self._seen(0, None, seen=True)
        distance = decision.look_distance(series.frames, card)
        return self._seen(len(series.frames), distance, seen=True)

    async def _frame(
        self, source: FrameSource, card: "asyncio.Future[Embedding | None]"
    ) -> Frame:
        """The next picture; a card that failed is not waited for any longer."""
        if card.done():
            card.result()
        try:
            async with asyncio.timeout(self._patience.frame_s):
                return await source.frame()
        except TimeoutError as error:
            raise PartError(CAMERA_MISSING, "the camera gives no picture") from error

    async def _working(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def _card(
        self, photo: Awaitable[CardPhoto], seen: list[Embedding]
    ) -> Embedding | None:
        content = await photo
        embedding = await self._working(lambda: self._portrait(content))
        if embedding is not None:
            seen.append(embedding)
        return embedding

    def _portrait(self, content: CardPhoto) -> Embedding | None:
        image = decoded(content)
        if image is None:
            return None
        faces = self._models.faces(image)
        embedding = self._models.embed_face(image, faces[0]) if faces else None
        image.fill(0)
        return embedding

    def _forget_soon(self, seen: list[Embedding]) -> None:
        """Nobody waits for it; it is done before the next look's first frame."""
        try:
            self._worker.submit(self._forget, seen)
        except RuntimeError:  # the sight was closed under the look
            self._forget(seen)

    def _forget(self, seen: list[Embedding]) -> None:
        for embedding in seen:
            embedding.wipe()
        self._models.forget()

    def _judgement(self, frame: Frame, *, wanted: bool) -> Callable[[], _Judged]:
        return lambda: self._judge(frame, wanted)

    def _judge(self, frame: Frame, wanted: bool) -> _Judged:
        """The frame is overwritten: what is kept of it is numbers."""
        try:
            faces = self._models.faces(frame)
            hint = quality.hint(faces, Image.fromarray(frame), self._limits)
            if hint in (Hint.NO_FACE, Hint.ONE_PERSON):
                return _Judged(hint, None, None)
            good = wanted and hint is None
            embedding = self._models.embed_face(frame, faces[0]) if good else None
            return _Judged(hint, faces[0].box, embedding)
        finally:
            frame.fill(0)

    def _seen(self, frames: int, distance: float | None, *, seen: bool) -> FaceSeen:
        return FaceSeen(
            matched=distance is not None
            and decision.matched(distance, frames, self._record),
            pack=self._models.pack.space,
            rule=self._record.name,
            mode=self.mode,
            frames=frames,
            distance=distance,
            seen=seen,
        )


def _heard(card: "asyncio.Future[Embedding | None]") -> None:
    """A failure that comes when the look is over has nobody to tell."""
    if not card.cancelled():
        card.exception()


class _NothingSaid:
    """Differs from every hint and from None, which says that all is well."""


_NOTHING_SAID: Hint | _NothingSaid | None = _NothingSaid()


def open_sight(
    models: Path,
    pack: str,
    camera: Camera,
    clock: Clock,
    *,
    mode: str = "assist",
    accepted_records: Collection[str] = (),
    limit_s: float = LOOK_S,
) -> FaceSight:
    """Load pack `pack` (shipped, or installed below `models`) and make a sight of it.

    `accepted_records` names the indicative records by which the operator lets the
    reader decide. Raises PartError F204 for models, ModeError when the pack does not
    carry `mode`.
    """
    loaded = FaceModels.open(pack_folder(pack, models))
    ruling = decision.ruling(loaded.pack, mode, accepted_records)
    return FaceSight(loaded, camera, clock, ruling, Patience(limit_s=limit_s))
