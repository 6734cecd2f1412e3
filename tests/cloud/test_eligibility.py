"""Validity 1 to 6 as of a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.eligibility.model import eligibility, validity_of
from cloud.registry.model import Insurance, age_on
from protocol.codes import Validity
from tests.cloud.world import TODAY, insurance

LAST_YEAR = date(2025, 4, 1)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def validity(*held: Insurance) -> Validity:
    return eligibility(held, TODAY).validity


def test_nothing_held_is_not_found() -> None:
    assert validity() is Validity.NOT_FOUND


def test_an_insurance_that_ended_yesterday_is_invalid() -> None:
    assert validity(insurance(ends=YESTERDAY)) is Validity.INVALID


def test_an_insurance_that_begins_tomorrow_is_invalid_today() -> None:
    assert validity(insurance(starts=TOMORROW)) is Validity.INVALID


def test_lost_while_a_newer_one_begins_tomorrow() -> None:
    held = insurance(ends=YESTERDAY), insurance(starts=TOMORROW)
    assert validity(*held) is Validity.INVALID_NEWER_EXISTS


def test_lost_to_another_insurance_that_is_not_registered_yet() -> None:
    gone = insurance(ends=YESTERDAY, loss_reason="03")
    assert validity(gone) is Validity.INVALID_NEWER_EXISTS


@pytest.mark.parametrize("reason", ["01", "02", "99"])
def test_other_loss_reasons_promise_nothing_newer(reason: str) -> None:
    assert validity(insurance(ends=YESTERDAY, loss_reason=reason)) is Validity.INVALID


def test_the_last_day_is_still_valid() -> None:
    assert validity(insurance(ends=TODAY)) is Validity.VALID


def test_the_first_day_is_already_valid() -> None:
    assert validity(insurance(starts=TODAY)) is Validity.VALID


def test_two_health_insurances_on_one_day_are_several() -> None:
    found = eligibility((insurance(), insurance()), TODAY)
    assert found.validity is Validity.SEVERAL
    assert found.insurances == ()
    assert not found.usable


def test_a_former_insurance_does_not_make_it_several() -> None:
    former, now = insurance(ends=YESTERDAY), insurance(starts=TODAY)
    found = eligibility((former, now), TODAY)
    assert (found.validity, found.insurances) == (Validity.VALID, (now,))


def test_assistance_beside_an_insurance_is_returned_with_it() -> None:
    assistance = insurance(card_classification="A1")
    found = eligibility((insurance(), assistance), TODAY)
    assert found.validity is Validity.VALID
    assert len(found.insurances) == 2


def test_assistance_alone_can_be_valid_and_unregistered() -> None:
    assistance = insurance(card_classification="A1", unregistered=True)
    assert validity(assistance) is Validity.VALID_UNREGISTERED


def test_one_insurance_that_was_replaced_says_so() -> None:
    former, now = insurance(ends=YESTERDAY), insurance(starts=TODAY)
    held = (former, now)
    assert validity_of(former, held, TODAY) is Validity.INVALID_NEWER_EXISTS
    assert validity_of(now, held, TODAY) is Validity.VALID


def test_an_insurance_never_ends_before_it_begins() -> None:
    with pytest.raises(ValueError, match="ends before"):
        insurance(starts=TODAY, ends=YESTERDAY)


_days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_insurances = st.builds(
    lambda start, length: insurance(
        start, None if length is None else start + timedelta(days=length)
    ),
    _days,
    st.none() | st.integers(0, 2000),
)


@given(st.lists(_insurances, max_size=4), _days)
def test_what_is_returned_is_valid_on_that_day(
    held: list[Insurance], day: date
) -> None:
    found = eligibility(tuple(held), day)
    assert all(one.current(day) for one in found.insurances)
    assert bool(found.insurances) is found.usable


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1986, 6, 16), date(2026, 6, 15), 39),
        (date(1986, 6, 15), date(2026, 6, 15), 40),
        (date(1984, 2, 29), date(2024, 2, 28), 39),
        (date(1984, 2, 29), date(2024, 2, 29), 40),
        (date(1985, 2, 28), date(2025, 2, 28), 40),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2026, 6, 15), date(2026, 6, 15), 0),
    ],
)
def test_age_counts_birthdays(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
