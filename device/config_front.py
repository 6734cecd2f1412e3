"""The settings of a real front: panel, keypad, lights, sound, camera.

Each is a section of its own and absent unless the file has it. Pins are BCM numbers.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from device.config_values import APath, Section
from device.ports import Key, VoiceKey

Pin = Annotated[int, Field(ge=0, le=27)]
DIGITS = ("123", "456", "789")
"""As on a telephone; ISO 9564-1 asks for one layout that never changes."""
DEFAULT_LAYOUT = (
    ("1", "2", "3", "cancel"),
    ("4", "5", "6", "clear"),
    ("7", "8", "9", "enter"),
    ("language", "0", "repeat", ""),
    ("softer", "", "louder", ""),
)


PANEL_PINS = {
    "waveshare": (8, 10, 11, 17, 18, 24, 25),
    "inky": (2, 3, 8, 10, 11, 17, 22, 27),
}
"""What the makers' libraries take."""


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(one) for one in value)
    return value


def _none(value: object) -> object:
    """TOML has no word for nothing."""
    return None if value == "none" else value


MaybePin = Annotated[Pin | None, BeforeValidator(_none)]
Pins = Annotated[tuple[Pin, ...], BeforeValidator(_tuples), Field(min_length=1)]
Layout = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_tuples)]


class PanelSection(Section):
    driver: Literal["waveshare", "inky"]


class KeypadSection(Section):
    rows: Pins = (5, 6, 13, 19, 26)
    columns: Pins = (12, 16, 20, 21)
    layout: Layout = DEFAULT_LAYOUT
    """One row of key names for each row of the matrix; "" is no key."""
    press_light: MaybePin = 15
    """Lit while a key is down, the same for every key."""
    staff: MaybePin = 2
    """A momentary key switch behind the counter, to ground."""

    @model_validator(mode="after")
    def _is_a_keypad(self) -> Self:
        if len(self.layout) != len(self.rows) or any(
            len(row) != len(self.columns) for row in self.layout
        ):
            size = f"{len(self.rows)} rows of {len(self.columns)}"
            raise ValueError(f"layout must have {size} names")
        names = [name for row in self.layout for name in row if name]
        known = {key.value for key in (*Key, *VoiceKey)}
        if unknown := sorted(set(names) - known):
            raise ValueError(f"no such key: {', '.join(unknown)}")
        if len(names) != len(set(names)):
            raise ValueError("a key stands twice in the layout")
        needed = {*"0123456789", "enter", "cancel", "clear"}
        if missing := sorted(needed - set(names)):
            raise ValueError(f"keys without a place: {', '.join(missing)}")
        if not _telephone(self.layout):
            raise ValueError("digits must lie as on a telephone, 1 2 3 on top")
        return self


class LightsSection(Section):
    white: Pin = 23
    green: Pin = 27
    red: Pin = 22
    buzzer: Pin = 14
    """A passive piezo."""


class SoundSection(Section):
    voice: APath
    """Folder of `shikaku-reader voice build`."""
    speaker: str = "default"
    """ALSA device; "" speaks over headphones only."""
    headphones: str = "default"
    switch: MaybePin = 3
    """The headphone jack's switch, to ground while a plug is in; without it nothing
    personal is ever spoken."""
    volume: Annotated[int, Field(ge=1, le=5)] = 3


class CameraSection(Section):
    source: Literal["picamera2", "v4l2", "files"]
    device: str = "0"
    """picamera2: number of the camera; v4l2: number or path; files: folder."""
    width: Annotated[int, Field(ge=160, le=1920)] = 640
    height: Annotated[int, Field(ge=120, le=1080)] = 480
    light: MaybePin = 4
    """Lit while the stream is open; a simulated reader may have none."""

    @model_validator(mode="after")
    def _names_a_camera(self) -> Self:
        if self.source == "picamera2" and not self.device.isdigit():
            raise ValueError("device: picamera2 counts its cameras: 0, 1")
        return self


def pins_of(section: Section | None) -> dict[str, int]:
    """What a section claims: "row 1" -> 5, "press_light" -> 15."""
    match section:
        case KeypadSection():
            many = {"row": section.rows, "column": section.columns}
            one = {"press_light": section.press_light, "staff": section.staff}
        case LightsSection(white=white, green=green, red=red, buzzer=buzzer):
            many, one = {}, {"white": white, "green": green, "red": red}
            one["buzzer"] = buzzer
        case SoundSection():
            many, one = {}, {"switch": section.switch}
        case CameraSection():
            many, one = {}, {"light": section.light}
        case PanelSection():
            many = {"panel": PANEL_PINS[section.driver]}
            one = {}
        case _:
            return {}
    named = {
        f"{name} {at}": pin
        for name, all_ in many.items()
        for at, pin in enumerate(all_, 1)
    }
    return named | {name: pin for name, pin in one.items() if pin is not None}


def _telephone(layout: tuple[tuple[str, ...], ...]) -> bool:
    places = {
        name: (y, x) for y, row in enumerate(layout) for x, name in enumerate(row)
    }
    top, left = places["1"]
    wanted = {
        digit: (top + y, left + x)
        for y, row in enumerate(DIGITS)
        for x, digit in enumerate(row)
    } | {"0": (top + 3, left + 1)}
    return all(places[digit] == place for digit, place in wanted.items())
