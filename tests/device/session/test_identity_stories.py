"""Stories of a visit up to the card's signature."""

from dataclasses import replace

from device.face.model import Hint
from device.ports import Key, Light
from device.session.effects import (
    AskVerification,
    Identify,
    Look,
    Record,
    SetLight,
    SignWithPin,
    SignWithTerminal,
    StopErrand,
)
from device.session.events import (
    CardFailed,
    CardGone,
    CardIdentified,
    CardPut,
    Hinted,
    Looked,
    PhotoRead,
    PinTyped,
    PinWrong,
    SightFailed,
    Signed,
)
from device.session.policy import Policy
from device.session.state import CardFacts, Ending, State, Ticket
from protocol.catalogue import Code
from protocol.codes import Method
from tests.support.visits import CARD, Play
from ui_eink import views

ASSIST = Policy(mode="assist")


def test_a_matching_face_signs_through_the_terminal() -> None:
    play = Play().to_looking()
    effects = play(Looked(play.session.ticket, matched=True))
    sign = SignWithTerminal(play.session.ticket, Method.FACE, "")
    assert sign in effects
    effects = play(Signed(play.session.ticket))
    assert AskVerification(play.session.ticket) in effects
    assert play.state() is State.CHECKING


def test_a_face_refused_three_times_leaves_pin_and_staff() -> None:
    play = Play().to_looking()
    for left in (2, 1, 0):
        play(Looked(play.session.ticket, matched=False))
        assert play.view() == views.FaceNotMatched(left, pin=True)
        play.keys(Key.K1)
    assert play.state() is State.NOT_MATCHED
    assert len(play.all_of(Look)) == 3
    play.keys(Key.K2)
    assert play.view() == views.EnterPin()
    effects = play.type_pin()
    assert SignWithPin(play.session.ticket) in effects


def test_once_the_photo_is_read_no_attempt_waits_for_it() -> None:
    play = Play().to_looking()
    play(Looked(play.session.ticket, matched=False))
    play.keys(Key.K1)
    began = play.now
    play.wait()
    assert play.state() is State.NOT_MATCHED
    assert play.now - began == play.policy.waits_s[State.LOOKING]


def test_a_match_of_the_attempt_before_does_not_count() -> None:
    play = Play().to_looking()
    first = play.session.ticket
    play(Looked(first, matched=False))
    play.keys(Key.K1)
    assert play(Looked(first, matched=True)) == ()
    assert play.state() is State.LOOKING


def test_assist_mode_never_signs_on_a_match_alone() -> None:
    play = Play(ASSIST).to_looking()
    play(Looked(play.session.ticket, matched=True))
    assert play.view() == views.FaceSupported(pin=True)
    play.keys(Key.K1, Key.K3, Key.ENTER)
    assert play.state() is State.FACE_SUPPORTED
    assert play.all_of(SignWithTerminal) == []


def test_assist_mode_signs_with_the_pin() -> None:
    play = Play(ASSIST).to_looking()
    play(Looked(play.session.ticket, matched=True))
    play.keys(Key.K2)
    effects = play.type_pin()
    assert SignWithPin(play.session.ticket) in effects
    assert play.session.method is Method.PIN


def test_assist_mode_signs_visually_with_the_staff_key() -> None:
    play = Play(ASSIST).to_looking()
    play(Looked(play.session.ticket, matched=True))
    effects = play.keys(Key.STAFF)
    reason = "face supported, confirmed by staff"
    sign = SignWithTerminal(play.session.ticket, Method.VISUAL, reason)
    assert sign in effects


def test_the_staff_key_does_nothing_where_staff_was_not_called() -> None:
    play = Play().to_choosing()
    assert play.keys(Key.STAFF) == ()
    play.keys(Key.K3)
    assert play.view() == views.CallStaff()
    assert play.keys(Key.STAFF)[-1] == SignWithTerminal(
        play.session.ticket, Method.VISUAL, "asked by the patient"
    )


def test_the_staff_key_ends_with_its_patient() -> None:
    play = Play().to_choosing()
    play.keys(Key.K3, Key.STAFF)
    play(CardGone())
    play.to_choosing()
    assert play.session.method is None
    assert play.state() is State.CHOOSING


def test_a_wrong_pin_says_how_many_tries_are_left() -> None:
    play = Play().to_choosing()
    play.keys(Key.K2)
    play.type_pin()
    play(PinWrong(play.session.ticket, 1))
    assert play.view() == views.EnterPin(0, 1, wrong_before=True)


def test_a_blocked_pin_leaves_face_and_staff() -> None:
    play = Play().to_choosing()
    play.keys(Key.K2)
    play.type_pin()
    play(PinWrong(play.session.ticket, 0))
    assert play.view() == views.PinBlocked(face=True)
    assert play.keys(Key.K2) == ()
    effects = play.keys(Key.K1)
    assert Look(play.session.ticket) in effects


def test_a_card_with_a_blocked_pin_says_so_and_offers_the_face() -> None:
    play = Play()
    play(CardPut())
    play(CardIdentified(play.session.ticket, CardFacts(b"A" * 32, 0), face=True))
    assert play.view() == views.PinBlocked(face=True)
    assert play.keys(Key.K2) == ()
    assert Look(Ticket(1, 2)) in play.keys(Key.K1)


def test_few_tries_are_shown_before_the_choice() -> None:
    play = Play().to_choosing(CardFacts(b"A" * 32, 2))
    assert play.view() == views.ChooseMethod(True, True, 2)


def test_enter_needs_all_digits_and_counts_never_go_back() -> None:
    play = Play().to_choosing()
    play.keys(Key.K2)
    play(PinTyped(3))
    assert play.keys(Key.ENTER) == ()
    assert play(PinTyped(2)) == ()
    assert play(PinTyped(5)) == ()
    play.keys(Key.CLEAR)
    assert play.view() == views.EnterPin(0)


def test_without_camera_face_is_not_offered() -> None:
    play = Play()
    play(CardPut())
    play(CardIdentified(play.session.ticket, CARD, face=False))
    assert play.view() == views.ChooseMethod(face=False, pin=True)
    assert play.keys(Key.K1) == ()


def test_without_terminal_authenticator_face_is_not_offered() -> None:
    play = Play(Policy(terminal=False)).to_choosing()
    assert play.view() == views.ChooseMethod(face=False, pin=True)
    play.keys(Key.K3, Key.STAFF)
    assert play.session.code is Code.TERMINAL_PROOF_REFUSED


def test_a_camera_that_fails_during_a_look_is_not_offered_again() -> None:
    play = Play().to_looking()
    play(SightFailed(play.session.ticket, Code.CAMERA_MISSING))
    assert play.view() == views.ChooseMethod(face=False, pin=True)


def test_a_wrong_verification_number_is_not_tried_again() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    play(CardFailed(play.session.ticket, Code.VERIFICATION_NUMBER_WRONG))
    assert play.view() == views.ChooseMethod(face=False, pin=True)
    assert len(play.all_of(Look)) == 1


def test_the_camera_looks_while_the_card_is_read() -> None:
    play = Play().to_choosing()
    assert play.keys(Key.K1)[-1] == Look(play.session.ticket)
    assert play.view() == views.Look()
    play(PhotoRead(play.session.ticket))
    play(Looked(play.session.ticket, matched=True))
    assert play.state() is State.SIGNING


def test_a_card_torn_during_the_look_is_read_again_in_the_same_attempt() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    for reads in (2, 3):
        play(CardFailed(play.session.ticket, Code.CARD_TORN))
        assert (play.session.reads, play.session.attempts) == (reads, 1)
        assert play.effects[-1] == Look(play.session.ticket)
    play(CardFailed(play.session.ticket, Code.CARD_TORN))
    assert play.problem() == "C103"


def test_a_photo_that_does_not_come_is_not_waited_for_as_long_as_a_look() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    began = play.now
    play.wait()
    assert play.problem() == "C101"
    assert play.now - began == play.policy.photo_wait_s


def test_a_photo_that_is_not_authentic_ends_the_visit() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    play(CardFailed(play.session.ticket, Code.PHOTO_NOT_AUTHENTIC))
    assert play.session.code is Code.PHOTO_NOT_AUTHENTIC


def test_a_torn_card_is_read_again_and_then_refused() -> None:
    play = Play()
    play(CardPut())
    for _ in range(3):
        assert play.state() is State.READING_CARD
        play(CardFailed(play.session.ticket, Code.CARD_TORN))
    assert play.session.code is Code.CARD_TORN
    assert len(play.all_of(Identify)) == 3


def test_a_torn_signature_is_never_tried_again() -> None:
    play = Play().to_choosing()
    play.keys(Key.K2)
    play.type_pin()
    play(CardFailed(play.session.ticket, Code.CARD_TORN))
    assert play.state() is State.PROBLEM
    assert len(play.all_of(SignWithPin)) == 1


def test_who_cannot_turn_the_head_types_the_pin_at_once() -> None:
    play = Play().to_looking()
    play(Hinted(play.session.ticket, Hint.TURN_LEFT))
    assert play.view() == views.Look(views.FaceHint.TURN_LEFT, pin=True)
    effects = play.keys(Key.K2)
    assert StopErrand() in effects
    assert play.view() == views.EnterPin()


def test_who_cannot_turn_the_head_calls_staff_at_once() -> None:
    play = Play()
    play(CardPut())
    play(CardIdentified(play.session.ticket, CardFacts(b"A" * 32, 0), face=True))
    play.keys(Key.K1)
    assert play.view() == views.Look(pin=False)
    assert play.keys(Key.K2) == ()
    effects = play.keys(Key.K3)
    assert StopErrand() in effects
    assert play.view() == views.CallStaff()


def test_a_look_that_is_broken_off_counts_and_its_match_does_not() -> None:
    """Else a video could wait for the turn that it shows."""
    play = Play().to_looking()
    first = play.session.ticket
    play.keys(Key.K2)
    assert play(Looked(first, matched=True)) == ()
    play.keys(Key.CLEAR)
    assert play.session.attempts_left == 2
    play.keys(Key.K1)
    assert play(Looked(first, matched=True)) == ()


def test_a_card_taken_during_the_look_puts_the_camera_out() -> None:
    play = Play().to_looking()
    effects = play(CardGone())
    assert StopErrand() in effects
    assert play.session.code is Code.CARD_TORN
    play.wait()
    assert play.view() == views.Ready()


def test_a_signature_after_the_card_left_asks_nobody() -> None:
    play = Play().to_signing_by_face()
    ticket = play.session.ticket
    play(CardGone())
    assert play(Signed(ticket)) == ()
    assert play.all_of(AskVerification) == []


def test_a_deadline_at_every_step_before_the_question_asks_nobody() -> None:
    for prepare in (Play.to_choosing, Play.to_looking, Play.to_signing_by_face):
        play = prepare(Play())
        while play.state() is not State.CARD_LEFT:
            play.wait()
        assert play.all_of(AskVerification) == []


def test_an_event_after_the_deadline_meets_what_the_deadline_left() -> None:
    play = Play().to_signing_by_face()
    play(Signed(play.session.ticket), after=15.0)
    assert play.state() is State.PROBLEM
    assert play.all_of(AskVerification) == []


def test_cancel_before_the_question_gives_the_card_back() -> None:
    play = Play().to_looking()
    effects = play.keys(Key.CANCEL)
    assert StopErrand() in effects
    assert Record(play.session.tap, Ending.STOPPED, None, None) in effects
    assert play.view() == views.CardLeft()
    play(CardGone())
    assert play.view() == views.Ready()


def test_a_card_that_stays_is_called_out_until_it_goes() -> None:
    play = Play().to_looking()
    play.keys(Key.CANCEL)
    assert SetLight(Light.ALARM) in play.wait()
    assert play.session.deadline is None
    play(CardGone())
    assert play.state() is State.READY


def test_a_foreign_card_is_named_as_such() -> None:
    play = Play()
    play(CardPut())
    play(CardFailed(play.session.ticket, Code.NOT_MY_NUMBER_CARD))
    assert play.problem() == "C102"


def test_an_answer_for_another_tap_identifies_nobody() -> None:
    play = Play()
    play(CardPut())
    assert play(CardIdentified(Ticket(99, 1), CARD, face=True)) == ()
    assert play.state() is State.READING_CARD


def test_the_language_is_two_keys_away_and_the_screen_stays() -> None:
    play = Play().to_choosing()
    before = play.session.deadline
    play.keys(Key.LANGUAGE, Key.K3)
    assert play.session.lang is views.Lang.EN
    assert play.shown()[-3:] == ["ChooseMethod", "ChooseLanguage", "ChooseMethod"]
    assert play.session.deadline == before


def test_a_camera_that_cannot_read_the_printed_number_leaves_the_pin() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    play(CardFailed(play.session.ticket, Code.CAMERA_MISSING))
    assert play.view() == views.ChooseMethod(face=False, pin=True)


def test_a_card_that_refuses_the_terminal_leaves_the_pin() -> None:
    play = Play().to_signing_by_face()
    play(CardFailed(play.session.ticket, Code.TERMINAL_PROOF_REFUSED))
    assert play.view() == views.ChooseMethod(face=False, pin=True)
    play = Play().to_signing_by_face()
    play.session = replace(play.session, card=CardFacts(b"A" * 32, 0))
    play(CardFailed(play.session.ticket, Code.TERMINAL_PROOF_REFUSED))
    assert play.problem() == "K505"


def test_clear_goes_back_from_an_empty_pin_and_from_the_call() -> None:
    play = Play().to_choosing()
    play.keys(Key.K3, Key.CLEAR, Key.K2, Key.CLEAR)
    assert play.state() is State.CHOOSING
    assist = Play(ASSIST).to_looking()
    assist(Looked(assist.session.ticket, matched=True))
    assist.keys(Key.K2, Key.CLEAR)
    assert assist.state() is State.FACE_SUPPORTED
