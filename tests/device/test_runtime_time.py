"""A whole reader and a slow person: warning, pads, plug, and the forgotten card."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from device.pads import Pads
from device.ports import Key, Light, Sound
from device.session.events import KeyPressed, PinTyped
from device.session.state import State
from device.simulated.player import SimulatedPlayer
from device.voice.guide import Voice
from protocol.catalogue import Code
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import PIN, Bench
from tests.support.visits import Play

Story = Callable[[Bench], Coroutine[Any, Any, None]]


def play(story: Story, voice: Voice | None = None) -> Bench:
    async def whole() -> Bench:
        bench = Bench()
        bench.reader.voice = bench.reader._showing.voice = voice
        bench.reader.__post_init__()
        async with bench.running():
            await story(bench)
        return bench

    return run_jumping(whole())


async def two_digits(bench: Bench) -> None:
    await bench.choosing()
    await bench.type_pin(PIN[:2])  # ENTER after two digits does nothing.
    await bench.until(lambda: bench.reader.session.digits == 2)


async def warned(bench: Bench) -> None:
    await bench.until(lambda: bench.panel.names[-1] == "more_time")


def test_a_digit_at_the_warning_is_none_of_the_pin() -> None:
    async def story(bench: Bench) -> None:
        await two_digits(bench)
        await warned(bench)
        bench.keypad.press(Key.K9)
        await bench.until(lambda: bench.panel.names[-1] == "enter_pin")
        assert bench.reader.session.digits == len(bench.reader._pads._pin) == 2
        bench.keypad.press(*(Key(digit) for digit in PIN[2:]), Key.ENTER)
        await bench.state(State.CONSENTING)

    play(story)


def test_the_pad_is_empty_when_the_time_has_passed() -> None:
    async def story(bench: Bench) -> None:
        await two_digits(bench)
        await warned(bench)
        await bench.state(State.PROBLEM)
        assert bench.reader.session.code is Code.VISIT_TIMED_OUT
        assert len(bench.reader._pads._pin) == 0

    play(story)


def test_a_digit_that_overtakes_the_warning_does_not_stay_in_the_pad() -> None:
    """It was in the buffer before the machine heard that the time was over."""
    pads, visit = Pads(4), Play().to_choosing()
    visit.keys(Key.K2)

    def press(key: Key, after: float = 0.1) -> None:
        visit(pads.typed(KeyPressed(key), visit.session), after)
        pads.follow(visit.session)

    press(Key.K8)
    press(Key.K6)
    press(Key.K9, after=31.0)
    assert visit.session.digits == 2
    press(Key.K4)
    assert pads.typed(KeyPressed(Key.K2), visit.session) == PinTyped(4)
    assert pads.take_pin() == b"8642"


def test_the_plug_gives_time() -> None:
    class Jack:
        inside = False

        def plugged(self) -> bool:
            return self.inside

    jack = Jack()
    voice = Voice(player=SimulatedPlayer(), folder=Path("none"), headphones=jack)

    async def story(bench: Bench) -> None:
        await bench.choosing()
        jack.inside = True
        await bench.until(lambda: bench.reader.session.stretch == 2.0)
        await bench.home()
        assert bench.reader.session.listening
        jack.inside = False
        await bench.until(lambda: not bench.reader.session.listening)

    play(story, voice)


def test_a_forgotten_card_is_heard_in_three_seconds_over_what_was_shared() -> None:
    async def story(bench: Bench) -> None:
        await bench.consenting()
        bench.keypad.press(Key.CANCEL)
        await bench.state(State.TAKE_CARD)
        start = bench.clock.monotonic()
        await bench.until(lambda: Sound.ALARM in bench.speaker.played)
        assert 2.9 < bench.clock.monotonic() - start < 3.1
        assert bench.panel.names[-1] == "take_card"
        assert bench.lights.said[-1] is Light.ALARM
        await bench.until(lambda: bench.speaker.played.count(Sound.ALARM) == 3)
        assert 32.9 < bench.clock.monotonic() - start < 33.1
        assert bench.panel.names[-1] == "card_left"
        await bench.home()
        await bench.until(lambda: bench.speaker.played[-1] is Sound.STOP)

    play(story)
