"""The front's sections are absent unless they are written, and then they are whole."""

import tomllib
from pathlib import Path

import pytest

from device.config import Config, parse
from device.config_errors import ConfigError
from device.config_front import (
    CameraSection,
    KeypadSection,
    LightsSection,
    PanelSection,
    SoundSection,
    pins_of,
)
from tests.device.config.test_config import GOOD, config

PATH = Path("/etc/shikaku/reader.toml")
REAL = (
    GOOD.replace("simulated = true", "simulated = false")
    .replace('device = "udp:127.0.0.1:54321"', 'device = "usb"')
    .replace('number_b = "simulated"', 'number_b = "keypad"')
    .replace('terminal = "keys/fictitious.key"\n', "")
    .replace(
        '[front]\nhost = "127.0.0.1"\nport = 8080\nscreens = "screens"\n'
        'tray = "tray.sock"\n',
        "",
    )
)
FRONT = """
[panel]
driver = "waveshare"
[keypad]
[lights]
[sound]
voice = "voice"
[camera]
source = "picamera2"
"""


def real(front: str = FRONT) -> Config:
    text = REAL + front
    return parse(tomllib.loads(text), text, PATH)


def problem(front: str) -> str:
    with pytest.raises(ConfigError) as caught:
        real(front)
    return str(caught.value)


def test_a_file_without_these_sections_has_none_of_these_parts() -> None:
    read = config(GOOD)
    parts = (read.panel, read.keypad, read.lights, read.sound, read.camera)
    assert parts == (None,) * 5


def test_the_usual_wiring_takes_no_pin_twice() -> None:
    read = real()
    sections = (read.panel, read.keypad, read.lights, read.sound, read.camera)
    pins = [pin for section in sections for pin in pins_of(section).values()]
    assert len(pins) == len(set(pins)) == 24
    assert read.sound is not None
    assert read.sound.voice == Path("/etc/shikaku/voice")


def test_a_pin_that_two_parts_want_is_named_with_both() -> None:
    said = problem(FRONT.replace("[lights]", "[lights]\nred = 5"))
    assert "lights: GPIO5 is lights red and keypad row 1" in said
    assert "GPIO17 is keypad row 1 and panel" in problem(
        FRONT.replace("[keypad]", "[keypad]\nrows = [17, 6, 13, 19, 26]")
    )


def test_none_is_a_pin_that_is_not_there() -> None:
    read = real(FRONT.replace("[keypad]", '[keypad]\nstaff = "none"'))
    assert read.keypad is not None
    assert read.keypad.staff is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"waveshare"', '"magic"', "panel.driver"),
        ("[lights]", "[lights]\nblue = 1", "lights.blue: unknown key"),
        ("[lights]", "[lights]\nred = 28", "lights.red"),
        ("[keypad]", "[keypad]\nrows = [5, 6]", "layout must have 2 rows of 4"),
        ('"picamera2"', '"files"', "a patient is no file"),
        ('"picamera2"', '"picamera2"\nlight = "none"', "camera without a light"),
        ('"picamera2"', '"picamera2"\ndevice = "/dev/video0"', "counts its cameras"),
        ('voice = "voice"', 'voice = "voice"\nvolume = 6', "sound.volume"),
    ],
)
def test_what_is_wrong_is_named(before: str, after: str, said: str) -> None:
    assert said in problem(FRONT.replace(before, after))


ROWS = '["1","2","3","cancel"],["4","5","6","clear"],["7","8","9","enter"],'


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        (ROWS + '["","0","",""],["","","","louder"]', ""),
        (ROWS + '["0","","",""],["","","",""]', "as on a telephone"),
        (ROWS.replace('"1","2"', '"2","1"') + '["","0","",""],["","","",""]', "tele"),
        (ROWS + '["","0","",""],["1","","",""]', "a key stands twice"),
        (ROWS + '["","0","",""],["help","","",""]', "no such key: help"),
        (ROWS.replace("enter", "staff") + '["","0","",""],["","","",""]', "enter"),
    ],
)
def test_digits_lie_as_on_a_telephone(layout: str, said: str) -> None:
    front = FRONT.replace("[keypad]", f"[keypad]\nlayout = [{layout}]")
    if said:
        assert said in problem(front)
    else:
        assert real(front).keypad is not None


@pytest.mark.parametrize("section", ["panel", "keypad", "lights", "sound"])
def test_a_simulated_reader_has_no_hardware_beside_its_front(section: str) -> None:
    (text,) = (part for part in FRONT.split("[") if part.startswith(f"{section}]"))
    with pytest.raises(ConfigError, match=f"{section}: hardware, but"):
        config(f"{GOOD}\n[{text}")


def test_a_simulated_reader_may_have_a_camera() -> None:
    read = config(f'{GOOD}\n[camera]\nsource = "v4l2"\nlight = "none"\n')
    assert read.camera == CameraSection(source="v4l2", light=None)


def test_every_section_says_what_it_claims() -> None:
    assert pins_of(None) == {}
    assert pins_of(PanelSection(driver="inky"))["panel 1"] == 2
    assert pins_of(KeypadSection())["row 1"] == 5
    assert pins_of(LightsSection()).keys() == {"white", "green", "red", "buzzer"}
    assert pins_of(SoundSection(voice=Path("v"), switch=None)) == {}
