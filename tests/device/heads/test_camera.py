"""The simulated camera: on while watched, driven from outside, keeping nothing."""

import asyncio
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from device.ports import Camera, PartError
from device.simulated.camera import SimulatedCamera, swaying
from device.simulated.heads import (
    Head,
    HeadError,
    Light,
    Occluder,
    Scene,
    render,
    render_empty,
)
from device.simulated.heads.cache import HeadCache
from device.simulated.persona import personas
from device.simulated.picture import MOST_BYTES, PictureError, decoded

SOMEBODY = {"seed": 2}
HEADS = HeadCache()


def camera() -> SimulatedCamera:
    return SimulatedCamera(width=160, height=120, pause_s=0, heads=HEADS)


def picture_file(
    size: tuple[int, int], form: str = "PNG", turned: int | None = None
) -> bytes:
    picture = Image.new("RGB", size, (200, 40, 40))
    picture.paste((40, 40, 200), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    if turned is not None:
        exif[0x0112] = turned
    stream = io.BytesIO()
    picture.save(stream, form, exif=exif)
    return stream.getvalue()


async def one_frame(simulated: Camera) -> np.ndarray:  # type: ignore[type-arg]
    async with simulated.watch() as source:
        return await source.frame()


async def test_a_closed_watch_gives_no_frame_and_keeps_none() -> None:
    simulated = camera()
    assert not simulated.is_on
    async with simulated.watch() as source:
        assert simulated.is_on
        await source.frame()
        assert simulated.last_frame is not None
    assert not simulated.is_on
    assert simulated.last_frame is None
    with pytest.raises(PartError, match="F201"):
        await source.frame()


async def test_a_picture_follows_from_the_scene_and_its_number() -> None:
    """The scan for leaks knows by this what the reader saw."""
    simulated = camera()
    simulated.stand(personas()[0])
    head = Head(personas()[0].head)
    async with simulated.watch() as source:
        for number in (1, 2):
            expected = render(head, swaying(simulated.scene, number))
            assert np.array_equal(await source.frame(), expected)


async def test_the_preview_keeps_its_own_copy_of_a_frame() -> None:
    simulated = camera()
    async with simulated.watch() as source:
        frame = await source.frame()
        frame.fill(0)
        kept = simulated.last_frame
        assert kept is not None
        assert kept.any()
    assert not kept.any(), "overwritten when the camera goes off"


async def test_the_camera_stays_on_while_anybody_watches() -> None:
    simulated = camera()
    async with simulated.watch() as first:
        async with simulated.watch() as second:
            await second.frame()
        assert simulated.is_on
        await first.frame()
    assert simulated.frames_given == 2


async def test_nobody_standing_is_the_empty_room() -> None:
    frame = await one_frame(camera())
    room = render_empty(Scene(width=160, height=120, seed=1))
    assert np.array_equal(frame, room)


async def test_two_cameras_driven_alike_see_alike() -> None:
    frames = []
    for _ in range(2):
        simulated = camera()
        simulated.stand(SOMEBODY)
        simulated.pose(yaw=10, distance_cm=40)
        frames.append(await one_frame(simulated))
    assert np.array_equal(frames[0], frames[1])
    assert not np.array_equal(frames[0], await one_frame(camera()))


async def test_a_living_person_sways_between_frames() -> None:
    simulated = camera()
    simulated.stand(SOMEBODY)
    async with simulated.watch() as source:
        first, second = await source.frame(), await source.frame()
    assert np.abs(first.astype(int) - second.astype(int)).mean() > 0.5


def test_the_sway_stays_within_two_degrees() -> None:
    for number in range(200):
        scene = swaying(Scene(yaw=10), number)
        assert abs(scene.yaw - 10) <= 2
        assert max(abs(scene.pitch), abs(scene.roll)) <= 2
    assert swaying(Scene(), 7) == swaying(Scene(), 7)


def test_a_pose_beyond_reason_is_brought_back() -> None:
    simulated = camera()
    simulated.pose(yaw=900, distance_cm=0)
    assert simulated.scene.yaw == 80
    assert simulated.scene.distance_cm == 20
    with pytest.raises(TypeError, match="width"):
        simulated.pose(width=100000)


def test_who_steps_up_stands_upright_in_the_same_light() -> None:
    simulated = camera()
    simulated.light = "dim"
    simulated.occluder = "mask"
    simulated.pose(yaw=30)
    simulated.stand("sato-hanako")
    assert simulated.standing == "sato-hanako"
    assert simulated.scene == replace(Scene(width=160, height=120), light=Light.DIM)
    simulated.occluder = "hand"
    assert simulated.occluder is Occluder.HAND
    simulated.stand(None)
    assert simulated.standing is None


def test_unknown_words_change_nothing() -> None:
    simulated = camera()
    before = simulated.scene
    with pytest.raises(KeyError):
        simulated.stand("nobody-at-all")
    with pytest.raises(HeadError):
        simulated.stand({"ears": 3})
    with pytest.raises(ValueError, match="moon"):
        simulated.light = "moon"
    with pytest.raises(ValueError, match="hat"):
        simulated.occluder = "hat"
    assert simulated.scene == before
    assert simulated.standing is None


async def test_a_picture_stands_in_for_a_head_until_it_is_taken_away() -> None:
    simulated = camera()
    simulated.use_picture(picture_file((320, 240)))
    frame = await one_frame(simulated)
    assert frame.shape == (120, 160, 3)
    assert frame[60, 20, 2] > 150 > frame[60, 20, 0]
    assert frame[60, 140, 0] > 150 > frame[60, 140, 2]
    simulated.use_picture(None)
    assert not np.array_equal(await one_frame(simulated), frame)


async def test_a_refused_picture_leaves_the_camera_as_it_was() -> None:
    simulated = camera()
    simulated.use_picture(picture_file((320, 240)))
    before = await one_frame(simulated)
    with pytest.raises(PictureError):
        simulated.use_picture(b"not a picture")
    assert np.array_equal(await one_frame(simulated), before)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_set_upright(form: str) -> None:
    frame = decoded(picture_file((240, 320), form, turned=6), (160, 120))
    assert frame[20, 80, 2] > 150, "what was left is above"
    assert frame[100, 80, 0] > 150


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a readable"),
        (b"GIF89a" + bytes(100), "not a readable"),
        (picture_file((320, 240))[:-300], "not a readable"),
        (bytes(MOST_BYTES + 1), "10 MiB"),
        (picture_file((8000, 6000)), "megapixels"),
    ],
    ids=["empty", "gif", "torn", "heavy", "vast"],
)
def test_what_is_no_bounded_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(PictureError, match=reason):
        decoded(data, (160, 120))


async def test_a_prepared_head_is_not_built_again() -> None:
    simulated = camera()
    await asyncio.gather(simulated.prepare(SOMEBODY), simulated.prepare(SOMEBODY))
    simulated.stand(SOMEBODY)
    assert (await one_frame(simulated)).shape == (120, 160, 3)


def test_the_cache_keeps_the_heads_used_last() -> None:
    cache = HeadCache(kept=2)
    first = cache.head("a", {"seed": 1})
    cache.head("b", {"seed": 2})
    assert cache.head("a", {"seed": 1}) is first
    cache.head("c", {"seed": 3})
    assert len(cache) == 2
    assert cache.head("a", {"seed": 1}) is first
