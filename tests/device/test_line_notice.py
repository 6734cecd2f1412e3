"""A reader at rest says soon that its line is lost, and at once that it is back."""

from collections.abc import Coroutine

import pytest

from device.health import Health, Part
from device.line_notice import FIRST_S, LOST_S, LineNotice
from device.ports import Key
from device.session.state import State
from protocol.catalogue import Code
from tests.support.hand_clock import HandClock
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import Bench, ScriptedUplink


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def health(clock: HandClock) -> Health:
    return Health(clock)


@pytest.fixture
def line() -> ScriptedUplink:
    return ScriptedUplink()


@pytest.fixture
def notice(line: ScriptedUplink, health: Health, clock: HandClock) -> LineNotice:
    return LineNotice(line, health, clock)


def test_a_start_without_a_line_is_said_after_a_first_chance(
    notice: LineNotice, line: ScriptedUplink, health: Health, clock: HandClock
) -> None:
    line.reachable = False
    assert notice.step() == FIRST_S
    clock.pass_s(FIRST_S - 1)
    assert notice.step() == 1
    assert health.missing() == {}
    clock.pass_s(1)
    assert notice.step() is None
    assert health.missing()[Part.CLOUD].code is Code.BROKER_UNREACHABLE


def test_a_lost_line_is_said_sooner_and_a_returned_one_at_once(
    notice: LineNotice, line: ScriptedUplink, health: Health, clock: HandClock
) -> None:
    notice.step()
    line.reachable = False
    assert notice.step() == LOST_S
    clock.pass_s(LOST_S)
    notice.step()
    assert Part.CLOUD in health.missing()
    line.reachable = True
    assert notice.step() is None
    assert health.missing() == {}


def test_a_line_that_comes_and_goes_gets_its_chance_each_time(
    notice: LineNotice, line: ScriptedUplink, health: Health, clock: HandClock
) -> None:
    notice.step()
    for _ in range(5):
        line.reachable = False
        notice.step()
        clock.pass_s(LOST_S - 1)
        notice.step()
        line.reachable = True
        notice.step()
    assert health.missing() == {}


def test_what_a_question_met_first_ends_with_the_line(
    notice: LineNotice, line: ScriptedUplink, health: Health
) -> None:
    line.reachable = False
    notice.step()
    health.lost(Part.CLOUD, Code.BROKER_UNREACHABLE)
    line.reachable = True
    notice.step()
    assert health.missing() == {}


def told(story: Coroutine[None, None, Bench]) -> list[str]:
    return run_jumping(story).panel.names


def test_a_reader_at_rest_says_that_it_is_offline_and_no_more() -> None:
    async def story() -> Bench:
        bench = Bench()
        async with bench.running():
            await bench.until(lambda: bench.panel.names == ["ready"])
            lost_at = bench.clock.monotonic()
            bench.uplink.turn(reachable=False)
            await bench.until(lambda: bench.panel.names[-1] == "offline")
            assert LOST_S <= bench.clock.monotonic() - lost_at < LOST_S + 1
            bench.uplink.turn(reachable=True)
            await bench.until(lambda: bench.panel.names[-1] == "ready", 1)
            return bench

    assert told(story()) == ["ready", "offline", "ready"]


def test_a_reader_that_starts_does_not_begin_with_offline() -> None:
    async def story() -> Bench:
        bench = Bench()
        bench.uplink.reachable = False
        async with bench.running():
            await bench.until(lambda: bench.panel.names == ["ready"])
            start = bench.clock.monotonic()
            await bench.until(
                lambda: bench.clock.monotonic() > start + FIRST_S - 1  # not yet
            )
            bench.uplink.turn(reachable=True)
            await bench.until(lambda: bench.clock.monotonic() > start + 60)
            return bench

    assert told(story()) == ["ready"]


def test_a_visit_is_not_disturbed_and_the_screen_afterwards_says_so() -> None:
    async def story() -> Bench:
        bench = Bench()
        async with bench.running():
            await bench.consenting()
            before = list(bench.panel.names)
            bench.uplink.turn(reachable=False)
            await bench.until(lambda: Part.CLOUD in bench.health.missing())
            assert bench.panel.names == before
            bench.keypad.press(Key.CANCEL)
            await bench.state(State.TAKE_CARD)
            await bench.home()
            await bench.until(lambda: bench.panel.names[-1] == "offline", 1)
            return bench

    assert "ready" not in told(story())[1:]


def test_an_answer_from_before_does_not_say_that_the_line_is_back() -> None:
    async def story() -> Bench:
        bench = Bench()
        bench.uplink.takes_s = None
        async with bench.running():
            await bench.choosing()
            await bench.type_pin()
            await bench.until(lambda: bool(bench.uplink.asked))
            bench.uplink.turn(reachable=False)
            await bench.until(lambda: Part.CLOUD in bench.health.missing())
            bench.uplink.answer_now(bench.uplink.asked[0])
            await bench.until(lambda: bool(bench.desk.delivered), 600)
            assert Part.CLOUD in bench.health.missing()
            return bench

    told(story())
