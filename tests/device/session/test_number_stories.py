"""照合番号B is typed only when nobody could read it, and never costs a careless try."""

import pytest

from device.ports import Key, Sound
from device.session.effects import Look as LookEffect
from device.session.effects import LookWithNumber
from device.session.effects import Play as PlaySound
from device.session.events import (
    CardFailed,
    CardGone,
    KeyPressed,
    Looked,
    NumberTyped,
    NumberUnread,
    PhotoRead,
)
from device.session.number_entry import group_start
from device.session.state import State
from protocol.catalogue import Code
from tests.support.visits import Play
from ui_eink.views import ChooseMethod, EnterNumberB, Look


def wrong(play: Play) -> None:
    play(CardFailed(play.session.ticket, Code.VERIFICATION_NUMBER_WRONG))


def test_the_number_is_not_asked_for_before_the_face_is_chosen() -> None:
    play = Play().to_choosing()
    play(NumberUnread(play.session.ticket))
    assert play.state() is State.CHOOSING


def test_a_number_that_nobody_can_read_is_typed() -> None:
    play = Play().to_entering_number(0)
    assert play.view() == EnterNumberB(0)


def test_thirteen_digits_are_not_sent() -> None:
    play = Play().to_entering_number(13)
    assert play.keys(Key.ENTER) == ()


def test_fourteen_digits_open_the_photo() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    assert play.all_of(LookWithNumber) == [LookWithNumber(play.session.ticket)]
    play(PhotoRead(play.session.ticket))
    assert play.state() is State.LOOKING
    assert (play.session.digits, play.session.typed) == (0, False)


@pytest.mark.parametrize(
    ("digits", "kept"), [(1, 0), (6, 0), (7, 6), (10, 6), (11, 10), (14, 10)]
)
def test_clear_takes_back_one_group(digits: int, kept: int) -> None:
    play = Play().to_entering_number(digits)
    play.keys(Key.CLEAR)
    assert play.session.digits == kept == group_start(digits)


@pytest.mark.parametrize(("digits", "key"), [(0, Key.CLEAR), (9, Key.CANCEL)])
def test_the_way_back_leads_to_the_choice(digits: int, key: Key) -> None:
    play = Play().to_entering_number(digits)
    play.keys(key)
    assert play.view() == ChooseMethod()
    assert play.session.digits == 0


def test_digits_come_in_order_and_end_at_fourteen() -> None:
    play = Play().to_entering_number()
    assert play(NumberTyped(15)) == ()
    assert play(NumberTyped(3)) == ()


def test_a_wrong_number_may_be_typed_once_more() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    wrong(play)
    assert play.view() == EnterNumberB(0, wrong_before=True)
    assert play.all_of(PlaySound)[-1] == PlaySound(Sound.ERROR)


def test_a_number_that_nobody_could_read_is_no_attempt_at_the_face() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    wrong(play)
    assert play.session.attempts == 0
    play.keys(Key.CANCEL, Key.K1)
    assert play.view() == Look(attempt=1)


def test_nobody_before_the_camera_asks_for_the_number_anew() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    play(Looked(play.session.ticket, matched=False))
    assert play.keys(Key.K1)[-1] == LookEffect(play.session.ticket)


def test_after_two_wrong_numbers_the_face_is_no_longer_offered() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    wrong(play)
    for typed in range(1, 15):
        play(NumberTyped(typed))
    play.keys(Key.ENTER)
    wrong(play)
    assert play.view() == ChooseMethod(face=False)


def test_leaving_and_coming_back_gives_no_more_attempts() -> None:
    play = Play().to_entering_number()
    for _ in range(2):
        play.keys(Key.ENTER)
        wrong(play)
        if play.state() is State.ENTERING_NUMBER:
            play.keys(Key.CANCEL, Key.K1)
            play(NumberUnread(play.session.ticket))
            for typed in range(1, 15):
                play(NumberTyped(typed))
    assert play.view() == ChooseMethod(face=False)


def test_a_number_that_a_camera_read_wrongly_is_not_typed_after_it() -> None:
    play = Play().to_choosing()
    play.keys(Key.K1)
    wrong(play)
    assert play.view() == ChooseMethod(face=False)


def test_a_card_in_motion_is_opened_again_with_what_was_typed() -> None:
    play = Play().to_entering_number()
    play.keys(Key.ENTER)
    play(CardFailed(play.session.ticket, Code.CARD_TORN))
    assert len(play.all_of(LookWithNumber)) == 2
    assert len(play.all_of(LookEffect)) == 1


def test_a_card_that_leaves_while_typing_ends_the_visit() -> None:
    play = Play().to_entering_number(5)
    play(CardGone())
    assert play.problem() == Code.CARD_TORN


def test_silence_while_typing_ends_the_visit() -> None:
    play = Play().to_entering_number(5)
    play.wait()
    assert play.problem() == Code.VISIT_TIMED_OUT


def test_every_digit_sounds_the_same_and_none_is_in_the_session() -> None:
    play = Play().to_entering_number(3)
    assert play.all_of(PlaySound)[-3:] == [PlaySound(Sound.TICK)] * 3
    assert play.session.digits == 3
    assert play(KeyPressed(Key.K9)) == ()
