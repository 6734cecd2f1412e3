"""The card leaves, falls silent or is exchanged anywhere in a visit: what is shown.

One reader lives through all of it. After each loss a whole visit must succeed.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from device.card.apdu import Command, Response
from device.ports import Key, Light, Sound
from device.session.screens import screen
from device.session.state import Ending, State
from device.simulated.card.direct import DirectSlot
from device.simulated.card.virtual import VirtualCard
from protocol.catalogue import Code
from protocol.codes import Method
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import Bench, card
from ui_eink.views import Problem

Way = Callable[[Bench], Awaitable[None]]
MOST_COMMANDS = 60
DECIDED = {State.CONSENTING, State.PROBLEM}


class SilentSlot(DirectSlot):
    """A card that moved a little: it still lies there, and is lost all the same."""

    def __init__(self) -> None:
        super().__init__()
        self._asked = False

    async def _transmit(self, command: Command) -> Response:
        self._asked = True
        try:
            return await super()._transmit(command)
        finally:
            self._asked = False

    async def _change(self, card: VirtualCard | None) -> None:
        """Hands that take the card do take it."""
        if self._asked:
            self._active = None
        else:
            await super()._change(card)


class BlindSlot(DirectSlot):
    """It does not notice that the card is another one, as no slot of ours may."""

    async def exchange(self, other: VirtualCard) -> None:
        async with self._changed:
            self._present = self._active = other


def play(
    story: Callable[[Bench], Coroutine[Any, Any, None]], slot: DirectSlot | None = None
) -> Bench:
    async def whole() -> Bench:
        bench = Bench(slot=slot)
        async with bench.running():
            await story(bench)
        return bench

    return run_jumping(whole())


async def by_pin(bench: Bench) -> None:
    await bench.type_pin()


async def by_face(bench: Bench) -> None:
    bench.sight.looks = [True]
    bench.keypad.press(Key.K1)


WAYS: dict[str, tuple[Way, Method]] = {
    "pin": (by_pin, Method.PIN),
    "face": (by_face, Method.FACE),
}


async def until_decided(bench: Bench, way: Way) -> bool:
    """From the card that was just put on to its signature. False: a problem."""
    tap = bench.reader.session.tap
    await bench.until(lambda: bench.reader.session.tap == tap + 1)
    await bench.until(
        lambda: bench.reader.session.state in {State.CHOOSING, State.PROBLEM}
    )
    if bench.reader.session.state is State.CHOOSING:
        await way(bench)
        await bench.until(lambda: bench.reader.session.state in DECIDED)
    return bench.reader.session.state is State.CONSENTING


async def whole_visit(bench: Bench, way: Way, mine: VirtualCard) -> None:
    """The card lies there already, or is put on; then it succeeds and goes home."""
    asked = len(bench.uplink.bodies())
    if bench.reader.session.state is State.READY:
        await bench.put(mine)
    assert await until_decided(bench, way)
    assert bench.reader.session.card is not None
    assert bench.reader.session.card.tries_left == 3
    assert len(bench.uplink.bodies()) == asked + 1
    bench.keypad.press(Key.CANCEL)
    await bench.state(State.TAKE_CARD)
    await bench.home()
    assert bench.reader.log.facts()[-1].ending is Ending.ACCEPTED


async def problem_is_shown(bench: Bench, code: Code, lights: int, sounds: int) -> None:
    """The one clear screen, red light and the sound of an error, and no success."""
    view = screen(bench.reader.session)
    assert isinstance(view, Problem)
    assert view.code == code
    assert view.action
    await bench.until(lambda: bench.panel.names[-1] == "problem", within_s=1)
    await bench.until(lambda: bench.lights.said[-1] is Light.NO, within_s=1)
    await bench.until(lambda: Sound.ERROR in bench.speaker.played[sounds:], within_s=1)
    assert Light.YES not in bench.lights.said[lights:]
    assert Sound.DONE not in bench.speaker.played[sounds:]
    fact = bench.reader.log.facts()[-1]
    assert (fact.ending, fact.code) == (Ending.REFUSED, code)


@pytest.mark.parametrize("way", WAYS)
def test_a_card_that_leaves_at_any_command_is_told_so_and_the_next_visit_works(
    way: str,
) -> None:
    go, method = WAYS[way]

    async def story(bench: Bench) -> None:
        mine = card()
        await bench.until(lambda: bench.panel.names == ["ready"])
        for torn_at in range(MOST_COMMANDS):
            # In turn: the command was not heard, or done and nobody knows.
            bench.slot.tear_after(torn_at, answered=bool(torn_at % 2))
            marks = len(bench.lights.said), len(bench.speaker.played)
            facts, asked = len(bench.reader.log.facts()), len(bench.uplink.asked)
            await bench.put(mine)
            if await until_decided(bench, go):
                break
            await problem_is_shown(bench, Code.CARD_TORN, *marks)
            assert len(bench.reader.log.facts()) == facts + 1
            assert len(bench.uplink.asked) == asked
            await bench.until(lambda: not bench.reader._visits, within_s=1)
            assert not bench.sight.open
            if torn_at % 3:
                await bench.state(State.READY)
                await bench.until(lambda: bench.panel.names[-1] == "ready", within_s=1)
                await bench.until(lambda: bench.lights.said[-1] is Light.READY, 1)
            else:
                # Put back while the screen still asks for it.
                await bench.put(mine)
            await whole_visit(bench, go, mine)
        assert {"pin": 10, "face": 15}[way] < torn_at < MOST_COMMANDS - 1

    bench = play(story)
    assert {body.method for body in bench.uplink.bodies()} == {method}


@pytest.mark.parametrize("way", WAYS)
def test_a_card_that_falls_silent_where_it_lies_is_asked_to_be_taken(way: str) -> None:
    go, _ = WAYS[way]

    async def story(bench: Bench) -> None:
        mine = card()
        await bench.until(lambda: bench.panel.names == ["ready"])
        for torn_at in range(0, MOST_COMMANDS, 4):
            bench.slot.tear_after(torn_at)
            marks = len(bench.lights.said), len(bench.speaker.played)
            asked = len(bench.uplink.asked)
            await bench.put(mine)
            if await until_decided(bench, go):
                break
            await problem_is_shown(bench, Code.CARD_TORN, *marks)
            assert len(bench.uplink.asked) == asked
            await bench.state(State.CARD_LEFT)
            await bench.until(lambda: bench.panel.names[-1] == "card_left", within_s=1)
            await bench.until(lambda: bench.lights.said[-1] is Light.ALARM, within_s=1)
            await bench.home()
            assert not bench.reader._visits
            await whole_visit(bench, go, mine)
        assert torn_at > 10

    play(story, SilentSlot())


def test_a_card_that_tears_on_its_way_back_finds_its_questions_again() -> None:
    async def story(bench: Bench) -> None:
        mine = card()
        await bench.choosing(mine)
        bench.keypad.press(Key.K1)
        await bench.state(State.CONSENTING)
        bench.keypad.press(Key.K1)
        await bench.until(lambda: len(bench.reader.session.decisions) == 1)
        for torn_at in range(MOST_COMMANDS):
            await bench.slot.take()
            await bench.state(State.AWAY)
            bench.slot.tear_after(torn_at, answered=bool(torn_at % 2))
            await bench.put(mine)
            # What tears is torn before the questions come again.
            await bench.until(
                lambda: (
                    bench.slot._left is None
                    or bench.reader.session.state is State.CONSENTING
                )
            )
            if bench.reader.session.state is State.CONSENTING:
                break
            await bench.state(State.AWAY)
            await bench.until(
                lambda: bench.panel.names[-1] == "put_card_back", within_s=1
            )
            assert bench.reader.session.seconds_left > 0
            assert len(bench.uplink.asked) == 1
            await bench.put(mine)
            await bench.state(State.CONSENTING)
            assert len(bench.reader.session.decisions) == 1
        assert 5 < torn_at < MOST_COMMANDS - 1
        bench.keypad.press(Key.K3, Key.K3)
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    assert bench.desk.granted() == {"diagnosis_and_drugs"}
    assert len(bench.uplink.bodies()) == 1


async def before_the_photo(bench: Bench) -> None:
    await bench.choosing(card(1))


async def while_looking(bench: Bench) -> None:
    await before_the_photo(bench)
    bench.sight.takes_s = 5.0
    bench.keypad.press(Key.K1)
    await bench.until(lambda: bench.sight.open)


async def while_typing(bench: Bench) -> None:
    await before_the_photo(bench)
    bench.keypad.press(Key.K2, *(Key(digit) for digit in "864"))
    await bench.until(lambda: bench.reader.session.digits == 3)


STEPS: dict[str, tuple[Way, tuple[Key, ...]]] = {
    "before the photo": (before_the_photo, (Key.K1,)),
    "before the signature": (while_looking, ()),
    "before the PIN": (while_typing, (Key.K2, Key.ENTER)),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_card_that_was_exchanged_between_steps_is_lost(step: str) -> None:
    reach, keys = STEPS[step]

    async def story(bench: Bench) -> None:
        await reach(bench)
        marks = len(bench.lights.said), len(bench.speaker.played)
        heard = len(bench.slot.trace)
        await bench.put(card(2))
        bench.keypad.press(*keys)
        await bench.state(State.PROBLEM)
        await problem_is_shown(bench, Code.CARD_TORN, *marks)
        assert len(bench.slot.trace) == heard
        await bench.home()

    bench = play(story)
    assert bench.uplink.asked == []
    assert bench.reader._visits == {}


@pytest.mark.parametrize("step", STEPS)
def test_an_exchange_that_no_slot_noticed_is_found_at_the_signature(step: str) -> None:
    reach, keys = STEPS[step]

    async def story(bench: Bench) -> None:
        await reach(bench)
        slot = bench.slot
        assert isinstance(slot, BlindSlot)
        marks = len(bench.lights.said), len(bench.speaker.played)
        await slot.exchange(card(2))
        bench.keypad.press(*keys)
        await bench.state(State.PROBLEM)
        await problem_is_shown(bench, Code.OTHER_CARD, *marks)
        await bench.home()

    bench = play(story, BlindSlot())
    assert bench.uplink.asked == []
    assert bench.reader._visits == {}


def test_another_card_never_answers_the_questions_of_the_first() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing(card(1))
        bench.keypad.press(Key.K1)
        await bench.state(State.CONSENTING)
        bench.keypad.press(Key.K1)
        await bench.until(lambda: len(bench.reader.session.decisions) == 1)
        await bench.slot.take()
        await bench.state(State.AWAY)
        await bench.put(card(2))
        await bench.until(lambda: bench.reader.session.tap == 2)
        await bench.state(State.CHOOSING)
        await bench.until(lambda: bench.panel.names[-1] == "choose_method")
        # The facility is told all the same, and of nothing that was not answered.
        await bench.until(
            lambda: bool(bench.desk.delivered and bench.desk.granted()), within_s=30
        )

    bench = play(story)
    assert len(bench.uplink.bodies()) == 1
    assert bench.desk.granted() == {"diagnosis_and_drugs"}
    (fact,) = bench.reader.log.facts()
    assert fact.code is Code.CONSENT_UNANSWERED
