"""Whole visits through the shell: a virtual card, a jumping clock, no sleeping."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from device.card.apdu import Command
from device.face.lockout import LOCKED_S
from device.ports import Key, Light, Sound
from device.session.screens import screen
from device.session.state import Ending, State
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.codes import Decision, Method, Outcome, TerminalProof
from protocol.ids import RequestId, VisitId
from protocol.messages import (
    Answer,
    ConsentGrant,
    ConsentReceipt,
    ConsentRequest,
    PatientLink,
    Refusal,
    RegistrationRequest,
    Request,
    VerificationAnswer,
    VerificationRequest,
)
from tests.support.jumping_loop import run_jumping
from tests.support.reader_bench import (
    HASH,
    ITEMS,
    PIN,
    READER,
    Bench,
    accepted,
    accepting,
    card,
    receipt,
)
from ui_eink.views import Receipt, ThankYou, View

Story = Callable[[Bench], Coroutine[Any, Any, None]]


def play(story: Story, **settings: Any) -> Bench:
    async def whole() -> Bench:
        bench = Bench(**settings)
        async with bench.running():
            await story(bench)
        return bench

    return run_jumping(whole())


def verifies(bench: Bench) -> list[Command]:
    return [c for c in bench.slot.trace if c.ins == 0x20 and c.data == PIN.encode()]


def test_a_visit_by_face_reaches_the_facility() -> None:
    async def story(bench: Bench) -> None:
        await bench.until(lambda: bench.panel.names == ["ready"])
        await bench.consenting()
        bench.keypad.press(Key.K1, Key.K3, Key.K1)
        await bench.state(State.TAKE_CARD)
        await bench.until(lambda: bool(bench.desk.delivered))
        await bench.home()

    bench = play(story)
    (body,) = bench.uplink.bodies()
    assert (body.method, body.terminal) == (Method.FACE, TerminalProof.FICTITIOUS)
    assert body.face is not None
    assert bench.desk.granted() == {"diagnosis_and_drugs", "checkup"}
    (fact,) = bench.reader.log.facts()
    assert (fact.ending, fact.method) == (Ending.ACCEPTED, Method.FACE)
    assert fact.visit_id == body.visit_id
    assert fact.decisions["operation"] is Decision.REFUSED
    assert 1500 <= fact.ms["face"] < 1700
    assert fact.ms["round_trip"] == pytest.approx(400, abs=50)
    assert fact.ms["total_machine"] >= fact.ms["face"] + fact.ms["round_trip"]
    assert bench.panel.names[0] == "ready"
    assert {"choose_method", "look", "ask_consent-1", "take_card"} <= {
        *bench.panel.names
    }
    assert Light.CAMERA in bench.lights.said
    assert Sound.DONE in bench.speaker.played


def test_time_that_the_patient_takes_is_not_the_machines() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        await asyncio.sleep(50)
        bench.keypad.press(Key.K1)
        await bench.state(State.CONSENTING)
        await asyncio.sleep(50)
        bench.keypad.press(Key.CANCEL)
        await bench.state(State.TAKE_CARD)

    (fact,) = play(story).reader.log.facts()
    assert fact.ms["total_machine"] < 5000


def test_a_pin_is_in_one_verify_and_nowhere_else() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        await bench.type_pin()
        await bench.state(State.CONSENTING)
        assert bench.reader._pads._pin._digits == bytes(4)
        assert bench.reader._pads._pin._taken == bytes(4)

    bench = play(story)
    assert len(verifies(bench)) == 1
    others = [c for c in bench.slot.trace if c not in verifies(bench)]
    assert not any(PIN.encode() in c.data for c in others)
    assert not any(PIN.encode() in encode(request) for request in bench.uplink.asked)
    assert PIN not in repr(bench.reader)
    (body,) = bench.uplink.bodies()
    assert (body.method, body.terminal) == (Method.PIN, TerminalProof.NONE)


def tries_left(bench: Bench) -> int | None:
    known = bench.reader.session.card
    return None if known is None else known.tries_left


def test_every_enter_is_one_verify() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        for left, wrong in ((2, "1111"), (1, "2222"), (0, "3333")):
            if left == 2:
                await bench.type_pin(wrong)
            else:
                bench.keypad.press(*(Key(d) for d in wrong), Key.ENTER, Key.ENTER)
            await bench.until(lambda: tries_left(bench) == left)  # noqa: B023
        assert bench.reader.session.state is State.PIN_BLOCKED

    bench = play(story)
    tried = [c.data for c in bench.slot.trace if c.ins == 0x20 and len(c.data) == 4]
    assert tried == [b"1111", b"2222", b"3333"]
    assert bench.uplink.asked == []


def test_digits_that_were_cleared_are_never_sent() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.keypad.press(Key.K2, Key.K1, Key.K2, Key.CLEAR)
        bench.keypad.press(*(Key(digit) for digit in PIN), Key.ENTER)
        await bench.state(State.CONSENTING)

    bench = play(story)
    assert len(verifies(bench)) == 1


@pytest.mark.parametrize("how", ["cancel", "time", "card gone"])
def test_the_pin_buffer_is_zeroed_when_nobody_enters_it(how: str) -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.keypad.press(Key.K2, Key.K8, Key.K6, Key.K4)
        await bench.until(lambda: bench.reader.session.digits == 3)
        if how == "cancel":
            bench.keypad.press(Key.CANCEL)
        if how == "card gone":
            await bench.slot.take()
        await bench.until(lambda: bench.reader.session.state is not State.ENTERING_PIN)
        await bench.until(lambda: bench.reader._pads._pin._digits == bytes(4))

    assert verifies(play(story)) == []


def test_a_wrong_pin_then_the_right_one() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        await bench.type_pin("0000")
        await bench.until(lambda: bench.reader.session.wrong_before)
        assert bench.reader.session.tries_left == 2
        bench.keypad.press(*(Key(digit) for digit in PIN), Key.ENTER)
        await bench.state(State.CONSENTING)

    assert len(play(story).uplink.bodies()) == 1


def test_three_faces_refused_then_the_pin() -> None:
    async def story(bench: Bench) -> None:
        bench.sight.looks = [False, False, False]
        await bench.choosing()
        for left in (2, 1, 0):
            bench.keypad.press(Key.K1)
            await bench.state(State.LOOKING)
            await bench.state(State.NOT_MATCHED)
            assert bench.reader.session.attempts_left == left
        await bench.type_pin()
        await bench.state(State.CONSENTING)

    bench = play(story)
    (body,) = bench.uplink.bodies()
    assert body.method is Method.PIN
    assert body.face is None
    opened = [c for c in bench.slot.trace if c.ins == 0x20 and len(c.data) == 14]
    assert len(opened) == 1, "the photo is read once for all attempts"


def test_a_picture_that_does_not_turn_is_refused() -> None:
    async def story(bench: Bench) -> None:
        bench.sight.looks = ["still"]
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.NOT_MATCHED)
        assert "look-turn_left" in bench.panel.names

    assert play(story).uplink.asked == []


def test_a_head_that_turns_is_let_in() -> None:
    async def story(bench: Bench) -> None:
        bench.sight.looks = ["live"]
        await bench.consenting()

    bench = play(story)
    assert bench.uplink.bodies()[0].method is Method.FACE
    assert bench.lockout.book == {}


def test_five_pictures_lock_the_card_out_and_no_other() -> None:
    """Over visits; the PIN stays, and time opens the face again."""

    async def story(bench: Bench) -> None:
        bench.sight.looks = ["still"] * 5
        for left in (2, 1, 0, 1, 0):
            if left in (2, 1) and bench.reader.session.state is not State.NOT_MATCHED:
                await bench.choosing()
            bench.keypad.press(Key.K1)
            await bench.state(State.LOOKING)
            await bench.state(State.NOT_MATCHED)
            if left == 0:
                bench.keypad.press(Key.CANCEL)
                await bench.home()
        await bench.choosing()
        assert (bench.reader.session.face, bench.reader.session.pin) == (False, True)
        await bench.home()
        await bench.choosing(card(2))
        assert bench.reader.session.face
        await bench.home()
        await asyncio.sleep(LOCKED_S)
        await bench.choosing()
        assert bench.reader.session.face

    play(story)


def test_a_lock_out_that_cannot_be_kept_is_no_look_and_no_crash() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.lockout.full = True
        bench.keypad.press(Key.K1)
        await bench.until(lambda: not bench.reader.session.face)
        assert not bench.sight.open
        await bench.type_pin()
        await bench.state(State.CONSENTING)

    play(story)


def test_a_look_broken_off_after_the_question_is_a_failure() -> None:
    """Else a film could wait for the turn that it shows."""

    async def story(bench: Bench) -> None:
        bench.sight.looks = ["still"]
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.until(lambda: "look-turn_left" in bench.panel.names)
        bench.keypad.press(Key.K2)
        await bench.state(State.ENTERING_PIN)
        assert [one.count for one in bench.lockout.book.values()] == [1]
        assert not bench.sight.open

    play(story)


def test_the_camera_looks_while_the_card_is_read() -> None:
    """Both take their time, and the visit takes only the longer one."""

    async def story(bench: Bench) -> None:
        bench.printed.takes_s, bench.sight.takes_s = 1.4, 1.5
        await bench.choosing()
        began = bench.clock.monotonic()
        bench.keypad.press(Key.K1)
        await bench.until(lambda: bench.sight.open)
        await bench.until(lambda: bench.reader.session.photo)
        assert bench.sight.open
        await bench.state(State.CHECKING)
        assert bench.clock.monotonic() - began < 2.0

    play(story)


def test_a_camera_that_fails_leaves_the_card_alone() -> None:
    """The PIN follows at once; nothing of the look is still at the card."""

    async def story(bench: Bench) -> None:
        bench.printed.takes_s, bench.sight.looks = 1.4, ["dead"]
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.until(lambda: not bench.reader.session.face)
        before = len(bench.slot.trace)
        await asyncio.sleep(3)
        assert len(bench.slot.trace) == before
        await bench.type_pin()
        await bench.state(State.CONSENTING)

    play(story)


def test_assist_mode_with_the_staff_key_is_visual_with_both_evidences() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.FACE_SUPPORTED)
        bench.keypad.press(Key.STAFF)
        await bench.state(State.CONSENTING)

    (body,) = play(story, mode="assist").uplink.bodies()
    assert body.method is Method.VISUAL
    assert body.staff is not None
    assert body.face is not None
    assert body.face.mode == "assist"


def test_assist_mode_with_the_pin_carries_the_face_as_well() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.FACE_SUPPORTED)
        await bench.type_pin()
        await bench.state(State.CONSENTING)

    (body,) = play(story, mode="assist").uplink.bodies()
    assert body.method is Method.PIN
    assert body.face is not None


def test_a_camera_that_is_missing_is_not_offered_for_a_while() -> None:
    async def story(bench: Bench) -> None:
        bench.sight.looks = ["dead", True]
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.until(lambda: not bench.reader.session.face)
        bench.keypad.press(Key.CANCEL)
        await bench.home()
        await bench.choosing()
        assert not bench.reader.session.face
        await bench.home()
        await asyncio.sleep(60)
        await bench.choosing()
        assert bench.reader.session.face

    play(story)


def test_the_camera_goes_off_when_the_card_goes() -> None:
    async def story(bench: Bench) -> None:
        bench.sight.takes_s = 30.0
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.until(lambda: bench.sight.open)
        await bench.slot.take()
        await bench.state(State.PROBLEM)
        await bench.until(lambda: not bench.sight.open, within_s=0.1)

    assert play(story).uplink.asked == []


def test_a_number_that_was_misread_costs_the_card_nothing() -> None:
    async def story(bench: Bench) -> None:
        bench.printed.number = "12"
        await bench.choosing()
        before = len(bench.slot.trace)
        bench.keypad.press(Key.K1)
        await bench.until(lambda: not bench.reader.session.face)
        assert len(bench.slot.trace) == before

    play(story)


@pytest.mark.parametrize("answered", [True, False])
def test_a_card_that_tears_anywhere_leaves_no_half_visit(answered: bool) -> None:
    """G16: the card leaves at the k-th command of a PIN visit, for all k."""

    async def until_torn(k: int) -> tuple[bool, Bench]:
        bench = Bench()
        async with bench.running():
            bench.slot.tear_after(k, answered=answered)
            await bench.put(card())
            await bench.until(lambda: bench.reader.session.tap == 1)
            await bench.until(
                lambda: (
                    bench.reader.session.state
                    in {State.CHOOSING, State.PROBLEM, State.READY}
                )
            )
            if bench.reader.session.state is State.CHOOSING:
                await bench.type_pin()
            await bench.until(
                lambda: (
                    bench.reader.session.state
                    in {State.CONSENTING, State.PROBLEM, State.READY}
                )
            )
            torn = bench.reader.session.state is not State.CONSENTING
            if torn:
                await bench.state(State.READY)
        return torn, bench

    for torn_at in range(100):
        torn, bench = run_jumping(until_torn(torn_at))
        assert len(verifies(bench)) <= 1
        assert len(bench.uplink.asked) == (0 if torn else 1)
        if not torn:
            break
    assert 5 < torn_at < 99


def test_registration_asks_again_and_consent_builds_on_its_answer() -> None:
    def first_not_registered(request: Request) -> Answer:
        answer = accepting(request)
        if isinstance(request, VerificationRequest):
            assert isinstance(answer, VerificationAnswer)
            return refused(answer, Outcome.REGISTRATION_NEEDED)
        return answer

    async def story(bench: Bench) -> None:
        bench.uplink.reply = first_not_registered
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.OFFERING_REGISTRATION)
        bench.keypad.press(Key.K1)
        await bench.state(State.CONSENTING)
        bench.keypad.press(Key.K1, Key.K1, Key.K1)
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    _, register, consent = bench.uplink.asked
    assert isinstance(register, RegistrationRequest)
    assert isinstance(consent, ConsentRequest)
    assert register.verification == bench.uplink.bodies()[0].request_id
    assert consent.verification == register.request_id


def refused(
    answer: VerificationAnswer, outcome: Outcome, code: str = ""
) -> VerificationAnswer:
    return VerificationAnswer(
        request_id=answer.request_id,
        request_hash=HASH,
        reader_id=READER,
        answered_at=1,
        visit_id=answer.visit_id,
        outcome=outcome,
        code=code,
    )


@pytest.mark.parametrize(("code", "told"), [("R601", 1), ("K503", 0)])
def test_a_no_reaches_the_facility_only_when_it_is_about_insurance(
    code: str, told: int
) -> None:
    def no(request: Request) -> Answer:
        answer = accepting(request)
        assert isinstance(answer, VerificationAnswer)
        return refused(answer, Outcome.REFUSED, code)

    async def story(bench: Bench) -> None:
        bench.uplink.reply = no
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.PROBLEM)
        await bench.until(lambda: len(bench.desk.delivered) == told)

    bench = play(story)
    assert bench.reader.log.facts()[0].code == code


def test_a_code_this_version_does_not_know_is_an_untrusted_answer() -> None:
    def strange(request: Request) -> Answer:
        answer = accepting(request)
        assert isinstance(answer, VerificationAnswer)
        return refused(answer, Outcome.REFUSED, "Z999")

    async def story(bench: Bench) -> None:
        bench.uplink.reply = strange
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.PROBLEM)

    assert play(story).reader.log.facts()[0].code is Code.ANSWER_NOT_TRUSTED


def test_the_same_card_goes_on_where_it_left() -> None:
    async def story(bench: Bench) -> None:
        mine = card()
        await bench.choosing(mine)
        bench.keypad.press(Key.K1)
        await bench.state(State.CONSENTING)
        bench.keypad.press(Key.K1)
        await bench.until(lambda: len(bench.reader.session.decisions) == 1)
        await bench.slot.take()
        await bench.state(State.AWAY)
        await asyncio.sleep(60)
        await bench.put(mine)
        await bench.state(State.CONSENTING)
        bench.keypad.press(Key.K3, Key.K3)
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    assert bench.desk.granted() == {"diagnosis_and_drugs"}
    assert len(bench.uplink.bodies()) == 1


def test_a_consent_refused_by_a_notice_and_recorded_later_is_delivered() -> None:
    async def story(bench: Bench) -> None:
        recorded: list[Answer] = []

        def unwell(request: Request) -> Answer:
            answer = accepting(request)
            if not isinstance(answer, ConsentReceipt):
                return answer
            recorded.append(answer)
            return Refusal(
                request_id=answer.request_id,
                request_hash=answer.request_hash,
                reader_id=answer.reader_id,
                answered_at=answer.answered_at,
                code=Code.STALE,
            )

        bench.uplink.reply = unwell
        await bench.consenting()
        bench.keypad.press(Key.K1, Key.K1, Key.K1)
        await bench.until(lambda: bool(bench.desk.delivered))
        assert bench.desk.delivered[-1][1] is None
        await bench.slot.take()
        await bench.state(State.READY)
        bench.uplink.say(recorded[0])
        await bench.until(lambda: bench.desk.delivered[-1][1] is not None)

    assert play(story).desk.granted() == set(ITEMS)


def test_another_card_closes_the_visit_that_was_kept() -> None:
    async def story(bench: Bench) -> None:
        await bench.consenting()
        await bench.slot.take()
        await bench.state(State.AWAY)
        await bench.choosing(card(2))
        assert bench.reader.session.tap == 2
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    ((_, late),) = bench.desk.delivered
    assert late is not None
    assert {grant.decision for grant in late.grants} == {Decision.UNANSWERED}


def test_a_card_that_never_returns_is_delivered_with_open_questions() -> None:
    async def story(bench: Bench) -> None:
        await bench.consenting()
        await bench.slot.take()
        await bench.state(State.AWAY)
        await bench.state(State.READY)
        assert bench.clock.monotonic() >= 120
        await bench.until(lambda: bool(bench.desk.delivered))
        await bench.until(lambda: not bench.reader._visits)

    bench = play(story)
    ((_, receipt),) = bench.desk.delivered
    assert receipt is not None
    assert bench.desk.granted() == set()
    assert bench.reader.log.facts()[0].code is Code.CONSENT_UNANSWERED


def test_a_silent_cloud_is_pending_and_its_late_answer_is_delivered() -> None:
    async def story(bench: Bench) -> None:
        bench.uplink.takes_s = None
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.TAKE_CARD)
        await bench.home()
        await bench.choosing(card(2))
        shown = list(bench.panel.names)
        bench.uplink.answer_now(bench.uplink.asked[0])
        await bench.until(lambda: bool(bench.desk.delivered))
        assert bench.panel.names == shown
        assert bench.reader.session.state is State.CHOOSING

    bench = play(story)
    ((answer, nothing),) = bench.desk.delivered
    assert answer.outcome is Outcome.ACCEPTED
    assert nothing is None
    assert bench.reader.log.facts()[0].code is Code.CLOUD_SILENT


def test_a_result_from_before_a_restart_is_delivered() -> None:
    old = accepted(
        RequestId("01900000-0000-7000-8000-000000000001"),
        VisitId("01900000-0000-7000-8000-000000000002"),
    )

    async def story(bench: Bench) -> None:
        bench.uplink.say(old)
        bench.uplink.say(old)
        await bench.until(lambda: bool(bench.desk.delivered))
        await asyncio.sleep(1)

    assert play(story).desk.delivered == [(old, None)]


def test_a_receipt_that_grants_more_than_was_pressed_is_not_believed() -> None:
    def generous(request: Request) -> Answer:
        if not isinstance(request, ConsentRequest):
            return accepting(request)
        honest = receipt(request)
        grants = tuple(
            ConsentGrant(item=g.item, decision=Decision.GRANTED, decided_at=2)
            for g in honest.grants
        )
        return honest.model_copy(update={"grants": grants})

    async def story(bench: Bench) -> None:
        bench.uplink.reply = generous
        await bench.consenting()
        bench.keypad.press(Key.K1, Key.K3, Key.K3)
        await bench.state(State.PROBLEM)
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    assert bench.desk.granted() == set()
    assert bench.reader.session.code is Code.ANSWER_NOT_TRUSTED


def test_a_folder_that_is_away_gets_the_result_when_it_is_back() -> None:
    async def story(bench: Bench) -> None:
        bench.desk.broken = True
        await bench.consenting()
        bench.keypad.press(Key.K1, Key.K1, Key.K1)
        await bench.state(State.PROBLEM)
        assert bench.reader.session.code is Code.FACILITY_FOLDER
        await bench.home()
        await asyncio.sleep(3600)
        bench.desk.broken = False
        await bench.until(lambda: bool(bench.desk.delivered))

    assert len(play(story).desk.delivered) == 1


def test_a_full_outbox_is_said_and_nothing_is_lost_in_silence() -> None:
    async def story(bench: Bench) -> None:
        bench.uplink.full = True
        await bench.choosing()
        bench.keypad.press(Key.K1)
        await bench.state(State.PROBLEM)
        await bench.home()
        assert bench.reader._visits == {}

    assert play(story).reader.log.facts()[0].code is Code.OUTBOX_FULL


def test_a_panel_that_fails_does_not_stop_a_visit_and_shows_when_it_is_back() -> None:
    async def story(bench: Bench) -> None:
        bench.panel.broken = True
        await bench.consenting()
        assert bench.panel.names == []
        bench.panel.broken = False
        await bench.until(lambda: bench.panel.names == ["ask_consent-1"])

    play(story)


def test_nothing_of_a_person_stays_when_the_visit_is_over() -> None:
    async def story(bench: Bench) -> None:
        await bench.consenting()
        bench.keypad.press(Key.CANCEL)
        await bench.state(State.TAKE_CARD)
        await bench.until(lambda: bool(bench.desk.delivered))
        for visit in bench.reader._visits.values():
            assert (visit.certificate, visit.face) == (b"", None)
            assert not visit.photo
        await bench.home()
        assert bench.reader._visits == {}

    play(story)


def test_a_cancelled_reader_ends_and_keeps_no_digits() -> None:
    async def story(bench: Bench) -> None:
        await bench.choosing()
        bench.keypad.press(Key.K2, Key.K8, Key.K6)
        await bench.until(lambda: bench.reader.session.digits == 2)

    bench = play(story)
    assert bench.reader._pads._pin._digits == bytes(4)
    assert bench.reader._visits == {}


def test_the_link_of_the_patients_page_is_shown_and_told_nobody() -> None:
    link = PatientLink(
        url="HTTPS://PAGE.EXAMPLE/R/0123456789ABCDEFGHJKMNPQRS", word="042917", until=9
    )
    shown: list[View] = []

    async def story(bench: Bench) -> None:
        def linking(request: Request) -> Answer:
            answer = accepting(request)
            if isinstance(answer, ConsentReceipt):
                return answer.model_copy(update={"patient_page": link})
            return answer

        bench.uplink.reply = linking
        await bench.consenting()
        bench.keypad.press(Key.K1, Key.K1, Key.K1)
        await bench.state(State.TAKE_CARD)
        await bench.slot.take()
        await bench.state(State.THANK_YOU)
        shown.append(screen(bench.reader.session))
        await bench.state(State.READY)
        await bench.until(lambda: bool(bench.desk.delivered))

    bench = play(story)
    assert shown == [ThankYou(receipt=Receipt(link.url, link.word))]
    ((_, told),) = bench.desk.delivered
    assert told is not None
    assert told.patient_page is None
