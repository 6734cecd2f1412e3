"""A real front opens part by part, and what is missing is named with its wires."""

import sys
from collections.abc import Iterator
from pathlib import Path
from socket import socket

import pytest
from gpiozero import Device
from PIL import Image

from device.adapters.clock import SystemClock
from device.front_parts import hardware
from device.main_parts import front
from device.ports import Light, PartError
from device.selftest import Verdict, _verdict
from device.selftest_front import FrontTest
from device.visit_log import VisitLog
from device.voice.phrases import phrases
from tests.device.config.test_config import GOOD, config
from tests.device.config.test_front import FRONT, real
from tests.support import vendor_cameras, vendor_waveshare
from tests.support.hand_clock import HandClock
from tests.support.key_matrix import Matrix
from ui_eink.render import render
from ui_eink.views import Lang, Ready

CLOCK = HandClock()


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> vendor_cameras.Hardware:
    made = vendor_cameras.Hardware()
    monkeypatch.setitem(sys.modules, "picamera2", vendor_cameras.picamera2(made))
    return made


@pytest.fixture
def epd(monkeypatch: pytest.MonkeyPatch) -> vendor_waveshare.EPD:
    made = vendor_waveshare.EPD()
    monkeypatch.setitem(sys.modules, "epaper", vendor_waveshare.module(made))
    return made


@pytest.fixture
def matrix() -> Iterator[Matrix]:
    section = real().keypad
    assert section is not None
    before, made = Device.pin_factory, Matrix(section, CLOCK)
    Device.pin_factory = made.factory
    yield made
    Device.pin_factory = before


async def verdicts(front: str = FRONT) -> dict[str, Verdict]:
    checks = FrontTest(real(front), CLOCK).checks()
    return {part: await _verdict(part, check) for part, check in checks}


def voiced(folder: Path) -> str:
    for lang in Lang:
        (folder / lang.value).mkdir(parents=True)
        for name in phrases(lang):
            (folder / lang.value / f"{name}.wav").touch()
    return FRONT.replace('"voice"', f'"{folder}"')


async def test_a_whole_front_opens_and_closes_with_every_pin_given_back(
    camera: vendor_cameras.Hardware, epd: vendor_waveshare.EPD, matrix: Matrix
) -> None:
    lamp = matrix.factory.pin(4)
    lit: list[float] = []
    camera.see = lambda: lit.append(lamp.state)
    for _ in range(2):
        async with hardware(real(), CLOCK) as parts:
            picture = render(Ready(), Lang.JA)
            await parts.panel.show(picture, "ready")
            assert epd.picture.tobytes() == picture.tobytes()
            await parts.lights.set(Light.READY)
            async with parts.camera.watch() as source:
                await source.frame()
            assert parts.voice is not None
        assert lit.pop() == 1
        assert lamp.state == 0
        assert epd.calls[-1] == "sleep"


async def test_missing_sections_are_named_together_with_their_wires() -> None:
    with pytest.raises(PartError) as caught:
        async with hardware(real(""), CLOCK):
            pass
    said = str(caught.value)
    assert caught.value.code == "D702"
    for part in ("panel", "keypad", "lights", "camera", "GPIO24", "row 1 GPIO5"):
        assert part in said


async def test_a_tray_camera_is_not_pretended(
    camera: vendor_cameras.Hardware, epd: vendor_waveshare.EPD, matrix: Matrix
) -> None:
    config = real()
    card = config.card.model_copy(update={"number_b": "camera"})
    with pytest.raises(PartError, match=r"D702 .*tray camera"):
        async with hardware(config.model_copy(update={"card": card}), CLOCK):
            pass


async def test_every_part_that_is_well_says_so(
    camera: vendor_cameras.Hardware,
    epd: vendor_waveshare.EPD,
    matrix: Matrix,
    tmp_path: Path,
) -> None:
    found = await verdicts(voiced(tmp_path / "voice"))
    assert list(found) == ["panel", "keypad", "lights", "camera", "sound"]
    bad = [one.detail for one in found.values() if not one.good]
    assert all(detail.startswith("sound: aplay is not installed") for detail in bad)
    assert "5x4, nothing down" in found["keypad"].detail
    assert found["camera"].detail == "picamera2 0: 640x480"
    assert "answers; 5 s" in found["panel"].detail


async def test_every_part_that_is_not_there_has_its_wiring(
    camera: vendor_cameras.Hardware,
    epd: vendor_waveshare.EPD,
    matrix: Matrix,
    tmp_path: Path,
) -> None:
    camera.there = False
    epd.lost = True
    matrix.press("8")
    found = await verdicts(FRONT.replace('"voice"', f'"{tmp_path}"'))
    wires = {"panel": "BUSY GPIO24", "keypad": "row 3 GPIO13", "camera": "apt install"}
    for part, wire in wires.items():
        assert not found[part].good
        assert wire in found[part].detail
    assert "closed at rest: row 3 column 2" in found["keypad"].detail
    assert not found["sound"].good
    assert "voice build" in found["sound"].detail or "aplay" in found["sound"].detail


async def test_a_running_reader_is_left_alone(
    camera: vendor_cameras.Hardware, epd: vendor_waveshare.EPD, matrix: Matrix
) -> None:
    async with hardware(real(), CLOCK):
        checks = dict(FrontTest(real(), CLOCK).checks())
        found = {
            part: await _verdict(part, checks[part])
            for part in checks.keys() - {"panel"}
        }
    for part in ("keypad", "lights", "camera"):
        assert found[part].good, found[part]
        assert "in use" in found[part].detail


async def test_missing_sections_fail_the_self_test_by_name() -> None:
    found = await verdicts("")
    assert {part for part, one in found.items() if not one.good} == {
        "panel",
        "keypad",
        "lights",
        "camera",
    }
    assert {one.code for one in found.values()} == {"D702"}


async def test_an_inky_is_said_to_be_too_slow(
    monkeypatch: pytest.MonkeyPatch, matrix: Matrix
) -> None:
    from tests.support import vendor_inky

    for name, module in vendor_inky.modules(vendor_inky.Board()).items():
        monkeypatch.setitem(sys.modules, name, module)
    found = await verdicts('\n[panel]\ndriver = "inky"\n')
    assert found["panel"].good
    assert "TOO SLOW FOR PATIENTS" in found["panel"].detail


async def test_a_simulated_reader_may_look_at_files(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), (200, 10, 20)).save(tmp_path / "a.png")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (
        GOOD.replace("port = 8080", f"port = {port}")
        .replace('"screens"', f'"{tmp_path}/screens"')
        .replace('"tray.sock"', f'"{tmp_path}/tray.sock"')
        .replace('terminal = "keys/fictitious.key"', 'terminal = "none"')
    )
    section = f'[camera]\nsource = "files"\ndevice = "{tmp_path}"\nlight = "none"\n'
    async with front(config(f"{text}\n{section}"), SystemClock(), VisitLog()) as parts:
        async with parts.camera.watch() as source:
            assert tuple((await source.frame())[0, 0]) == (200, 10, 20)
        assert parts.voice is None
