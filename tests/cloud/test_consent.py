"""Consent: default no, 24 hours to the second, and silence opens nothing."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cloud.consent.model import (
    DAY_MS,
    Consent,
    Pressed,
    asks_for,
    settled,
    well_formed,
)
from cloud.registry.model import PersonId
from protocol.codes import CONSENT_ITEMS, DEFAULT_ITEMS, CareKind, Decision
from protocol.ids import RequestId
from tests.cloud.world import FACILITY, TODAY

ITEMS = tuple(item.code for item in CONSENT_ITEMS)
NOW = 1_780_000_000_000


def consent(decision: Decision, at: int = NOW, until: int | None = None) -> Consent:
    who, request = PersonId(1), RequestId("r")
    return Consent(FACILITY, who, "operation", decision, at, at, until, request)


def press(
    decision: Decision, standing: Consent | None = None, at: int = NOW
) -> tuple[Decision, int | None]:
    pressed = Pressed("operation", decision)
    return settled(
        pressed, standing, care=CareKind.OUTPATIENT, pressed_at=at, decided_at=at
    )


def test_refused_opens_nothing() -> None:
    assert press(Decision.REFUSED) == (Decision.REFUSED, None)


def test_silence_stays_silence_even_after_an_earlier_yes() -> None:
    earlier = consent(Decision.GRANTED, NOW - 1000, NOW + 1000)
    assert press(Decision.UNANSWERED, earlier) == (Decision.UNANSWERED, None)


def test_a_yes_that_arrives_after_a_newer_no_opens_nothing() -> None:
    newer = consent(Decision.REFUSED, NOW + 1)
    assert press(Decision.GRANTED, newer) == (Decision.REFUSED, None)


def test_a_yes_after_an_older_no_is_a_yes() -> None:
    older = consent(Decision.REFUSED, NOW - 1)
    assert press(Decision.GRANTED, older)[0] is Decision.GRANTED


def test_granted_opens_for_24_hours_exactly() -> None:
    decision, until = press(Decision.GRANTED)
    assert until == NOW + 24 * 60 * 60 * 1000
    opened = consent(decision, NOW, until)
    assert opened.opens(NOW)
    assert opened.opens(until - 1)
    assert not opened.opens(until)


def test_a_refusal_with_an_end_date_still_opens_nothing() -> None:
    assert not consent(Decision.REFUSED, NOW, NOW + 1000).opens(NOW)
    assert not consent(Decision.UNANSWERED, NOW, NOW + 1000).opens(NOW)


def test_the_checkup_is_asked_from_forty() -> None:
    assert "checkup" not in asks_for(DEFAULT_ITEMS, date(1986, 6, 16), TODAY)
    assert "checkup" in asks_for(DEFAULT_ITEMS, date(1986, 6, 15), TODAY)


def test_an_item_twice_is_not_a_form() -> None:
    twice = (Pressed("operation", Decision.GRANTED),) * 2
    assert not well_formed(twice, ITEMS)


def test_an_item_that_was_not_asked_is_not_a_form() -> None:
    assert not well_formed((Pressed("checkup", Decision.GRANTED),), ("operation",))


def test_an_empty_form_is_one() -> None:
    assert well_formed((), ())


_decisions = st.sampled_from(Decision)


@given(_decisions, st.none() | _decisions, st.integers(-5, 5))
def test_only_a_pressed_yes_is_ever_granted(
    pressed: Decision, before: Decision | None, later_ms: int
) -> None:
    standing = None
    if before is not None:
        until = NOW + DAY_MS if before is Decision.GRANTED else None
        standing = consent(before, NOW + later_ms, until)
    decision, until = press(pressed, standing)
    assert decision is not Decision.GRANTED or pressed is Decision.GRANTED
    assert (until is not None) is (decision is Decision.GRANTED)
