"""Stories from the question to the last screen."""

import pytest

from device.ports import Key, Light, Sound
from device.session.effects import (
    AskRegistration,
    AskVerification,
    Deliver,
    Identify,
    Record,
    SendConsent,
    SetLight,
)
from device.session.effects import (
    Play as PlaySound,
)
from device.session.events import (
    Answered,
    AskFailed,
    AskKept,
    AskRefused,
    CardFailed,
    CardGone,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeliveryFailed,
)
from device.session.state import Ending, State
from protocol.catalogue import Code
from protocol.codes import Decision, Outcome
from tests.support.visits import ASKS, CARD, OTHER_CARD, RETURNING, Play
from ui_eink import views
from ui_eink.views import ChosenAnswer

GRANTED, REFUSED, UNANSWERED = Decision.GRANTED, Decision.REFUSED, Decision.UNANSWERED


def sent(play: Play) -> dict[str, Decision]:
    """What the last consent request said."""
    last = play.all_of(SendConsent)[-1]
    assert isinstance(last, SendConsent)
    return dict(last.decisions)


def record(play: Play) -> Record:
    (only,) = play.all_of(Record)
    assert isinstance(only, Record)
    return only


def test_a_whole_visit_asks_item_by_item_and_delivers_the_result() -> None:
    play = Play().to_consenting()
    standing = ChosenAnswer.UNANSWERED
    assert play.view() == views.AskConsent("diagnosis_and_drugs", 1, 3, standing)
    play.keys(Key.K1)
    assert play.view() == views.AskConsent("operation", 2, 3)
    play.keys(Key.K3, Key.K1)
    assert [*sent(play).values()] == [GRANTED, REFUSED, GRANTED]
    effects = play(ConsentRecorded(play.session.ticket))
    assert Deliver(play.session.tap) in effects
    assert play.view() == views.TakeCard(
        (
            ("diagnosis_and_drugs", ChosenAnswer.GRANTED),
            ("operation", ChosenAnswer.REFUSED),
            ("checkup", ChosenAnswer.GRANTED),
        )
    )
    play(CardGone())
    assert play.view() == views.ThankYou()
    play.wait()
    assert play.view() == views.Ready()
    assert record(play).ending is Ending.ACCEPTED


def test_last_times_yes_is_not_this_times_yes() -> None:
    play = Play().to_consenting(RETURNING)
    play.keys(Key.K3)
    play.wait()
    assert [*sent(play).values()] == [UNANSWERED, UNANSWERED, REFUSED]
    play = Play().to_consenting()
    play.wait()
    assert set(sent(play).values()) == {UNANSWERED}


@pytest.mark.parametrize("how", ["time", "cancel"])
def test_silence_at_a_question_leaves_it_and_the_rest_unanswered(how: str) -> None:
    play = Play().to_consenting()
    play.keys(Key.K3)
    play.wait() if how == "time" else play.keys(Key.CANCEL)
    assert [*sent(play).values()] == [REFUSED, UNANSWERED, UNANSWERED]
    play(ConsentRecorded(play.session.ticket))
    play(CardGone())
    assert play.view() == views.ThankYou(unanswered=True)
    assert record(play).code is Code.CONSENT_UNANSWERED


@pytest.mark.parametrize("key", [k for k in Key if k not in {"1", "2", "3", "cancel"}])
def test_no_other_key_answers_a_question(key: Key) -> None:
    play = Play().to_consenting()
    play.keys(key)
    assert play.state() is State.CONSENTING
    assert play.session.decisions == ()


def test_an_answer_without_questions_ends_at_once() -> None:
    play = Play().to_checking()
    effects = play.answer(asks=())
    assert Deliver(play.session.tap) in effects
    assert play.view() == views.TakeCard()


def test_grace_says_why_nothing_else_was_shared() -> None:
    play = Play().to_checking()
    play.answer(withheld=True)
    assert play.view() == views.TakeCard(records_withheld=True)


def test_not_found_is_a_problem_the_facility_hears_of() -> None:
    play = Play().to_checking()
    assert play.session.asked is not None
    event = Answered(play.session.asked, Outcome.REFUSED, Code.NOT_FOUND)
    effects = play(event)
    assert Deliver(play.session.tap) in effects
    assert play.problem() == "R601"
    assert record(play).ending is Ending.REFUSED


def test_problem_lines_follow_the_language() -> None:
    play = Play().to_checking()
    play(AskRefused(play.session.ticket, Code.STALE))
    japanese = play.view()
    play.keys(Key.LANGUAGE, Key.K3)
    english = play.view()
    assert isinstance(japanese, views.Problem)
    assert isinstance(english, views.Problem)
    assert japanese.patient != english.patient


# -- registration ----------------------------------------------------------------


def test_registration_is_offered_and_then_answered_again() -> None:
    play = Play().to_checking()
    play.answer(Outcome.REGISTRATION_NEEDED)
    assert play.view() == views.AskRegistration()
    effects = play.keys(Key.K1)
    assert AskRegistration(play.session.ticket) in effects
    play.answer()
    assert play.state() is State.CONSENTING


@pytest.mark.parametrize("how", ["no", "cancel", "time"])
def test_registration_needs_a_yes(how: str) -> None:
    play = Play().to_checking()
    play.answer(Outcome.REGISTRATION_NEEDED)
    if how == "time":
        play.wait()
    else:
        play.keys(Key.K3 if how == "no" else Key.CANCEL)
    assert play.all_of(AskRegistration) == []
    assert play.session.code is Code.NOT_REGISTERED


def test_registration_is_not_offered_twice() -> None:
    play = Play().to_checking()
    play.answer(Outcome.REGISTRATION_NEEDED)
    play.keys(Key.K1)
    play.answer(Outcome.REGISTRATION_NEEDED)
    assert play.session.code is Code.NOT_REGISTERED


# -- a silent cloud ----------------------------------------------------------------


def test_a_slow_cloud_is_pending_and_its_late_answer_is_delivered() -> None:
    play = Play().to_checking()
    asked = play.session.ticket
    play.wait()
    assert play.view() == views.TakeCard(pending=True)
    assert record(play).code is Code.CLOUD_SILENT
    before = play.session
    assert play(Answered(asked, Outcome.ACCEPTED, asks=ASKS)) == (Deliver(1),)
    assert play.session == before


def test_an_unreachable_broker_is_named() -> None:
    play = Play().to_checking()
    play(AskKept(play.session.ticket, reachable=False))
    play.wait()
    assert record(play).code is Code.BROKER_UNREACHABLE


def test_a_late_answer_of_an_earlier_tap_changes_nothing_on_the_screen() -> None:
    play = Play().to_checking()
    earlier = play.session.ticket
    play.wait()
    play(CardGone())
    play.wait()
    play.to_consenting()
    before = play.session
    assert play(Answered(earlier, Outcome.ACCEPTED, asks=ASKS)) == (Deliver(1),)
    assert play.session == before


def test_a_repeated_answer_delivers_nothing_in_the_middle_of_consent() -> None:
    play = Play().to_checking()
    asked = play.session.ticket
    play.answer()
    assert play(Answered(asked, Outcome.ACCEPTED, asks=())) == ()
    assert play.state() is State.CONSENTING


def test_a_silent_receipt_delivers_now_and_again_when_it_comes() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K1, Key.K1)
    ticket = play.session.ticket
    assert Deliver(1) in play.wait()
    assert play.pending()
    assert play(ConsentRecorded(ticket)) == (Deliver(1),)


def test_a_refused_consent_still_delivers_the_insurance() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K1, Key.K1)
    effects = play(AskRefused(play.session.ticket, Code.UNKNOWN_VERIFICATION))
    assert Deliver(1) in effects
    assert play.session.code is Code.UNKNOWN_VERIFICATION


def test_a_full_outbox_is_a_problem() -> None:
    play = Play().to_checking()
    play(AskFailed(play.session.ticket, Code.OUTBOX_FULL))
    assert play.session.code is Code.OUTBOX_FULL


# -- the card leaves, returns, stays -------------------------------------------------


def away_at_second_question() -> Play:
    play = Play().to_consenting()
    play.keys(Key.K1)
    play(CardGone())
    assert play.view() == views.PutCardBack(120)
    return play


def test_the_same_card_goes_on_at_the_missed_question() -> None:
    play = away_at_second_question()
    play(CardPut())
    assert play.state() is State.RECOGNISING
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.view() == views.AskConsent("operation", 2, 3)
    assert len(play.all_of(AskVerification)) == 1
    play.keys(Key.K3, Key.K3)
    assert [*sent(play).values()] == [GRANTED, REFUSED, REFUSED]


def test_the_countdown_is_drawn_and_ends() -> None:
    play = away_at_second_question()
    play.wait()
    assert play.view() == views.PutCardBack(110)
    while play.state() is State.AWAY:
        play.wait()
    assert play.now == pytest.approx(1000 + 120, abs=5)


def test_a_card_that_never_comes_back_leaves_the_rest_unanswered() -> None:
    play = away_at_second_question()
    while play.state() is State.AWAY:
        play.wait()
    assert [*sent(play).values()] == [GRANTED, UNANSWERED, UNANSWERED]
    assert Deliver(1) in play.effects
    assert record(play).ending is Ending.ACCEPTED
    assert record(play).code is Code.CONSENT_UNANSWERED
    sending = play.all_of(SendConsent)[0]
    assert isinstance(sending, SendConsent)
    assert play(ConsentRecorded(sending.ticket)) == (Deliver(1),)
    assert play.view() == views.Ready()


def test_another_card_closes_the_kept_visit_and_begins_its_own() -> None:
    play = away_at_second_question()
    play(CardPut())
    effects = play(CardIdentified(play.session.ticket, OTHER_CARD, face=True))
    assert [*sent(play).values()] == [GRANTED, UNANSWERED, UNANSWERED]
    assert Deliver(1) in effects
    assert effects[-1] == Identify(play.session.ticket)
    assert play.session.tap == 2
    assert play.session.decisions == ()


def test_a_card_that_tears_on_return_does_not_lose_the_visit() -> None:
    play = away_at_second_question()
    play(CardPut())
    for _ in range(3):
        play(CardFailed(play.session.ticket, Code.CARD_TORN))
    assert play.state() is State.AWAY
    play.wait()
    assert play.state() is State.RECOGNISING
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.state() is State.CONSENTING


def test_a_card_recognised_after_the_window_is_too_late() -> None:
    play = away_at_second_question()
    play(CardPut(), after=200.0)
    assert [*sent(play).values()] == [GRANTED, UNANSWERED, UNANSWERED]
    assert play.session.tap == 2


def test_an_answer_that_comes_while_the_card_is_away_waits_for_it() -> None:
    play = Play().to_checking()
    play(CardGone())
    play.answer()
    assert play.state() is State.AWAY
    play(CardPut())
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.view() == views.AskConsent(
        "diagnosis_and_drugs", 1, 3, ChosenAnswer.UNANSWERED
    )


def test_a_card_away_with_nothing_left_to_ask_is_thanked() -> None:
    play = Play().to_checking()
    play(CardGone())
    assert Deliver(1) in play.answer(asks=())
    assert play.view() == views.ThankYou()


def test_an_answer_during_recognition_is_kept() -> None:
    play = Play().to_checking()
    play(CardGone())
    play(CardPut())
    assert Deliver(1) in play.answer(asks=())
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.view() == views.TakeCard()
    assert len(play.all_of(Deliver)) == 1


def test_a_card_away_before_the_answer_leaves_it_to_the_facility() -> None:
    play = Play().to_checking()
    asked = play.session.ticket
    play(CardGone())
    while play.state() is State.AWAY:
        play.wait()
    assert record(play).ending is Ending.PENDING
    assert play(Answered(asked, Outcome.ACCEPTED, asks=ASKS)) == (Deliver(1),)


def test_a_card_taken_while_the_receipt_is_on_its_way_is_fine() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K1, Key.K1)
    play(CardGone())
    assert Deliver(1) in play(ConsentRecorded(play.session.ticket))
    assert play.view() == views.ThankYou()


def test_the_next_card_begins_after_the_thanks() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K1, Key.K1)
    play(CardGone())
    play(CardPut())
    play(ConsentRecorded(play.session.ticket))
    assert play.view() == views.ThankYou()
    play.wait()
    assert play.state() is State.READING_CARD
    assert play.session.tap == 2


def test_cancel_while_the_card_is_away_closes_the_visit() -> None:
    play = away_at_second_question()
    play.keys(Key.CANCEL)
    assert [*sent(play).values()] == [GRANTED, UNANSWERED, UNANSWERED]
    assert play.view() == views.Ready()


def test_a_card_left_behind_sounds_until_it_is_taken() -> None:
    play = Play().to_checking()
    play.answer(asks=())
    effects = play.wait()
    assert play.view() == views.CardLeft()
    assert SetLight(Light.ALARM) in effects
    assert PlaySound(Sound.ALARM) in effects
    assert PlaySound(Sound.STOP) in play(CardGone())
    assert play.view() == views.ThankYou()


def test_a_facility_folder_that_fails_is_said_once_reception_is_done() -> None:
    play = Play().to_checking()
    play.answer(asks=())
    play(DeliveryFailed(1, Code.FACILITY_FOLDER))
    assert play.problem() == "D703"
    assert record(play).ending is Ending.ACCEPTED
