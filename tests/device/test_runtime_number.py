"""照合番号B typed at a whole reader: where the digits are, and when they are gone."""

from base64 import b64encode
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from device.card.apdu import Command
from device.health import Part
from device.ports import Key, PartError
from device.session.state import State
from protocol.catalogue import Code
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import Bench, contents

NUMBER_B = contents().number_b.decode()
Story = Callable[[Bench], Coroutine[Any, Any, None]]


def play(story: Story) -> Bench:
    async def whole() -> Bench:
        bench = Bench()
        async with bench.running():
            await story(bench)
        return bench

    return run_jumping(whole())


async def type_number(bench: Bench, number: str) -> None:
    bench.printed.number = None
    await bench.choosing()
    bench.keypad.press(Key.K1)
    await bench.state(State.ENTERING_NUMBER)
    bench.keypad.press(*(Key(digit) for digit in number))
    await bench.until(lambda: bench.reader.session.digits == len(number))


def offered(bench: Bench) -> list[Command]:
    """VERIFY commands with fourteen digits: each may cost a try."""
    return [c for c in bench.slot.trace if c.ins == 0x20 and len(c.data) == 14]


def test_an_implausible_number_costs_the_card_no_try() -> None:
    async def story(bench: Bench) -> None:
        await type_number(bench, "99" + NUMBER_B[2:])
        before = len(bench.slot.trace)
        bench.keypad.press(Key.ENTER)
        await bench.until(lambda: bench.reader.session.wrong_before)
        assert len(bench.slot.trace) == before

    assert not offered(play(story))


def test_the_typed_number_opens_the_photo_and_is_zeroed() -> None:
    async def story(bench: Bench) -> None:
        await type_number(bench, NUMBER_B)
        bench.keypad.press(Key.ENTER)
        await bench.state(State.CONSENTING)
        assert bench.reader._pads._number._digits == bytes(14)
        assert bench.reader._pads._number._taken == bytes(14)

    bench = play(story)
    assert len(offered(bench)) == 1
    assert bench.uplink.asked


@pytest.mark.parametrize("how", ["cancel", "card gone", "time"])
def test_the_number_is_zeroed_when_nobody_enters_it(how: str) -> None:
    async def story(bench: Bench) -> None:
        await type_number(bench, NUMBER_B[:9])
        if how == "cancel":
            bench.keypad.press(Key.CANCEL)
        if how == "card gone":
            await bench.slot.take()
        await bench.until(lambda: not len(bench.reader._pads._number))
        assert bench.reader._pads._number._digits == bytes(14)

    play(story)


def test_clearing_a_group_zeroes_that_group_alone() -> None:
    async def story(bench: Bench) -> None:
        await type_number(bench, NUMBER_B[:9])
        bench.keypad.press(Key.CLEAR)
        await bench.until(lambda: len(bench.reader._pads._number) == 6)
        kept = NUMBER_B[:6].encode() + bytes(8)
        assert bench.reader._pads._number._digits == kept

    play(story)


def test_a_camera_that_fails_is_named_and_the_number_is_typed() -> None:
    class Broken:
        async def verification_number_b(self) -> str | None:
            raise PartError(Code.CAMERA_MISSING)

    async def whole() -> Bench:
        bench = Bench()
        bench.reader._look = replace(bench.reader._look, printed=Broken())
        async with bench.running():
            await bench.choosing()
            bench.keypad.press(Key.K1)
            await bench.state(State.ENTERING_NUMBER)
            assert Part.NUMBER_B in bench.health.missing()
        return bench

    assert not offered(run_jumping(whole()))


@pytest.mark.parametrize("number", [NUMBER_B, NUMBER_B[:-1] + "9"])
def test_no_log_line_event_or_repr_holds_the_number(number: str) -> None:
    seen: list[str] = []

    async def story(bench: Bench) -> None:
        await type_number(bench, number)
        seen.append(repr(bench.reader.session))
        bench.keypad.press(Key.ENTER)
        away = {State.CONSENTING, State.ENTERING_NUMBER}
        await bench.until(lambda: bench.reader.session.digits == 0)
        await bench.until(lambda: bench.reader.session.state in away)
        seen.extend((repr(bench.reader._pads._number), repr(bench.reader.session)))

    with capture_logs() as lines:
        bench = play(story)
    seen.extend((repr(bench.slot.trace), repr(lines), repr(bench.panel.names)))
    raw = number.encode()
    for form in (number, raw.hex(), b64encode(raw).decode(), raw.hex(" ")):
        assert not any(form in text for text in seen)
