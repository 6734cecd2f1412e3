"""The card leaves at every command of a whole visit: what the patient sees, and after.

The dialogs alone are torn in tests/device/card/contract; this is the reader around.
"""

import pytest

from device.ports import Key, Light, Sound
from device.session.state import Ending, State
from protocol.catalogue import Code
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import PIN, Bench, card

LEFT = {State.CONSENTING, State.PROBLEM}


async def as_far_as_it_goes(bench: Bench, key: Key) -> None:
    """A patient who chooses `key`, until consent is asked or the card was lost."""
    await bench.put(card())
    await bench.until(lambda: bench.reader.session.state in LEFT | {State.CHOOSING})
    if bench.reader.session.state is State.CHOOSING:
        bench.keypad.press(key)
        if key is Key.K2:
            bench.keypad.press(*(Key(digit) for digit in PIN), Key.ENTER)
    await bench.until(lambda: bench.reader.session.state in LEFT)


async def torn(bench: Bench, key: Key, after: int, *, answered: bool) -> bool:
    """Whether the card left before the visit was through."""
    async with bench.running():
        bench.slot.tear_after(after, answered=answered)
        await as_far_as_it_goes(bench, key)
        if bench.reader.session.state is State.CONSENTING:
            return False
        await seen_and_left(bench)
        await as_far_as_it_goes(bench, key)
        await bench.state(State.CONSENTING)
    return True


async def seen_and_left(bench: Bench) -> None:
    assert bench.reader.session.code is Code.CARD_TORN
    await bench.until(lambda: bench.panel.names[-1:] == ["problem"])
    await bench.until(lambda: bench.lights.said[-1:] == [Light.NO])
    assert Sound.ERROR in bench.speaker.played
    assert bench.uplink.asked == [], "nothing was asked of the cloud"
    (fact,) = bench.reader.log.facts()
    assert (fact.ending, fact.code) == (Ending.REFUSED, Code.CARD_TORN)
    assert not bench.sight.open, "the camera is out"
    await bench.state(State.READY)
    await bench.until(lambda: not bench.reader._visits)


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("key", [Key.K1, Key.K2], ids=["face", "pin"])
def test_a_card_that_leaves_at_any_command_is_a_clear_screen_and_a_clean_reader(
    key: Key, answered: bool
) -> None:
    async def story(after: int) -> tuple[bool, Bench]:
        bench = Bench()
        bench.sight.looks = [True] * 4
        return await torn(bench, key, after, answered=answered), bench

    for after in range(200):
        left, _ = run_jumping(story(after))
        if not left:
            break
    assert 10 < after < 199
