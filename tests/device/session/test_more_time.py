"""Nobody is thrown out without a warning, and whoever is slow is given more."""

import pytest

from device.ports import Key, Sound
from device.session.effects import Play as PlaySound
from device.session.effects import SendConsent, SignWithPin, SignWithTerminal
from device.session.events import (
    CardGone,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    Event,
    KeyPressed,
    ListeningChanged,
    Looked,
    NumberTyped,
    PinTyped,
)
from device.session.policy import Policy
from device.session.state import UNHURRIED, State
from protocol.catalogue import Code
from protocol.codes import Decision
from tests.support.matrix import states
from tests.support.visits import CARD, Play
from ui_eink import views
from ui_eink.views import Lang, MoreTime

POLICY = Policy()
WAITS = POLICY.waits_s
GIVES_TIME = [key for key in Key if key not in {Key.CANCEL, Key.STAFF, Key.LANGUAGE}]


def left(play: Play) -> float:
    """Seconds to the deadline."""
    assert play.session.deadline is not None
    return play.session.deadline - play.now


def said(play: Play) -> list[Decision]:
    return [decision for _, decision in play.session.decisions]


def after(play: Play, seconds: float, key: Key) -> Play:
    play(KeyPressed(key), after=seconds)
    return play


def to_pin() -> Play:
    play = Play().to_choosing()
    play.keys(Key.K2)
    return play


# -- the warning -------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state in UNHURRIED])
def test_every_wait_of_a_person_is_warned_of(state: State) -> None:
    play = states()[state]
    effects = play.until_deadline()
    assert play.state() is state
    assert play.view() == MoreTime()
    assert PlaySound(Sound.ERROR) in effects
    assert left(play) == POLICY.warning_s >= 20.0
    play.until_deadline()
    assert play.state() is not state


@pytest.mark.parametrize(
    "state", [State.READING_CARD, State.LOOKING, State.SIGNING, State.CHECKING]
)
def test_a_machine_is_not_warned(state: State) -> None:
    play = states()[state]
    play.until_deadline()
    assert not play.session.warned


@pytest.mark.parametrize("key", GIVES_TIME)
def test_a_key_gives_the_whole_wait_again_and_says_nothing_else(key: Key) -> None:
    play = Play().to_consenting()
    play.keys(Key.K1)
    question = play.view()
    play.until_warned().keys(key)
    assert play.view() == question
    assert said(play) == [Decision.GRANTED]
    assert left(play) >= WAITS[State.CONSENTING]
    assert not play.all_of(SendConsent)


def test_enter_at_the_warning_spends_no_try_of_the_pin() -> None:
    play = to_pin()
    for digits in range(1, 5):
        play(PinTyped(digits))
    play.until_warned().keys(Key.ENTER)
    assert not play.all_of(SignWithPin)
    assert play.view() == views.EnterPin(4)


def test_a_digit_that_came_as_the_time_passed_is_none() -> None:
    """The shell was late: the key meets the warning, not the question before it."""
    late: tuple[Event, ...] = (PinTyped(3), KeyPressed(Key.K3))
    for digit in late:
        play = to_pin()
        play(PinTyped(1))
        play(PinTyped(2))
        play(digit, after=WAITS[State.ENTERING_PIN] + 0.1)
        assert play.view() == views.EnterPin(2)
    play = Play().to_entering_number(6)
    play(NumberTyped(7), after=WAITS[State.ENTERING_NUMBER] + 0.1)
    assert play.session.digits == 6


def test_an_answer_that_came_as_the_time_passed_is_none() -> None:
    play = Play().to_consenting()
    after(play, WAITS[State.CONSENTING], Key.K1)
    assert said(play) == []
    play.keys(Key.K3)
    assert said(play) == [Decision.REFUSED]


def test_silence_at_the_warning_is_silence() -> None:
    play = to_pin().until_warned()
    play.until_deadline()
    assert play.problem() == Code.VISIT_TIMED_OUT
    play = Play().to_consenting().until_warned()
    play.until_deadline()
    sent = play.all_of(SendConsent)[0]
    assert isinstance(sent, SendConsent)
    assert set(dict(sent.decisions).values()) == {Decision.UNANSWERED}


def test_cancel_at_the_warning_is_cancel() -> None:
    play = Play().to_choosing().until_warned()
    play.keys(Key.CANCEL)
    assert play.state() is State.STOPPED
    play = Play().to_consenting().until_warned()
    play.keys(Key.CANCEL)
    assert play.state() is State.SENDING_CONSENT


def test_staff_may_come_during_the_warning() -> None:
    play = Play().to_choosing()
    play.keys(Key.K3)
    play.until_warned().keys(Key.STAFF)
    assert play.all_of(SignWithTerminal)
    play = to_pin().until_warned()
    assert play.keys(Key.STAFF) == ()
    assert play.view() == MoreTime()


def test_a_card_that_leaves_during_the_warning_finds_its_question_again() -> None:
    play = Play().to_consenting()
    question = play.view()
    play.until_warned()(CardGone())
    assert play.view() == views.PutCardBack(120)
    play(CardPut())
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.view() == question


def test_the_warning_is_in_the_visits_language_and_can_be_changed() -> None:
    play = Play().to_consenting().until_warned()
    play.keys(Key.LANGUAGE)
    assert play.view() == views.ChooseLanguage()
    assert left(play) >= WAITS[State.CONSENTING]
    play.keys(Key.K3)
    assert play.session.lang is Lang.EN
    assert isinstance(play.view(), views.AskConsent)


def test_a_warning_comes_over_a_choice_of_language() -> None:
    play = Play().to_consenting()
    play.keys(Key.LANGUAGE)
    play.until_warned()
    play.keys(Key.K3)
    assert play.session.lang is Lang.JA


def test_a_wait_is_given_anew_ten_times_and_then_ends() -> None:
    play = to_pin()
    for _ in range(10):
        play.until_warned().keys(Key.K1)
    play.until_deadline()
    assert play.problem() == Code.VISIT_TIMED_OUT


def test_who_moves_on_is_given_ten_again() -> None:
    play = Play().to_consenting()
    for _ in range(10):
        play.until_warned().keys(Key.K5)
    play.keys(Key.K3)
    play.until_warned()


# -- the pace ----------------------------------------------------------------------


def test_who_needs_most_of_a_wait_is_given_more_of_the_next() -> None:
    play = Play().to_consenting()
    after(play, 31.0, Key.K3)
    assert left(play) == pytest.approx(60.0 * 1.5)
    after(play, 46.0, Key.K3)
    assert left(play) == pytest.approx(60.0 * 2.25)


def test_who_is_quick_is_not() -> None:
    play = Play().to_consenting()
    after(play, 29.0, Key.K3)
    assert left(play) == pytest.approx(60.0)


def test_who_needed_the_warning_is_given_more_and_three_times_at_most() -> None:
    play = Play().to_consenting()
    waits = []
    for _ in range(4):
        play.until_warned().keys(Key.K5)
        waits.append(left(play))
    assert waits == pytest.approx([90.0, 135.0, 180.0, 180.0])


def test_a_key_that_does_nothing_says_nothing_of_the_pace() -> None:
    play = Play().to_choosing()
    assert play(KeyPressed(Key.K9), after=50.0) == ()
    assert play.session.pace == 1.0


def test_what_a_machine_is_waited_for_never_stretches() -> None:
    play = Play().to_choosing()
    play.until_warned().keys(Key.K9)
    play.until_warned().keys(Key.K9)
    play.keys(Key.K1)
    assert left(play) == POLICY.photo_wait_s
    play(Looked(play.session.ticket, matched=True))
    assert left(play) == pytest.approx(WAITS[State.SIGNING])


def test_a_slow_reader_has_time_for_what_was_shared() -> None:
    play = Play().to_consenting()
    for _ in range(3):
        after(play, 0.6 * left(play), Key.K3)
    play(ConsentRecorded(play.session.ticket))
    assert play.state() is State.TAKE_CARD
    assert left(play) == pytest.approx(WAITS[State.TAKE_CARD] * 3.0)


def test_a_card_that_left_is_waited_for_as_long_as_any() -> None:
    play = Play().to_consenting()
    play.until_warned().keys(Key.K9)
    play(CardGone())
    assert play.session.keep_until == pytest.approx(play.now + 120.0)


def test_the_next_patient_begins_at_the_usual_pace() -> None:
    play = Play().to_choosing()
    play.until_warned().keys(Key.K9)
    play.until_warned()(CardGone())
    play(CardPut())
    play(CardIdentified(play.session.ticket, CARD, face=True))
    assert play.session.pace == 1.0
    assert left(play) == WAITS[State.CHOOSING]


# -- headphones --------------------------------------------------------------------


def test_who_listens_is_given_twice_the_time_from_the_plug_on() -> None:
    play = Play().to_choosing()
    play(ListeningChanged(listening=True), after=10.0)
    assert left(play) == pytest.approx(110.0)
    play.keys(Key.K2)
    assert left(play) == pytest.approx(2 * WAITS[State.ENTERING_PIN])


def test_who_listens_and_is_slow_is_given_more_still() -> None:
    play = Play()
    play(ListeningChanged(listening=True))
    play.to_choosing()
    play.until_warned().keys(Key.K9)
    assert left(play) == pytest.approx(3 * WAITS[State.CHOOSING])


def test_a_plug_that_is_pulled_takes_no_time_away() -> None:
    play = Play().to_choosing()
    play(ListeningChanged(listening=True))
    before = play.session.deadline
    play(ListeningChanged(listening=False))
    assert play.session.deadline == before
    play.keys(Key.K2)
    assert left(play) == pytest.approx(WAITS[State.ENTERING_PIN])


def test_the_plug_stays_in_from_one_visit_to_the_next() -> None:
    play = Play()
    play(ListeningChanged(listening=True))
    play.to_choosing()(CardGone())
    play.wait()
    assert play.state() is State.READY
    play.to_choosing()
    assert left(play) == pytest.approx(2 * WAITS[State.CHOOSING])


def test_a_plug_is_no_key() -> None:
    play = Play().to_consenting().until_warned()
    play(ListeningChanged(listening=True))
    assert play.view() == MoreTime()
    play.until_deadline()
    assert play.all_of(SendConsent)


def test_an_early_call_changes_nothing() -> None:
    play = Play().to_choosing()
    assert play(DeadlinePassed()) == ()
