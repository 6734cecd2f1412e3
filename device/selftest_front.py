"""The front in the self-test: one verdict for each part that the file names.

A part of a running reader is in use, and that is well: nothing is taken from it.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TypeVar

from device.adapters.keypad_gpio import GpioKeypad
from device.adapters.lights_gpio import GpioHeadphones, GpioLights
from device.adapters.speaker import AplayPlayer
from device.config import Config
from device.config_front import (
    CameraSection,
    KeypadSection,
    LightsSection,
    PanelSection,
    SoundSection,
)
from device.front_parts import camera_of, panel_of
from device.ports import Clock, PartError
from device.voice.build import missing
from protocol.catalogue import Code
from ui_eink.panels import INKY_IMPRESSION_7IN3, WAVESHARE_7IN5_V2, Update
from ui_eink.views import Lang

S = TypeVar("S")
Check = Callable[[], Awaitable[str]]
IN_USE = ("gpio busy", "already in use")
"""As lgpio and gpiozero say it."""


@dataclass(frozen=True, slots=True)
class FrontTest:
    config: Config
    clock: Clock

    def checks(self) -> Iterator[tuple[str, Check]]:
        at = self.config
        if not at.reader.simulated or at.panel is not None:
            yield "panel", lambda: self._panel(at.panel)
            yield "keypad", lambda: self._keypad(at.keypad)
            yield "lights", lambda: self._lights(at.lights)
        if not at.reader.simulated or at.camera is not None:
            yield "camera", lambda: self._camera(at.camera)
        if at.sound is not None:
            sound = at.sound
            yield "sound", lambda: self._sound(sound)

    async def _panel(self, section: PanelSection | None) -> str:
        section = _there("panel", section)
        panels = {"waveshare": WAVESHARE_7IN5_V2, "inky": INKY_IMPRESSION_7IN3}
        panel = panels[section.driver]
        try:
            async with panel_of(section, self.clock):
                pass
        except PartError as error:
            return _in_use(error)
        seconds = panel.cost_ms(Update.FULL) / 1000
        slow = "" if panel.serves_patients else ", TOO SLOW FOR PATIENTS"
        return f"{panel.name} answers; {seconds:.0f} s a full picture{slow}"

    async def _keypad(self, section: KeypadSection | None) -> str:
        keypad = GpioKeypad(_there("keypad", section), self.clock)
        try:
            keypad.open()
            return keypad.check()
        except PartError as error:
            return _in_use(error)
        finally:
            keypad.close()

    async def _lights(self, section: LightsSection | None) -> str:
        lights = GpioLights(_there("lights", section))
        try:
            lights.open()
        except PartError as error:
            return _in_use(error)
        finally:
            lights.close()
        return "pins open; whether a lamp burns only a person sees"

    async def _camera(self, section: CameraSection | None) -> str:
        section = _there("camera", section)
        async with AsyncExitStack() as stack:
            try:
                camera = camera_of(section, stack)
            except PartError as error:
                return _in_use(error)
            async with camera.watch() as source:
                height, width, _ = (await source.frame()).shape
        dark = ", NO LIGHT" if section.light is None else ""
        return f"{section.source} {section.device}: {width}x{height}{dark}"

    async def _sound(self, section: SoundSection) -> str:
        player = AplayPlayer(section.speaker, section.headphones).check()
        absent = {lang.value: len(missing(section.voice, lang)) for lang in Lang}
        if any(absent.values()):
            lacks = ", ".join(f"{n} {lang}" for lang, n in absent.items() if n)
            what = f"sound: {section.voice} lacks {lacks} recordings"
            hint = f"shikaku-reader voice build --out {section.voice}"
            raise PartError(Code.SELFTEST_FAILED, f"{what}: {hint}")
        return f"{player}, {len(absent)} language(s), {_jack(section)}"


def _jack(section: SoundSection) -> str:
    if section.switch is None:
        return "no jack switch: nothing personal is spoken"
    try:
        headphones = GpioHeadphones(section.switch)
    except PartError as error:
        return _in_use(error)
    try:
        return "headphones in" if headphones.plugged() else "no headphones"
    finally:
        headphones.close()


def _there(part: str, section: S | None) -> S:
    if section is None:
        detail = f"{part}: this section is missing (device/README.md, Wiring)"
        raise PartError(Code.CONFIG_WRONG, detail)
    return section


def _in_use(error: PartError) -> str:
    if any(word in str(error).lower() for word in IN_USE):
        return "in use by the running reader"
    raise error
