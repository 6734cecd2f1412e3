"""Who comes again presses little, and nothing stands without a press."""

from datetime import UTC, datetime

import pytest

from device.ports import Key, Sound
from device.renewal import renewal_of, whole_months
from device.session.effects import Identify, Record, SendConsent
from device.session.effects import Play as PlaySound
from device.session.events import (
    CardGone,
    CardPut,
    ConsentRecorded,
    ServiceChanged,
)
from device.session.state import Ask, Condition, Renewal, Service, State, TakeAlong
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.messages import VerificationAnswer
from tests.support.visits import RETURNING, Play
from ui_eink import views
from ui_eink.views import ChosenAnswer, Told

GRANTED, REFUSED, UNANSWERED = Decision.GRANTED, Decision.REFUSED, Decision.UNANSWERED
SAME = tuple(Ask(ask.item, ask.standing or GRANTED) for ask in RETURNING)
SOON = Renewal(expired=False, months_left=1)


def sent(play: Play) -> list[Decision]:
    last = play.all_of(SendConsent)[-1]
    assert isinstance(last, SendConsent)
    return [decision for _, decision in last.decisions]


def test_from_identity_to_done_is_one_press_when_nothing_changed() -> None:
    play = Play().to_consenting(SAME)
    assert play.view() == views.ConfirmConsent(
        (
            Told("diagnosis_and_drugs", ChosenAnswer.GRANTED, same=True),
            Told("operation", ChosenAnswer.REFUSED, same=True),
            Told("checkup", ChosenAnswer.GRANTED, same=True),
        )
    )
    play.keys(Key.K1)
    assert sent(play) == [GRANTED, REFUSED, GRANTED]


def test_only_what_has_no_answer_is_asked_and_the_rest_confirmed() -> None:
    play = Play().to_consenting(RETURNING)
    assert play.view() == views.AskConsent("checkup", 1, 1)
    play.keys(Key.K3)
    assert not play.all_of(SendConsent)
    view = play.view()
    assert isinstance(view, views.ConfirmConsent)
    assert [told.same for told in view.told] == [True, True, False]
    play.keys(Key.K1)
    assert sent(play) == [GRANTED, REFUSED, REFUSED]


def test_silence_at_the_confirmation_repeats_nothing() -> None:
    play = Play().to_consenting(SAME)
    play.wait()
    assert sent(play) == [UNANSWERED] * 3


def test_a_change_asks_everything_and_tells_the_last_answer() -> None:
    play = Play().to_consenting(SAME)
    play.keys(Key.K3)
    first = ChosenAnswer.GRANTED
    assert play.view() == views.AskConsent("diagnosis_and_drugs", 1, 3, first)
    play.keys(Key.K3, Key.K1, Key.K3)
    assert sent(play) == [REFUSED, GRANTED, REFUSED]


def test_the_card_may_leave_before_the_confirmation_and_it_waits() -> None:
    play = Play().to_consenting(SAME)
    play(CardGone())
    assert play.state() is State.AWAY
    play.keys(Key.CANCEL)
    assert sent(play) == [UNANSWERED] * 3


def test_an_item_is_explained_and_can_be_answered_there() -> None:
    play = Play().to_consenting()
    play.keys(Key.K2)
    assert play.view() == views.ConsentHelp("diagnosis_and_drugs", 1, 3)
    play.keys(Key.K2)
    assert isinstance(play.view(), views.AskConsent)
    play.keys(Key.K2, Key.K1)
    assert play.view() == views.AskConsent("operation", 2, 3)


def test_an_answer_can_be_taken_back_before_it_is_sent() -> None:
    play = Play().to_consenting()
    play.keys(Key.K1, Key.CLEAR)
    assert play.session.decisions == ()
    play.keys(Key.K3, Key.K2, Key.CLEAR)
    assert play.view() == views.AskConsent("operation", 2, 3)
    play.keys(Key.K1, Key.K1)
    assert sent(play) == [REFUSED, GRANTED, GRANTED]


# -- renewal ---------------------------------------------------------------------


def test_the_renewal_notice_comes_when_all_is_done_and_needs_no_key() -> None:
    play = Play().to_checking()
    play.answer(asks=(), renewal=SOON)
    assert play.view() == views.RenewalNotice(expired=False, months_left=1)
    assert len(play.all_of(Record)) == 1
    assert PlaySound(Sound.DONE) in play.effects
    play.wait()
    assert play.state() is State.TAKE_CARD


def test_the_renewal_notice_comes_after_the_consents_too() -> None:
    play = Play().to_checking()
    play.answer(renewal=SOON)
    play.keys(Key.K1, Key.K1, Key.K1)
    play(ConsentRecorded(play.session.ticket))
    assert play.state() is State.RENEWAL
    play.keys(Key.K1)
    assert play.state() is State.TAKE_CARD


def test_a_card_taken_during_the_notice_is_not_asked_for() -> None:
    play = Play().to_checking()
    play.answer(asks=(), renewal=SOON)
    play(CardGone())
    assert play.state() is State.RENEWAL
    play.wait()
    assert play.state() is State.THANK_YOU


def test_a_link_is_not_kept_waiting_by_the_notice() -> None:
    along = TakeAlong("HTTPS://PAGE.EXAMPLE/R/0123456789ABCDEFGHJKMNPQRS", "042917")
    for early in (False, True):
        play = Play().to_checking()
        play.answer(renewal=SOON)
        play.keys(Key.K1, Key.K1, Key.K1)
        if early:
            play(CardGone())
        play(ConsentRecorded(play.session.ticket, along))
        if not early:
            assert play.state() is State.RENEWAL
            play(CardGone())
        assert isinstance(play.view(), views.ThankYou)
        assert play.session.page is not None


def answer(expires: str | None, grace: str | None = None) -> VerificationAnswer:
    return VerificationAnswer.model_construct(
        certificate_expires=expires, grace_until=grace
    )


@pytest.mark.parametrize(
    ("expires", "grace", "expected"),
    [
        (None, None, None),
        ("2026-06-11", None, None),
        ("2026-06-10", None, Renewal(expired=False, months_left=3)),
        ("2026-04-09", None, Renewal(expired=False, months_left=0)),
        ("2026-03-10", None, Renewal(expired=False, months_left=0)),
        ("2026-03-09", "2026-06-09", Renewal(expired=True, months_left=2)),
        ("2025-12-10", "2026-03-10", Renewal(expired=True, months_left=0)),
    ],
)
def test_the_notice_comes_from_three_months_before_to_the_end_of_the_grace(
    expires: str | None, grace: str | None, expected: Renewal | None
) -> None:
    # 00:30 on 10 March in Japan.
    now = datetime(2026, 3, 9, 15, 30, tzinfo=UTC)
    assert renewal_of(answer(expires, grace), now) == expected


def test_a_month_ends_on_its_day() -> None:
    day = datetime(2024, 1, 31, tzinfo=UTC).date()
    assert whole_months(day, day.replace(month=3, day=30)) == 1
    assert whole_months(day, day.replace(month=3, day=31)) == 2


# -- the reader itself -----------------------------------------------------------


def test_a_reader_out_of_service_says_so_and_takes_no_card() -> None:
    play = Play()
    play(ServiceChanged(Service(Condition.OUT, Code.SELFTEST_FAILED)))
    assert play.view() == views.OutOfService("D704")
    play(CardPut())
    assert not play.all_of(Identify)
    play(ServiceChanged(Service()))
    assert play.state() is State.READING_CARD


def test_without_a_line_cards_are_taken_all_the_same() -> None:
    play = Play()
    play(ServiceChanged(Service(Condition.OFFLINE, Code.BROKER_UNREACHABLE)))
    assert play.view() == views.Offline()
    play.to_choosing()
    assert play.session.service.condition is Condition.OFFLINE


def test_a_visit_is_not_disturbed_by_what_is_lost_meanwhile() -> None:
    play = Play().to_consenting()
    view = play.view()
    play(ServiceChanged(Service(Condition.OUT, Code.SELFTEST_FAILED)))
    assert play.view() == view
