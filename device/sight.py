"""One look at one patient: card photo, camera, models, decision.

The decisions are in device/face; this is the order of looking. Inference runs in one
worker thread, so that the loop never waits. Frames and templates live in one look's
local variables and are gone when it ends.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import SHIPPED, pack_folder
from device.adapters.model_trial import tried
from device.face import decision, quality
from device.face.decision import Ruling
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.model import FaceSeen, Hint, HintSeen, Sighting
from device.face.pack import Pack
from device.face.photo import decoded
from device.face.quality import Limits
from device.face.series import Series
from device.ports import Camera, Clock, Frame, FrameSource, PartError

T = TypeVar("T")

CAMERA_MISSING = "F201"
LOOK_S = 8.0


class FaceEngine(Protocol):
    """The models of one pack (device.adapters.face_tflite.FaceModels)."""

    pack: Pack
    name: str

    def faces(self, image: Frame) -> list[Face]: ...

    def embed_face(self, image: Frame, face: Face) -> Embedding: ...


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

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def look(self, photo: bytes) -> AsyncGenerator[Sighting, None]:
        """See device.ports.Sight.

        A card photo in which no face is found can match nobody: the look ends at
        once without a match, and the camera stays off.
        """
        card = await self._working(lambda: self._card(photo))
        if card is None:
            yield self._seen(0, None, seen=True)
            return
        async with self._camera.watch() as source:
            async for sighting in self._watching(source, card):
                yield sighting

    async def _watching(
        self, source: FrameSource, card: Embedding
    ) -> AsyncGenerator[Sighting, None]:
        series, said, due = Series(), _NOTHING_SAID, 0.0
        frame = await self._frame(source)
        end = self._clock.monotonic() + self._patience.limit_s
        while (now := self._clock.monotonic()) < end:
            judged = await self._working(self._judgement(frame, wanted=now >= due))
            if judged.hint is not said:
                said = judged.hint
                yield HintSeen(judged.hint)
            series = series.followed(judged.box)
            if judged.embedding is not None:
                same_face = self._models.pack.embedder.same_face
                series = series.taken(judged.embedding, same_face)
                due = now + self._patience.spacing_s
            if len(series.frames) >= self._record.rule.frames:
                distance = decision.look_distance(series.frames, card)
                yield self._seen(len(series.frames), distance, seen=True)
                return
            frame = await self._frame(source)
        yield self._seen(len(series.frames), None, seen=False)

    async def _frame(self, source: FrameSource) -> Frame:
        try:
            async with asyncio.timeout(self._patience.frame_s):
                return await source.frame()
        except TimeoutError as error:
            raise PartError(CAMERA_MISSING, "the camera gives no picture") from error

    async def _working(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _card(self, content: bytes) -> Embedding | None:
        image = decoded(content)
        faces = self._models.faces(image) if image is not None else []
        if image is None or not faces:
            return None
        return self._models.embed_face(image, faces[0])

    def _judgement(self, frame: Frame, *, wanted: bool) -> Callable[[], _Judged]:
        return lambda: self._judge(frame, wanted)

    def _judge(self, frame: Frame, wanted: bool) -> _Judged:
        faces = self._models.faces(frame)
        hint = quality.hint(faces, Image.fromarray(frame), self._limits)
        if hint in (Hint.NO_FACE, Hint.ONE_PERSON):
            return _Judged(hint, None, None)
        good = wanted and hint is None
        embedding = self._models.embed_face(frame, faces[0]) if good else None
        return _Judged(hint, faces[0].box, embedding)

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
    false_match_rate: float = decision.FALSE_MATCH_RATE,
    limit_s: float = LOOK_S,
) -> FaceSight:
    """Load pack `pack` (shipped, or installed below `models`) and make a sight of it.

    `accepted_records` names the indicative records by which the operator lets the
    reader decide, `false_match_rate` is what a record must reach. Raises PartError
    F204 for models, ModeError when the pack does not carry `mode`.
    """
    folder = pack_folder(pack, models)
    if pack != SHIPPED:
        tried(folder)
    loaded = FaceModels.open(folder)
    ruling = decision.ruling(loaded.pack, mode, accepted_records, false_match_rate)
    return FaceSight(loaded, camera, clock, ruling, Patience(limit_s=limit_s))
