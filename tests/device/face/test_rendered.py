"""Real models on rendered people: the whole look, and every hint that is given.

Rendered heads test the code and the direction of an effect, never accuracy.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import RUNTIMES, FaceModels
from device.adapters.model_folder import SHIPPED, shipped_folder
from device.face.mesh import Face
from device.face.model import FaceSeen, Hint, HintSeen, Sighting, TurnBegun
from device.face.quality import Limits, hint, measure, yaw2d, yawz_deg
from device.sight import FaceSight, open_sight
from device.simulated.camera import SimulatedCamera
from device.simulated.heads import (
    Head,
    Light,
    Picture,
    Scene,
    card_photo,
    render,
    render_empty,
)
from device.simulated.heads.cache import HeadCache
from device.simulated.persona import Persona, personas
from device.turning import Turning
from tests.support.reading import read

LIMITS = Limits()
OWNER, STRANGER = personas()[0], personas()[1]
STILL = Scene(seed=3)
HEADS = HeadCache()


@pytest.fixture(scope="module")
def models() -> FaceModels:
    return FaceModels.open()


@pytest.fixture(scope="module")
def head() -> Head:
    return HEADS.head(OWNER.id, OWNER.head)


class SteppingClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        self.seconds += 0.25
        return self.seconds


CASES: list[tuple[Scene, Hint | None]] = [
    (STILL, None),
    (replace(STILL, yaw=8), None),
    (replace(STILL, yaw=28), Hint.FRONT),
    (replace(STILL, yaw=-28), Hint.FRONT),
    (replace(STILL, distance_cm=130), Hint.CLOSER),
    (replace(STILL, distance_cm=22), Hint.FARTHER),
    (replace(STILL, x=17), Hint.CENTRE),
    (replace(STILL, light=Light.DARK), Hint.DARK),
    (replace(STILL, light=Light.GLARE), Hint.BRIGHT),
    (replace(STILL, blur=6), Hint.STILL),
]


@pytest.mark.parametrize(
    ("scene", "expected"), CASES, ids=[f"{i}-{each[1]}" for i, each in enumerate(CASES)]
)
def test_each_fault_has_its_hint(
    models: FaceModels, head: Head, scene: Scene, expected: Hint | None
) -> None:
    frame = render(head, scene)
    assert hint(models.faces(frame), Image.fromarray(frame), LIMITS) == expected


def test_the_full_range_detector_finds_who_stands_far(
    models: FaceModels, head: Head
) -> None:
    frame = render(head, replace(STILL, distance_cm=180))
    faces = models.faces(frame)
    assert len(faces) == 1
    near = models.faces(render(head, STILL))[0].eye_distance
    assert faces[0].eye_distance == pytest.approx(near * 48 / 180, rel=0.15)
    assert hint(faces, Image.fromarray(frame), LIMITS) == Hint.CLOSER


def test_the_two_runtimes_agree(head: Head) -> None:
    frame = render(head, STILL)
    one, other = (FaceModels.open(runtime=each) for each in RUNTIMES)
    mine, theirs = one.faces(frame)[0], other.faces(frame)[0]
    assert np.abs(mine.points - theirs.points).max() < 0.05
    apart = one.distance(one.embed_face(frame, mine), other.embed_face(frame, theirs))
    assert apart < 1e-3


def test_an_empty_room_has_no_face(models: FaceModels) -> None:
    frame = render_empty(STILL)
    assert models.faces(frame) == []
    assert hint([], Image.fromarray(frame), LIMITS) == Hint.NO_FACE


def test_two_people_are_one_too_many(models: FaceModels, head: Head) -> None:
    left = render(head, replace(STILL, width=320, focal_px=420))
    frame = np.concatenate([left, left[:, ::-1]], axis=1)
    faces = models.faces(frame)
    assert len(faces) == 2
    assert hint(faces, Image.fromarray(frame), LIMITS) == Hint.ONE_PERSON


@pytest.mark.parametrize(("scale", "expected"), [(0.4, None), (0.6, Hint.ONE_PERSON)])
def test_only_somebody_near_is_a_second_person(
    models: FaceModels, head: Head, scale: float, expected: Hint | None
) -> None:
    frame = render(head, STILL)
    face = models.faces(frame)[0]
    behind = Face(face.points * scale, face.score, face.presence)
    assert hint([face, behind], Image.fromarray(frame), LIMITS) == expected


def test_blur_lowers_the_sharpness_even_under_noise(
    models: FaceModels, head: Head
) -> None:
    found = []
    for blur in (0.0, 1.0, 2.5, 5.0):
        frame = render(head, replace(STILL, blur=blur))
        found.append(measure(Image.fromarray(frame), models.faces(frame)[0]).sharpness)
    assert found == sorted(found, reverse=True)
    assert found[0] > 4 * found[-1]


def test_both_yaws_follow_the_head(models: FaceModels, head: Head) -> None:
    seen = []
    for yaw in (-25, 0, 25):
        face = models.faces(render(head, replace(STILL, yaw=yaw)))[0]
        seen.append((yaw2d(face), yawz_deg(face)))
    assert seen[0][0] < -0.2 < seen[1][0] < 0.2 < seen[2][0]
    assert [each[1] for each in seen] == pytest.approx([-25, 0, 25], abs=8)


@pytest.fixture
def sight() -> Iterator[tuple[FaceSight, SimulatedCamera]]:
    camera = SimulatedCamera(pause_s=0.0, heads=HEADS)
    made = open_sight(shipped_folder(), SHIPPED, camera, SteppingClock())
    yield made, camera
    made.close()


async def look(
    sight: tuple[FaceSight, SimulatedCamera], who: Persona | None, photo: bytes
) -> tuple[FaceSeen, list[HintSeen]]:
    looking, camera = sight
    camera.stand(who)
    seen = [each async for each in looking.look(read(photo))]
    end = seen[-1]
    assert isinstance(end, FaceSeen)
    assert not camera.is_on
    return end, [each for each in seen if isinstance(each, HintSeen)]


async def test_nobody_before_the_camera_is_refused(
    sight: tuple[FaceSight, SimulatedCamera], head: Head
) -> None:
    end, hints = await look(sight, None, card_photo(head))
    assert (end.matched, end.seen) == (False, False)
    assert hints == [HintSeen(Hint.NO_FACE)]


async def test_a_stranger_with_the_card_is_refused(
    sight: tuple[FaceSight, SimulatedCamera], head: Head
) -> None:
    end, _ = await look(sight, STRANGER, card_photo(head))
    assert (end.matched, end.seen) == (False, True)


async def test_the_owner_of_the_card_is_matched_and_only_assisted(
    sight: tuple[FaceSight, SimulatedCamera], head: Head
) -> None:
    end, hints = await look(sight, OWNER, card_photo(head))
    assert end.matched
    assert end.mode == sight[0].mode == "assist"
    assert hints == [HintSeen(None)]


def turning(*random: int) -> Turning:
    return Turning(lambda count: bytes(random[:count]))


async def obedient(
    sight: FaceSight, camera: SimulatedCamera, turns: dict[Hint, float], photo: bytes
) -> tuple[FaceSeen, list[Sighting]]:
    """The person does what the screen says, as far as `turns` knows it."""
    seen = []
    async for sighting in sight.look(read(photo)):
        seen.append(sighting)
        if isinstance(sighting, HintSeen) and sighting.hint in turns:
            camera.pose(yaw=turns[sighting.hint])
    end = seen[-1]
    assert isinstance(end, FaceSeen)
    return end, seen


TURNS = {Hint.TURN_LEFT: 32.0, Hint.TURN_RIGHT: -32.0, Hint.BACK_TO_FRONT: 0.0}


def asking(camera: SimulatedCamera, *random: int) -> FaceSight:
    return open_sight(
        shipped_folder(), SHIPPED, camera, SteppingClock(), turning=turning(*random)
    )


async def test_the_owner_turns_as_asked_and_is_matched(head: Head) -> None:
    """Both sides, one after the other."""
    camera = SimulatedCamera(pause_s=0.0, heads=HEADS)
    camera.stand(OWNER)
    async with asking(camera, 1, 0, 1, 9, 200) as sight:
        end, seen = await obedient(sight, camera, TURNS, card_photo(head))
    assert (end.matched, end.live) == (True, True)
    assert seen[0] == HintSeen(None)
    assert seen[1] == TurnBegun()
    asked = [one.hint for one in seen if isinstance(one, HintSeen)]
    assert asked == [None, Hint.TURN_LEFT, Hint.BACK_TO_FRONT, Hint.TURN_RIGHT]


async def test_the_owner_who_does_not_turn_is_not_matched(head: Head) -> None:
    camera = SimulatedCamera(pause_s=0.0, heads=HEADS)
    camera.stand(OWNER)
    async with asking(camera, 0, 0, 0, 9, 9) as sight:
        end, _ = await obedient(sight, camera, {}, card_photo(head))
    assert (end.matched, end.live) == (False, False)


async def test_a_photograph_on_a_telephone_is_not_matched(head: Head) -> None:
    """It looks like the owner, and cannot turn."""
    camera = SimulatedCamera(pause_s=0.0, heads=HEADS)
    camera.use_picture(encoded(render(head, STILL)))
    async with asking(camera, 0, 1, 0, 9, 9) as sight:
        end, seen = await obedient(sight, camera, TURNS, card_photo(head))
    assert TurnBegun() in seen
    assert (end.matched, end.live) == (False, False)


async def test_another_head_that_turns_in_the_owners_place_is_refused(
    head: Head,
) -> None:
    """The owner's picture for the match, one's own head for the turn."""
    camera = SimulatedCamera(pause_s=0.0, heads=HEADS)
    camera.stand(OWNER)
    async with asking(camera, 0, 0, 0, 9, 9) as sight:
        seen = []
        async for sighting in sight.look(read(card_photo(head))):
            seen.append(sighting)
            if sighting == TurnBegun():
                camera.stand(STRANGER)
            if sighting in (HintSeen(Hint.TURN_LEFT), HintSeen(Hint.TURN_RIGHT)):
                camera.pose(yaw=32)
    end = seen[-1]
    assert isinstance(end, FaceSeen)
    assert (end.matched, end.live) == (False, False)


def encoded(picture: Picture) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    return stream.getvalue()
