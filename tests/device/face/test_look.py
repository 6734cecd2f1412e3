"""A look, with a scripted camera and scripted models: order, hints and the end."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import shipped_folder
from device.eyes import Eyes
from device.face.calibration import Rule
from device.face.decision import Ruling, ruling
from device.face.matching import Embedding, Metric
from device.face.mesh import Face
from device.face.model import FaceSeen, Hint, HintSeen, Sighting
from device.face.quality import Limits
from device.ports import CardLostError, Frame, FrameSource, PartError
from device.sight import FaceSight, Patience
from protocol.catalogue import Code
from tests.support.reading import read

PACK = read_pack(shipped_folder())
ASSIST: Ruling = ruling(PACK, "assist", ())
EASY = Limits(sharpness_least=0.0, dark_least=0.0)

OWNER, STRANGER = 0, 1


class SteppingClock:
    """Every question costs 50 ms."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        self.seconds += 0.05
        return self.seconds


class ScriptedCamera:
    """Frames whose first pixel says who stands there; 255 is nobody."""

    def __init__(self, people: list[int], *, silent: bool = False) -> None:
        self.people = people
        self.silent = silent
        self.on = 0
        self.given: list[Frame] = []
        self.switched = 0

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[FrameSource]:
        self.on += 1
        self.switched += 1
        self._left: Iterator[int] = iter(self.people)
        self._last = 255
        try:
            yield self
        finally:
            self.on -= 1

    async def frame(self) -> Frame:
        if self.silent:
            await asyncio.Event().wait()
        self._last = next(self._left, self._last)
        self.given.append(np.full((480, 640, 3), self._last, dtype=np.uint8))
        return self.given[-1]


class ScriptedModels:
    """Embeds by the picture's first pixel; a card photo is the owner's."""

    pack = PACK
    name = "scripted"

    def __init__(self, at_five: Callable[[], object] = lambda: None) -> None:
        self.embedded = 0
        self.forgot = 0
        self.living = True
        self.mirrored = 0
        self.given: list[Embedding] = []
        self.at_five = at_five

    def forget(self) -> None:
        self.forgot += 1

    def alive(self, image: Frame, face: Face) -> bool:
        return self.living

    def embed_mirrored(self, image: Frame, face: Face) -> Embedding:
        """As it is, and a little of something else."""
        mirrored = self.embed_face(image, face)
        mirrored.vector[5] = 0.2
        self.mirrored += 1
        return mirrored

    def faces(self, image: Frame) -> list[Face]:
        who = int(image[0, 0, 0])
        if who == 255:
            return []
        if who == 254:
            return [face_at(320), face_at(500)]
        return [face_at(320 + 10 * (who == 100))]

    def embed_face(self, image: Frame, face: Face) -> Embedding:
        self.embedded += 1
        if self.embedded == 5:
            self.at_five()
        vector = np.zeros(128, dtype=np.float32)
        vector[int(image[0, 0, 0]) % 2] = 1.4
        self.given.append(Embedding(vector, PACK.space, Metric.EUCLIDEAN))
        return self.given[-1]


def face_at(x: float) -> Face:
    """A level frontal face, 80 px between the eyes."""
    points = np.zeros((468, 3))
    points[:, 0] = np.linspace(x - 80, x + 80, 468)
    points[:, 1] = np.linspace(160, 320, 468)
    points[[33, 133], :2] = (x - 40, 220)
    points[[263, 362], :2] = (x + 40, 220)
    points[4, :2] = (x, 260)
    points[234] = (x - 80, 240, 0)
    points[454] = (x + 80, 240, 0)
    return Face(points, 0.9, 1.0)


def card_photo(value: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (240, 320), value).save(stream, format="JPEG2000")
    return stream.getvalue()


def sight(camera: ScriptedCamera, patience: Patience | None = None) -> FaceSight:
    return FaceSight(ScriptedModels(), camera, SteppingClock(), ASSIST, patience, EASY)


async def all_of(looking: FaceSight, photo: bytes) -> list[Sighting]:
    async with looking:
        return [each async for each in looking.look(read(photo))]


def end_of(sightings: list[Sighting]) -> FaceSeen:
    ends = [each for each in sightings if isinstance(each, FaceSeen)]
    assert ends == sightings[-1:], "exactly one FaceSeen, and it is the last"
    return ends[0]


async def test_nobody_is_a_refusal_when_the_time_is_over() -> None:
    camera = ScriptedCamera([255])
    sightings = await all_of(sight(camera), card_photo())
    assert sightings[0] == HintSeen(Hint.NO_FACE)
    end = end_of(sightings)
    assert (end.matched, end.seen, end.distance) == (False, False, None)
    assert camera.on == 0


async def test_a_stranger_is_not_matched() -> None:
    end = end_of(await all_of(sight(ScriptedCamera([STRANGER])), card_photo()))
    assert (end.matched, end.seen, end.frames) == (False, True, 5)


async def test_the_owner_is_matched_on_five_frames() -> None:
    camera = ScriptedCamera([OWNER])
    sightings = await all_of(sight(camera), card_photo())
    end = end_of(sightings)
    assert end.matched
    assert (end.frames, end.mode, end.pack) == (5, "assist", "dlib-resnet/2")
    assert end.rule == ASSIST.calibration.name
    assert camera.on == 0
    assert camera.switched == 1


async def test_a_hint_is_said_once_until_it_changes() -> None:
    people = [255, 255, 255, OWNER]
    sightings = await all_of(sight(ScriptedCamera(people)), card_photo())
    assert sightings[:-1] == [HintSeen(Hint.NO_FACE), HintSeen(None)]


async def test_frames_of_two_people_are_never_mixed() -> None:
    swap = [OWNER] * 14 + [STRANGER]
    sightings = await all_of(sight(ScriptedCamera(swap)), card_photo())
    end = end_of(sightings)
    assert not end.matched
    assert end.distance is not None
    assert end.distance > 1.9, "the mean holds the stranger alone"


async def test_two_people_stop_the_series() -> None:
    people = [OWNER] * 6 + [254, 254] + [OWNER]
    sightings = await all_of(sight(ScriptedCamera(people)), card_photo())
    assert HintSeen(Hint.ONE_PERSON) in sightings
    assert end_of(sightings).matched


async def test_nearly_equal_frames_do_not_count_twice() -> None:
    clock = SteppingClock()
    looking = FaceSight(
        ScriptedModels(), ScriptedCamera([OWNER]), clock, ASSIST, limits=EASY
    )
    end_of(await all_of(looking, card_photo()))
    assert clock.seconds >= 4 * Patience().spacing_s


async def test_a_card_photo_without_a_face_matches_nobody() -> None:
    camera = ScriptedCamera([OWNER])
    end = end_of(await all_of(sight(camera), card_photo(255)))
    assert (end.matched, end.frames) == (False, 0)
    assert camera.on == 0


@pytest.mark.parametrize("photo", [b"", b"\x00" * 100, card_photo()[:60]])
async def test_a_photo_that_is_no_jpeg_2000_matches_nobody(photo: bytes) -> None:
    camera = ScriptedCamera([OWNER])
    assert not end_of(await all_of(sight(camera), photo)).matched
    assert camera.on == 0


async def test_a_huge_photo_matches_nobody() -> None:
    stream = io.BytesIO()
    Image.new("L", (1025, 8)).save(stream, format="JPEG2000")
    camera = ScriptedCamera([OWNER])
    assert not end_of(await all_of(sight(camera), stream.getvalue())).matched


async def test_a_camera_that_gives_nothing_is_f201() -> None:
    camera = ScriptedCamera([], silent=True)
    with pytest.raises(PartError) as caught:
        await all_of(sight(camera, Patience(frame_s=0.01)), card_photo())
    assert caught.value.code == "F201"
    assert camera.on == 0


async def test_leaving_a_look_switches_the_camera_off() -> None:
    camera = ScriptedCamera([255])
    async with sight(camera) as looking:
        sightings = looking.look(read(card_photo()))
        assert await anext(sightings) == HintSeen(Hint.NO_FACE)
        assert camera.on == 1
        await sightings.aclose()
        assert camera.on == 0


async def test_an_embedding_does_not_show_itself() -> None:
    vector = np.full(128, 0.125, dtype=np.float32)
    assert "0.125" not in repr(Embedding(vector, "x/1", Metric.COSINE))


async def test_the_camera_looks_before_the_card_is_read() -> None:
    """The card's two or three seconds are not waited for: five frames are ready."""
    camera, card_read, five = ScriptedCamera([OWNER]), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    models = ScriptedModels(lambda: loop.call_soon_threadsafe(five.set))
    looking = FaceSight(models, camera, SteppingClock(), ASSIST, limits=EASY)
    async with looking:
        sightings = looking.look(read(card_photo(), card_read))
        assert await anext(sightings) == HintSeen(None)
        rest = asyncio.create_task(_rest(sightings))
        await five.wait()
        assert camera.on == 1
        card_read.set()
        assert end_of(await rest).matched
    assert models.embedded >= 6, "better frames go on being taken"
    assert camera.on == 0


async def test_a_frame_that_the_pack_calls_an_attack_does_not_count() -> None:
    models = ScriptedModels()
    models.living = False
    looking = FaceSight(
        models, ScriptedCamera([OWNER]), SteppingClock(), ASSIST, limits=EASY
    )
    end = end_of(await all_of(looking, card_photo()))
    assert (end.matched, end.seen, end.frames) == (False, False, 0)


async def test_mirrored_frames_are_averaged_where_the_rule_says_so() -> None:
    models = ScriptedModels()
    mirrored = Rule(frames=5, mirror=True)
    record = ASSIST.calibration.model_copy(update={"rule": mirrored})
    looking = FaceSight(
        models,
        ScriptedCamera([OWNER]),
        SteppingClock(),
        Ruling("assist", record),
        limits=EASY,
    )
    end = end_of(await all_of(looking, card_photo()))
    assert end.matched
    assert models.mirrored == 6, "five frames and the card's photo"


async def test_nothing_of_a_face_is_left_after_a_look() -> None:
    """Frames, embeddings and the card's photo are overwritten, not only dropped."""
    camera, models = ScriptedCamera([100]), ScriptedModels()
    looking = FaceSight(models, camera, SteppingClock(), ASSIST, limits=EASY)
    assert end_of(await all_of(looking, card_photo())).matched
    looking.close(wait=True)
    assert len(models.given) == 6
    assert not any(one.vector.any() for one in models.given)
    assert models.forgot == 1
    assert len(camera.given) >= 5
    assert not any(frame.any() for frame in camera.given)


async def test_a_card_that_cannot_be_read_ends_the_look() -> None:
    async def torn() -> bytes:
        raise CardLostError(Code.CARD_TORN)

    camera = ScriptedCamera([255])
    async with sight(camera) as looking:
        with pytest.raises(CardLostError):
            [each async for each in looking.look(torn())]
    assert camera.on == 0


def test_what_was_made_outside_the_networks_is_forgotten_too() -> None:
    """The mean that a turning face is compared with, however the turn ended."""
    eyes = Eyes(ScriptedModels(), EASY)
    mean = eyes.kept(Embedding(np.ones(128, np.float32), PACK.space, Metric.EUCLIDEAN))
    eyes.forget()
    assert not mean.vector.any()


async def _rest(sightings: AsyncIterator[Sighting]) -> list[Sighting]:
    return [each async for each in sightings]
