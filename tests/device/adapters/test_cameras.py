"""Every camera is lit exactly while it may see, by one contract for all drivers."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from device.adapters.camera_files import FilesDriver
from device.adapters.camera_picamera2 import Picamera2Driver
from device.adapters.camera_v4l2 import V4l2Driver
from device.camera_stream import Driver, StreamCamera
from device.ports import Camera, Frame, PartError
from tests.support import vendor_cameras
from tests.support.vendor_cameras import RED, Hardware

SIZE = (64, 48)


class Lamp:
    """A light that remembers; satisfies device.ports.CameraLight."""

    def __init__(self) -> None:
        self.lit = False
        self.history: list[str] = []

    def on(self) -> None:
        self.lit = True
        self.history.append("on")

    def off(self) -> None:
        self.lit = False
        self.history.append("off")


class Watched:
    """A driver whose every call notes whether the light was on."""

    def __init__(
        self, inner: Driver, lamp: Lamp, notes: list[tuple[str, bool]]
    ) -> None:
        self._inner, self._lamp, self._notes = inner, lamp, notes

    def open(self) -> None:
        self._notes.append(("open", self._lamp.lit))
        self._inner.open()

    def frame(self) -> Frame:
        self._notes.append(("frame", self._lamp.lit))
        return self._inner.frame()

    def close(self) -> None:
        self._notes.append(("close", self._lamp.lit))
        self._inner.close()


@dataclass
class Stand:
    make: Callable[[], Driver]
    hardware: Hardware
    lamp: Lamp
    notes: list[tuple[str, bool]]
    break_: Callable[[], None]
    """The camera is pulled out."""

    @property
    def camera(self) -> StreamCamera:
        return StreamCamera(
            lambda: Watched(self.make(), self.lamp, self.notes), self.lamp
        )


@pytest.fixture
def hardware(monkeypatch: pytest.MonkeyPatch) -> Hardware:
    made = Hardware()
    monkeypatch.setitem(sys.modules, "picamera2", vendor_cameras.picamera2(made))
    monkeypatch.setitem(sys.modules, "cv2", vendor_cameras.cv2(made))
    return made


@pytest.fixture(params=["picamera2", "v4l2", "files"])
def stand(request: pytest.FixtureRequest, hardware: Hardware, tmp_path: Path) -> Stand:
    Image.new("RGB", SIZE, RED).save(tmp_path / "a.png")

    def pulled() -> None:
        hardware.there = False
        (tmp_path / "a.png").write_bytes(b"no picture")

    makers: dict[str, Callable[[], Driver]] = {
        "picamera2": lambda: Picamera2Driver(0, SIZE),
        "v4l2": lambda: V4l2Driver("/dev/video0", SIZE),
        "files": lambda: FilesDriver(tmp_path),
    }
    return Stand(makers[request.param], hardware, Lamp(), [], pulled)


async def test_a_frame_is_rgb_of_the_size_asked_for(stand: Stand) -> None:
    camera: Camera = stand.camera
    async with camera.watch() as source:
        frame = await source.frame()
    assert frame.shape == (SIZE[1], SIZE[0], 3)
    assert tuple(frame[0, 0]) == RED


async def test_a_frame_may_be_overwritten(stand: Stand) -> None:
    async with stand.camera.watch() as source:
        (await source.frame()).fill(0)
        assert tuple((await source.frame())[0, 0]) == RED


async def test_the_light_is_on_from_before_the_first_frame_to_after_the_last(
    stand: Stand,
) -> None:
    async with stand.camera.watch() as source:
        await source.frame()
        await source.frame()
    calls = ["open", "frame", "frame", "close"]
    assert stand.notes == [(call, True) for call in calls]
    assert stand.lamp.history == ["on", "off"]
    assert not stand.hardware.streaming


async def test_a_camera_that_is_lost_is_named_and_goes_dark(stand: Stand) -> None:
    async def look() -> None:
        async with stand.camera.watch() as source:
            await source.frame()
            stand.break_()
            await source.frame()

    with pytest.raises(PartError, match="F201 camera"):
        await look()
    assert not stand.lamp.lit
    assert stand.notes[-1] == ("close", True)


async def test_what_fails_while_it_looks_puts_the_light_out(stand: Stand) -> None:
    with pytest.raises(ZeroDivisionError):
        async with stand.camera.watch():
            raise ZeroDivisionError
    assert stand.lamp.history == ["on", "off"]


async def test_a_look_that_is_broken_off_puts_the_light_out(stand: Stand) -> None:
    looking = asyncio.Event()

    async def look() -> None:
        async with stand.camera.watch() as source:
            await source.frame()
            looking.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(look())
    await looking.wait()
    assert stand.lamp.lit
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not stand.lamp.lit
    assert not stand.hardware.streaming


async def test_a_closed_stream_gives_no_frame(stand: Stand) -> None:
    async with stand.camera.watch() as source:
        await source.frame()
    with pytest.raises(PartError, match="F201"):
        await source.frame()


async def test_the_camera_opens_again(stand: Stand) -> None:
    camera = stand.camera
    for _ in range(3):
        async with camera.watch() as source:
            await source.frame()
    assert stand.lamp.history == ["on", "off"] * 3


@pytest.mark.parametrize("make", [Picamera2Driver, V4l2Driver])
async def test_a_camera_that_cannot_be_stopped_stays_lit(
    make: type[Picamera2Driver] | type[V4l2Driver], hardware: Hardware
) -> None:
    lamp = Lamp()
    driver = make(0, SIZE) if make is Picamera2Driver else V4l2Driver("0", SIZE)
    with pytest.raises(RuntimeError, match="does not stop"):
        async with StreamCamera(lambda: driver, lamp).watch():
            hardware.stuck = True
    assert hardware.streaming
    assert lamp.lit


async def test_a_silent_camera_is_not_waited_for(hardware: Hardware) -> None:
    class Silent(FilesDriver):
        def open(self) -> None: ...

        def frame(self) -> Frame:
            import time

            time.sleep(0.2)
            raise AssertionError

    lamp = Lamp()
    camera = StreamCamera(lambda: Silent(Path()), lamp, frame_s=0.02)
    with pytest.raises(PartError, match=r"F201 no frame within 0\.02 s"):
        async with camera.watch() as source:
            await source.frame()
    assert not lamp.lit


@pytest.mark.parametrize(
    ("driver", "module", "named"),
    [
        (Picamera2Driver(0, SIZE), "picamera2", "apt install python3-picamera2"),
        (V4l2Driver("0", SIZE), "cv2", r"pip install shikaku\[webcam\]"),
    ],
)
def test_a_missing_library_is_named_with_what_to_do(
    driver: Driver, module: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PartError, match=f"F201 camera.*not installed.*{named}"):
        driver.open()


@pytest.mark.parametrize("driver", [Picamera2Driver(0, SIZE), V4l2Driver("0", SIZE)])
async def test_no_camera_is_named_and_the_light_goes_out(
    driver: Driver, hardware: Hardware
) -> None:
    hardware.there = False
    lamp = Lamp()
    with pytest.raises(PartError, match=r"F201 camera.*does not open.*Wiring"):
        async with StreamCamera(lambda: driver, lamp).watch():
            pass
    assert lamp.history == ["on", "off"]


async def test_an_empty_folder_is_no_camera(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="F201 camera files"):
        async with StreamCamera(lambda: FilesDriver(tmp_path), Lamp()).watch():
            pass
