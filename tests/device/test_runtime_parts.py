"""The small parts around the runtime: buffer, presence facts, requests, log."""

import asyncio

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from device.health import Health, Part
from device.pin_pad import PinPad, wipe
from device.ports import Key, Light, PartError
from device.requests import Asking, Stamp, verification_body, visit_id
from device.session.policy import Policy
from device.session.state import Ending, State
from device.simulated.card.direct import DirectSlot
from device.visit import Visit
from device.visit_log import VisitFact, VisitLog
from protocol.catalogue import Code
from protocol.codes import Method, TerminalProof
from protocol.ids import VisitId
from tests.support.hand_clock import HandClock
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import PIN, READER, Bench

STAMP = Stamp(1_775_000_000_000, bytes(10))


def test_a_full_pad_takes_no_more_digits() -> None:
    pad = PinPad(4)
    assert [pad.press(digit) for digit in "12345"] == [1, 2, 3, 4, 4]
    assert pad.take() == b"1234"


def test_digits_can_be_taken_once() -> None:
    pad = PinPad(4)
    pad.press("7")
    assert pad.take() == b"7"
    assert pad.take() == b""


def test_clearing_zeroes_what_was_typed_and_what_was_taken() -> None:
    pad = PinPad(4)
    pad.press("7")
    taken = pad.take()
    pad.press("8")
    pad.clear()
    assert taken == bytes(1)
    assert len(pad) == 0
    assert pad._digits == bytes(4)


def test_a_pad_never_prints_its_digits() -> None:
    pad = PinPad(4)
    pad.press("7")
    assert "7" not in f"{pad!r} {pad}"


def test_wipe_keeps_the_length() -> None:
    secret = bytearray(b"1234")
    wipe(secret)
    assert secret == bytes(4)


def test_a_lost_part_is_said_once_and_once_when_it_is_back() -> None:
    health = Health(HandClock())
    with capture_logs() as lines:
        for _ in range(5):
            health.lost(Part.SIGHT, Code.CAMERA_MISSING)
        health.back(Part.SIGHT)
        health.back(Part.SIGHT)
    assert [line["event"] for line in lines] == ["part lost", "part back"]


def test_another_reason_for_the_same_part_is_news() -> None:
    health = Health(HandClock())
    with capture_logs() as lines:
        health.lost(Part.FACILITY, Code.FACILITY_FOLDER)
        health.lost(Part.FACILITY, Code.DISK_FULL)
    assert [line["code"] for line in lines] == ["D703", "D701"]
    assert health.missing()[Part.FACILITY].code is Code.DISK_FULL


def test_a_lost_part_is_worth_trying_after_a_while() -> None:
    clock = HandClock()
    health = Health(clock, try_again_s=60)
    health.lost(Part.SIGHT, Code.CAMERA_MISSING)
    assert not health.worth_trying(Part.SIGHT)
    clock.pass_s(60)
    assert health.worth_trying(Part.SIGHT)
    assert health.worth_trying(Part.PANEL)


def test_the_log_keeps_the_latest_facts_only() -> None:
    log = VisitLog(2)
    for number in range(3):
        name = VisitId(f"{number}")
        log.add(VisitFact(name, Ending.ACCEPTED, Method.PIN, None, {}, {}))
    assert [fact.visit_id for fact in log.facts()] == ["1", "2"]


def test_a_face_without_evidence_makes_no_request() -> None:
    visit = Visit(1, visit_id(STAMP), certificate=b"x")
    with pytest.raises(ValidationError):
        verification_body(
            Asking(READER),
            visit,
            STAMP,
            method=Method.FACE,
            terminal=TerminalProof.FICTITIOUS,
        )


def test_a_visit_never_prints_what_belongs_to_a_person() -> None:
    visit = Visit(
        1, visit_id(STAMP), certificate=b"secret-c", photo=bytearray(b"secret-p")
    )
    assert "secret" not in repr(visit)


def test_the_photo_is_overwritten_when_the_card_is_forgotten() -> None:
    photo = bytearray(b"secret-p")
    visit = Visit(1, visit_id(STAMP), photo=photo)
    visit.forget_card()
    assert photo == bytes(8)
    assert not visit.photo


def test_no_log_line_holds_digits_or_names() -> None:
    async def story() -> None:
        bench = Bench()
        async with bench.running():
            await bench.choosing()
            await bench.type_pin()
            await bench.state(State.CONSENTING)
            bench.keypad.press(Key.K1, Key.K1, Key.K1)
            await bench.until(lambda: bool(bench.desk.delivered))

    with capture_logs() as lines:
        run_jumping(story())
    assert [line["event"] for line in lines] == ["visit decided"]
    assert PIN not in str(lines)
    assert set(lines[0]) == {
        *("event", "log_level", "visit", "ending", "method", "code"),
        *("card", "face", "round_trip", "total_machine", "presses"),
    }


@pytest.mark.parametrize("digit", "0123456789")
def test_every_digit_looks_and_sounds_the_same(digit: str) -> None:
    async def story() -> tuple[list[object], list[object], list[str]]:
        bench = Bench()
        async with bench.running():
            await bench.choosing()
            bench.keypad.press(Key.K2)
            await bench.until(lambda: bench.panel.names[-1:] == ["enter_pin"])
            before = len(bench.speaker.played), len(bench.lights.said)
            bench.keypad.press(Key(digit))
            await bench.until(lambda: bench.reader.session.digits == 1)
            await bench.until(lambda: bench.panel.names[-2:] == ["enter_pin"] * 2)
            return (
                [*bench.speaker.played[before[0] :]],
                [*bench.lights.said[before[1] :]],
                bench.panel.names[-2:],
            )

    sounds, lights, screens = run_jumping(story())
    assert [str(sound) for sound in sounds] == ["Sound.TICK"]
    assert lights == []
    assert screens == ["enter_pin", "enter_pin"]


class WeakSlot(DirectSlot):
    """Fails once, a second after a card was found."""

    weak = True

    async def wait_for_removal(self) -> None:
        if self.weak:
            self.weak = False
            await asyncio.sleep(1)
            raise PartError(Code.SELFTEST_FAILED)
        await super().wait_for_removal()


def test_a_slot_that_fails_is_asked_again_and_the_visit_ends_cleanly() -> None:
    async def story() -> Bench:
        bench = Bench(slot=WeakSlot())
        async with bench.running():
            await bench.choosing()
            await bench.state(State.PROBLEM)
            assert Part.CARD in bench.health.missing()
            await bench.state(State.CHOOSING)
            assert Part.CARD not in bench.health.missing()
        return bench

    assert run_jumping(story()).uplink.asked == []


def test_a_shown_simulated_reader_is_policy_not_guesswork() -> None:
    async def story() -> Bench:
        bench = Bench(policy=Policy(simulated=True))
        async with bench.running():
            await bench.until(lambda: bench.lights.said == [Light.READY])
        return bench

    assert run_jumping(story()).reader.session.policy.simulated


def test_a_copy_leaves_the_digits_and_is_zeroed_with_them() -> None:
    pad = PinPad(14)
    pad.press("7")
    copied = pad.copy()
    assert (bytes(copied), len(pad)) == (b"7", 1)
    pad.clear()
    assert copied == bytes(1)


def test_what_is_not_kept_is_zeroed() -> None:
    pad = PinPad(4)
    for digit in "123":
        pad.press(digit)
    pad.keep(1)
    assert (bytes(pad._digits), len(pad)) == (b"1" + bytes(3), 1)
    pad.keep(3)
    assert len(pad) == 1
