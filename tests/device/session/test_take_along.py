"""The link of the patient's page: for who pressed, on the last screen, and gone."""

import pytest

from device.ports import Key
from device.session.events import (
    CardGone,
    CardPut,
    ConsentRecorded,
    DeliveryFailed,
    KeyPressed,
)
from device.session.state import State, TakeAlong
from protocol.catalogue import Code
from tests.support.visits import Play
from ui_eink import views

ALONG = TakeAlong("HTTPS://PAGE.EXAMPLE/R/0123456789ABCDEFGHJKMNPQRS", "042917")
RECEIPT = views.Receipt(ALONG.url, ALONG.word)


def recorded() -> Play:
    """Everything was pressed, the receipt is here, the card still lies there."""
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K3, Key.K1)
    play(ConsentRecorded(play.session.ticket, ALONG))
    return play


def test_it_is_shown_when_the_card_is_taken_and_not_before() -> None:
    play = recorded()
    assert isinstance(play.view(), views.TakeCard)
    play(CardGone())
    assert play.view() == views.ThankYou(receipt=RECEIPT)


def test_there_is_time_to_find_a_phone_and_then_it_is_gone() -> None:
    play = recorded()
    play(CardGone())
    assert play.session.deadline == pytest.approx(play.now + 20)
    play.wait()
    assert play.view() == views.Ready()
    assert play.session.page is None


def test_without_a_link_the_thanks_are_as_short_as_ever() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K3, Key.K1)
    play(ConsentRecorded(play.session.ticket))
    play(CardGone())
    assert play.session.deadline == pytest.approx(play.now + 4)
    play.keys(Key.CANCEL)
    assert play.state() is State.THANK_YOU


def test_the_next_card_wipes_it_at_once() -> None:
    play = recorded()
    play(CardGone())
    play(CardPut())
    assert play.state() is State.READING_CARD
    assert play.session.page is None


def test_cancel_wipes_it_at_once() -> None:
    play = recorded()
    play(CardGone())
    play(KeyPressed(Key.CANCEL))
    assert play.view() == views.Ready()
    assert play.session.page is None


def test_who_takes_a_card_that_was_left_behind_is_shown_no_link() -> None:
    play = recorded()
    play.wait()
    assert play.state() is State.CARD_LEFT
    play(CardGone())
    assert play.view() == views.ThankYou()


def test_a_card_that_left_early_gets_it_on_the_thanks() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K3, Key.K1)
    play(CardGone())
    play(ConsentRecorded(play.session.ticket, ALONG))
    assert play.view() == views.ThankYou(receipt=RECEIPT)


def test_a_receipt_nobody_waits_for_shows_nothing() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.K3, Key.K1)
    ticket = play.session.ticket
    play.wait()
    play(CardGone())
    play(ConsentRecorded(ticket, ALONG))
    assert play.view() == views.ThankYou(unanswered=True)


def test_a_problem_takes_its_place() -> None:
    play = recorded()
    play(CardGone())
    play(DeliveryFailed(play.session.tap, Code.FACILITY_FOLDER))
    assert play.session.page is None


def test_neither_session_nor_event_prints_it() -> None:
    play = recorded()
    play(CardGone())
    shown = repr((play.session, play.view(), play.effects, ALONG))
    assert ALONG.url not in shown
    assert ALONG.word not in shown
