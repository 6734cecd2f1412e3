"""One look at one patient: card photo, camera, models, decision.

The decisions are in device/face; this is the order of looking. Inference runs in one
worker thread, so that the loop never waits. Frames and embeddings belong to one look
and are overwritten when it has used them.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from device import turning
from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import SHIPPED, pack_folder
from device.adapters.model_trial import tried
from device.eyes import Eyes, FaceEngine
from device.face import decision, liveness, matching
from device.face.decision import Ruling
from device.face.liveness import Challenge, Verdict
from device.face.matching import Embedding
from device.face.model import FaceSeen, Hint, HintSeen, Sighting, TurnBegun
from device.face.quality import Limits
from device.face.series import Series
from device.ports import Camera, CardPhoto, Clock, Frame, FrameSource, PartError
from device.turning import Turning, Watch

T = TypeVar("T")

CAMERA_MISSING = "F201"
LOOK_S = 8.0

Portrait = asyncio.Future[Embedding | None]
"""The card's face, perhaps not read yet."""


class _NothingSaid:
    """Differs from every hint and from None, which says that all is well."""


_NOTHING_SAID: Hint | _NothingSaid | None = _NothingSaid()


@dataclass(frozen=True, slots=True)
class Patience:
    """Times of a look, in seconds."""

    limit_s: float = LOOK_S
    """From the first frame to the end, whatever happens."""
    spacing_s: float = 0.2
    """Between two frames that count: nearly equal frames say nothing new."""
    frame_s: float = 5.0
    """A camera that gives nothing for so long is missing."""


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
        turning: Turning | None = None,
    ) -> None:
        """`turning` None: nobody is asked to turn, and a photograph can match."""
        self.mode: str = ruling.mode
        self.name = models.name
        """Runtime and pack, as the self-test says it."""
        self._models = models
        self._camera = camera
        self._clock = clock
        self._record = ruling.calibration
        self._patience = patience or Patience()
        self._limits = limits or Limits()
        self._turning = turning
        self.liveness = (
            "none" if turning is None else "blink" if turning.blink else "turn"
        )
        """Whether a match counts only once the person moved as asked."""
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
        eyes = Eyes(self._models, self._limits, self._record.rule.mirror)
        card = asyncio.ensure_future(self._portrait(photo, eyes))
        card.add_done_callback(_heard)
        try:
            async with self._camera.watch() as source:
                async for sighting in self._watching(source, card, eyes):
                    yield sighting
        finally:
            card.cancel()
            self._forget_soon(eyes)

    async def _portrait(
        self, photo: Awaitable[CardPhoto], eyes: Eyes
    ) -> Embedding | None:
        content = await photo
        return await self._working(partial(eyes.portrait, content))

    async def _watching(
        self, source: FrameSource, card: Portrait, eyes: Eyes
    ) -> AsyncGenerator[Sighting, None]:
        series, said, due = Series(), _NOTHING_SAID, 0.0
        wanted = self._record.rule.frames
        frame = await self._frame(source)
        over = self._clock.monotonic() + self._patience.limit_s
        while (now := self._clock.monotonic()) < over:
            # A card that failed is not waited for any longer: it is raised here.
            if card.done() and card.result() is None:
                yield self._seen(0, None, seen=True)
                return
            work = partial(eyes.judged, frame, wanted=now >= due)
            judged = await self._working(work)
            if judged.hint is not said:
                said = judged.hint
                yield HintSeen(judged.hint)
            series = series.followed(judged.box)
            if judged.good is not None:
                same_face = self._models.pack.embedder.same_face
                series = series.taken(judged.good, same_face, wanted)
                due = now + self._patience.spacing_s
            # While the card is still being read, better frames take the place of worse.
            if len(series.frames) >= wanted and card.done():
                break
            frame = await self._frame(source)
        if len(series.frames) < wanted:
            yield self._seen(len(series.frames), None, seen=False)
            return
        async for sighting in self._decided(source, series, await card, eyes):
            yield sighting

    async def _decided(
        self, source: FrameSource, series: Series, card: Embedding | None, eyes: Eyes
    ) -> AsyncGenerator[Sighting, None]:
        if card is None:
            yield self._seen(0, None, seen=True)
            return
        distance = decision.look_distance(series.embeddings, card)
        end = self._seen(len(series.frames), distance, seen=True)
        if end.matched and self._turning is not None:
            yield TurnBegun()
            challenge = self._turning.begun(self._clock.monotonic())
            async for sighting in self._turned(source, series, challenge, eyes):
                yield (
                    sighting
                    if isinstance(sighting, HintSeen)
                    else replace(
                        end,
                        matched=sighting is Verdict.PASSED,
                        live=sighting is Verdict.PASSED,
                    )
                )
        else:
            yield end

    async def _turned(
        self, source: FrameSource, series: Series, challenge: Challenge, eyes: Eyes
    ) -> AsyncGenerator[HintSeen | Verdict, None]:
        """The face matched; now it must move as nobody can foresee."""
        reference = eyes.kept(matching.mean(series.embeddings))
        same_face = self._models.pack.embedder.same_face
        watch = Watch(reference, same_face, self._limits.second_face)
        said: Hint | None = None
        while True:
            if (hint := turning.said(challenge)) is not said:
                said = hint
                yield HintSeen(hint)
            frame = await self._frame(source)
            pose = await self._working(partial(eyes.pose, frame, watch))
            after = liveness.advanced(challenge, pose, self._clock.monotonic())
            if isinstance(after, Verdict):
                yield after
                return
            challenge = after

    async def _frame(self, source: FrameSource) -> Frame:
        try:
            async with asyncio.timeout(self._patience.frame_s):
                return await source.frame()
        except TimeoutError as error:
            raise PartError(CAMERA_MISSING, "the camera gives no picture") from error

    async def _working(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _forget_soon(self, eyes: Eyes) -> None:
        """Nobody waits for it; it is done before the next look's first frame."""
        try:
            self._worker.submit(eyes.forget)
        except RuntimeError:  # the sight was closed under the look
            eyes.forget()

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


def _heard(card: Portrait) -> None:
    """A failure that comes when the look is over has nobody to tell."""
    if not card.cancelled():
        card.exception()


def open_sight(
    models: Path,
    pack: str,
    camera: Camera,
    clock: Clock,
    *,
    mode: str = "assist",
    accepted_records: Collection[str] = (),
    false_match_rate: float = decision.FALSE_MATCH_RATE,
    mirror: bool = False,
    limit_s: float = LOOK_S,
    turning: Turning | None = None,
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
    rule = decision.rule(mirror=mirror)
    ruling = decision.ruling(
        loaded.pack, mode, accepted_records, false_match_rate, rule
    )
    patience = Patience(limit_s=limit_s)
    return FaceSight(loaded, camera, clock, ruling, patience, turning=turning)
