"""A card that is forgotten is heard soon, and what was shared stays to be read."""

import pytest

from device.ports import Key, Light, Sound
from device.session.effects import Effect, SetLight
from device.session.effects import Play as PlaySound
from device.session.events import (
    AskRefused,
    CardFailed,
    CardGone,
    CardPut,
    DeadlinePassed,
    DeliveryFailed,
    ServiceChanged,
)
from device.session.state import Condition, Service, State
from protocol.catalogue import Code
from tests.support.matrix import RENEWAL
from tests.support.visits import Play
from ui_eink import views

ALARM, STOP = PlaySound(Sound.ALARM), PlaySound(Sound.STOP)


def take_card() -> Play:
    play = Play().to_checking()
    play.answer(asks=())
    assert play.state() is State.TAKE_CARD
    return play


def due(play: Play) -> tuple[Effect, ...]:
    """The shell calls as soon as it is wanted."""
    assert play.session.due is not None
    play.now = play.session.due
    return play(DeadlinePassed(), after=0.0)


def alarms(play: Play, until: float) -> list[float]:
    """Seconds from now, as a punctual shell hears them."""
    start, found = play.now, []
    while play.session.due is not None and play.session.due <= start + until:
        if ALARM in due(play):
            found.append(round(play.now - start, 3))
    return found


def test_the_alarm_sounds_while_what_was_shared_stays_on_the_screen() -> None:
    play = take_card()
    shared = play.view()
    assert due(play) == (SetLight(Light.ALARM), ALARM)
    assert play.view() == shared


def test_it_comes_after_three_seconds_and_every_fifteen_until_the_card_is_taken() -> (
    None
):
    play = take_card()
    assert alarms(play, 50.0) == [3.0, 18.0, 33.0, 48.0]
    assert play.view() == views.CardLeft()
    assert STOP in play(CardGone())
    assert play.session.alarm_at is None
    assert ALARM not in play.wait()


def test_who_takes_the_card_in_time_hears_neither_alarm_nor_stop() -> None:
    play = take_card()
    play(CardGone(), after=2.0)
    assert not {ALARM, STOP} & set(play.all_of(PlaySound))


def test_a_visit_that_was_stopped_sounds_too() -> None:
    play = Play().to_choosing()
    play.keys(Key.CANCEL)
    assert alarms(play, 20.0) == [3.0, 18.0]


def test_a_problem_is_read_before_the_alarm() -> None:
    play = Play().to_checking()
    play(AskRefused(play.session.ticket, Code.STALE))
    assert alarms(play, 30.0) == [12.0, 27.0]
    assert play.state() is State.CARD_LEFT


def test_a_problem_is_read_a_little_longer_when_its_card_goes_at_the_last_moment() -> (
    None
):
    play = Play().to_checking()
    play(AskRefused(play.session.ticket, Code.STALE))
    play(CardGone(), after=11.9)
    assert play.state() is State.PROBLEM
    assert play.session.deadline == play.now + play.session.policy.gone_pace_s


def test_a_problem_of_the_folder_does_not_start_the_alarm_anew() -> None:
    play = take_card()
    due(play)
    play(DeliveryFailed(play.session.tap, Code.FACILITY_FOLDER), after=5.0)
    assert play.state() is State.PROBLEM
    assert alarms(play, 26.0) == [10.0, 25.0]


def test_the_notice_of_the_renewal_is_read_before_the_alarm() -> None:
    play = Play().to_checking()
    play.answer(asks=(), renewal=RENEWAL)
    assert alarms(play, 14.0) == [13.0]


@pytest.mark.parametrize("late_s", [3.5, 60.0, 3600.0])
def test_a_shell_that_is_late_sounds_one_alarm(late_s: float) -> None:
    play = take_card()
    effects = play(DeadlinePassed(), after=late_s)
    assert effects.count(ALARM) == 1
    assert play.session.alarm_at == pytest.approx(play.now + 15.0)


def test_nothing_but_taking_the_card_ends_it() -> None:
    play = take_card()
    due(play)
    play.keys(*(key for key in Key if key is not Key.LANGUAGE))
    play.keys(Key.LANGUAGE, Key.K3)
    play(CardPut())
    play(ServiceChanged(Service(Condition.OUT, Code.SELFTEST_FAILED)))
    assert STOP not in play.effects
    assert len(alarms(play, 31.0)) == 2
    play(CardGone())
    assert STOP in play.effects


def test_a_card_that_cannot_be_read_is_told_first() -> None:
    play = Play()
    play(CardPut())
    play(CardFailed(play.session.ticket, Code.NOT_MY_NUMBER_CARD))
    assert alarms(play, 11.0) == []
