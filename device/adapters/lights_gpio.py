"""LEDs, a piezo, the camera's light and the headphone jack, by gpiozero.

What a light says is also told by its place and its rhythm, never by colour alone; what
a sound says is also on the screen.
"""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from device.adapters import gpio
from device.config_front import LightsSection
from device.ports import Light, PartError, Sound

WHITE, GREEN, RED = "white", "green", "red"
RHYTHM: dict[Light, tuple[str, float, float] | None] = {
    Light.OFF: None,
    Light.READY: (WHITE, 1.0, 0.0),
    Light.BUSY: (WHITE, 0.5, 0.5),
    Light.CAMERA: (WHITE, 1.0, 0.0),
    Light.YES: (GREEN, 1.0, 0.0),
    Light.NO: (RED, 1.0, 1.0),
    Light.ALARM: (RED, 0.2, 0.2),
}
"""Which lamp, seconds on, seconds off (0: steady). Below three flashes a second, as
WCAG 2.3.1 asks."""

TONES: dict[Sound, Sequence[tuple[float, float]]] = {
    Sound.TICK: ((1000.0, 0.03),),
    Sound.CARD: ((1320.0, 0.12),),
    Sound.DONE: ((880.0, 0.12), (0.0, 0.05), (1320.0, 0.2)),
    Sound.ERROR: ((660.0, 0.2), (0.0, 0.05), (495.0, 0.3)),
    Sound.ALARM: ((1320.0, 0.25), (0.0, 0.15)) * 3,
    Sound.STOP: (),
}
"""Hertz (0: silence) and seconds. There is one tone for keys: none for a digit. The
alarm is three beeps; the visit says when they come again."""


class GpioLights:
    """Satisfies device.ports.Lights and, with its piezo, device.ports.Speaker."""

    def __init__(self, section: LightsSection) -> None:
        self._section = section
        self._lamps: dict[str, Any] = {}
        self._piezo: Any = None
        self._turn = 0
        self._alarming = False

    @property
    def wiring(self) -> str:
        return self.wired(self._section)

    @staticmethod
    def wired(at: LightsSection) -> str:
        return (
            f"white GPIO{at.white}, green GPIO{at.green}, red GPIO{at.red}, each over"
            f" 330 ohm to GND; piezo GPIO{at.buzzer} to GND"
        )

    async def __aenter__(self) -> Self:
        """Raises PartError D704."""
        self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def open(self) -> None:
        library, at = gpio.library("lights"), self._section
        try:
            with gpio.pins("lights", self.wiring):
                for name in (WHITE, GREEN, RED):
                    self._lamps[name] = library.LED(getattr(at, name))
                middle = library.tones.Tone(frequency=880.0)
                self._piezo = library.TonalBuzzer(at.buzzer, mid_tone=middle, octaves=1)
        except PartError:
            self.close()
            raise

    def close(self) -> None:
        """Dark and silent. Twice is fine."""
        self._turn += 1
        for device in (*self._lamps.values(), self._piezo):
            if device is not None:
                device.close()
        self._lamps, self._piezo = {}, None

    async def set(self, light: Light) -> None:
        chosen = RHYTHM[light]
        with gpio.pins("lights", self.wiring):
            for name, lamp in self._lamps.items():
                if chosen is None or chosen[0] != name:
                    lamp.off()
                elif chosen[2]:
                    lamp.blink(chosen[1], chosen[2])
                else:
                    lamp.on()

    async def play(self, sound: Sound) -> None:
        """The newest sound cuts what sounds; an alarm's beeps are cut by STOP alone."""
        if self._alarming and sound not in {Sound.STOP, Sound.ALARM}:
            return
        self._alarming = sound is Sound.ALARM
        self._turn += 1
        turn = self._turn
        try:
            for hertz, seconds in (*TONES[sound], (0.0, 0.0)):
                self._tone(hertz)
                await asyncio.sleep(seconds)
                if self._turn != turn:
                    return
        finally:
            self._alarming = self._alarming and self._turn != turn

    def _tone(self, hertz: float) -> None:
        with gpio.pins("buzzer", self.wiring):
            if hertz:
                tone = gpio.library("buzzer").tones.Tone(frequency=hertz)
                self._piezo.play(tone)
            else:
                self._piezo.stop()


class GpioCameraLight:
    """Satisfies device.ports.CameraLight."""

    def __init__(self, pin: int) -> None:
        self.wiring = f"camera light GPIO{pin} over 330 ohm to GND"
        library = gpio.library("camera light")
        with gpio.pins("camera light", self.wiring):
            self._led = library.LED(pin)

    def on(self) -> None:
        with gpio.pins("camera light", self.wiring):
            self._led.on()

    def off(self) -> None:
        with gpio.pins("camera light", self.wiring):
            self._led.off()

    def close(self) -> None:
        self._led.close()


class GpioHeadphones:
    """Satisfies device.ports.Headphones: the switch of the jack, to ground when in."""

    def __init__(self, pin: int) -> None:
        self.wiring = f"headphone jack's switch GPIO{pin} to GND while a plug is in"
        library = gpio.library("headphones")
        with gpio.pins("headphones", self.wiring):
            self._switch = library.InputDevice(pin, pull_up=True)

    def plugged(self) -> bool:
        with gpio.pins("headphones", self.wiring):
            return bool(self._switch.value)

    def close(self) -> None:
        self._switch.close()
