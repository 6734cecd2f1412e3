"""A press through the whole reader: the matrix, the scan, the visit, lamp and piezo.

Time is the loop's own and jumps, so what is counted is what the reader waits for.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from gpiozero import Device

from device.adapters.keypad_gpio import SCAN_S, GpioKeypad
from device.adapters.lights_gpio import GpioLights
from device.config_front import KeypadSection, LightsSection
from device.ports import VoiceKey
from device.session.state import State
from device.simulated.player import SimulatedPlayer
from device.voice.guide import Voice
from tests.support.jumping_loop import run_jumping
from tests.support.key_matrix import Matrix, Trace
from tests.support.reader_bench import Bench

SECTION, LIGHTS = KeypadSection(), LightsSection()
FEEDBACK_S = 0.100


@pytest.fixture(autouse=True)
def pins_as_before() -> Iterator[None]:
    before = Device.pin_factory
    yield
    Device.pin_factory = before


class Hands:
    """A reader with real keys, lights and buzzer; must be made in a JumpingLoop."""

    def __init__(self) -> None:
        self.bench = Bench()
        self.matrix = Matrix(SECTION, self.bench.clock)
        Device.pin_factory = self.matrix.factory
        self.front, self.keypad = (
            GpioLights(LIGHTS),
            GpioKeypad(SECTION, self.bench.clock),
        )
        self.front.open()
        self.keypad.open()
        self._scanned = asyncio.Event()
        self.matrix.tracing = False
        reader = self.bench.reader
        reader.keypad = self.keypad
        reader._showing.lights = reader._showing.speaker = self.front

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Hands"]:
        self.keypad._loop = asyncio.get_running_loop()
        async with self.bench.running():
            scanning = asyncio.create_task(self._scanning())
            yield self
            scanning.cancel()
        self.keypad.close()
        self.front.close()

    async def press(self, name: str, hold_s: float = 0.1) -> list[Trace]:
        """All that the pins did, from the press until all is quiet."""
        self._scanned.clear()
        await self._scanned.wait()
        self.matrix.trace.clear()
        self.matrix.tracing = True
        began = self.bench.clock.monotonic()
        self.matrix.press(name)
        await asyncio.sleep(hold_s)
        self.matrix.release()
        await asyncio.sleep(0.15)
        self.matrix.tracing = False
        return [
            (round(at - began, 3), what, pin, value)
            for at, what, pin, value in self.matrix.trace
        ]

    async def _scanning(self) -> None:
        while True:
            await asyncio.sleep(SCAN_S)
            self.keypad._tell(self.keypad.step())
            self._scanned.set()


def answers(trace: list[Trace]) -> dict[str, float]:
    """When the press light and the piezo first answered."""
    found: dict[str, float] = {}
    names = {SECTION.press_light: "light", LIGHTS.buzzer: "tone"}
    for at, what, pin, value in trace:
        if what == "lamp" and pin in names and value > 0:
            found.setdefault(names[pin], at)
    return found


async def typing(hands: Hands) -> None:
    await hands.bench.choosing()
    await asyncio.sleep(0.1)
    await hands.press("2")
    assert hands.bench.reader.session.state is State.ENTERING_PIN


def test_light_and_tone_answer_a_press_within_a_tenth_of_a_second() -> None:
    async def story() -> dict[str, float]:
        hands = Hands()
        async with hands.running():
            await typing(hands)
            return answers(await hands.press("5"))

    heard = run_jumping(story())
    assert heard.keys() == {"light", "tone"}
    assert 0 < heard["light"] <= heard["tone"] < FEEDBACK_S


def test_ten_digits_of_a_pin_cannot_be_told_from_outside() -> None:
    """Pins, lamps, piezo and pictures, each with its time, through the whole reader."""

    async def story(digit: str) -> tuple[list[Trace], list[str], int]:
        hands = Hands()
        async with hands.running():
            await typing(hands)
            before = len(hands.bench.panel.names)
            trace = await hands.press(digit)
            shown = hands.bench.panel.names[before:]
            typed = hands.bench.reader.session.digits
            return trace, shown, typed

    first = run_jumping(story("0"))
    trace, shown, typed = first
    assert (shown, typed) == (["enter_pin"], 1)
    assert answers(trace).keys() == {"light", "tone"}
    for digit in "123456789":
        assert run_jumping(story(digit)) == first, "a digit can be told"


def test_a_key_of_the_voice_sounds_and_the_visit_does_not_hear_of_it() -> None:
    async def story() -> None:
        hands = Hands()
        voice = Voice(player=SimulatedPlayer(), folder=Path("none"))
        hands.bench.reader._showing.voice = voice
        async with hands.running():
            await typing(hands)
            session = hands.bench.reader.session
            trace = await hands.press(VoiceKey.LOUDER.value)
            assert hands.bench.reader.session == session
            assert voice.volume == voice.usual + 1
            assert answers(trace).keys() == {"light", "tone"}

    run_jumping(story())
