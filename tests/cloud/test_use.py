"""利用登録 and its end: the last day of the month after receipt, in any year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.registry.use import cancelled, last_day_of_use, month_end, registered_on


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2024-10-01", "2024-11-30"),
        ("2024-10-31", "2024-11-30"),
        ("2024-11-30", "2024-12-31"),
        ("2024-01-31", "2024-02-29"),
        ("2024-02-29", "2024-03-31"),
        ("2023-01-31", "2023-02-28"),
        ("2100-01-05", "2100-02-28"),
        ("2000-01-05", "2000-02-29"),
        ("2024-12-01", "2025-01-31"),
    ],
)
def test_use_ends_with_the_month_after_receipt(received: str, last: str) -> None:
    found = last_day_of_use(date.fromisoformat(received))
    assert found == date.fromisoformat(last)


def test_unlinked_this_month_is_not_yet_unlinked() -> None:
    until = last_day_of_use(date(2024, 10, 15))
    assert registered_on(True, until, date(2024, 10, 15))
    assert registered_on(True, until, date(2024, 10, 31))


def test_unlinked_at_the_end_of_next_month_counts_on_that_day_and_no_longer() -> None:
    until = last_day_of_use(date(2024, 10, 15))
    assert registered_on(True, until, date(2024, 11, 30))
    assert not registered_on(True, until, date(2024, 12, 1))


def test_month_end_unlink_2024_11_30() -> None:
    assert last_day_of_use(date(2024, 10, 31)) == date(2024, 11, 30)
    assert last_day_of_use(date(2024, 11, 1)) == date(2024, 12, 31)


def test_leap_day_2024_02_29_is_a_last_day_of_use() -> None:
    until = last_day_of_use(date(2024, 1, 1))
    assert registered_on(True, until, date(2024, 2, 29))
    assert not registered_on(True, until, date(2024, 3, 1))


def test_a_second_cancellation_postpones_nothing() -> None:
    first = cancelled(None, date(2024, 10, 15))
    assert cancelled(first, date(2024, 11, 20)) == first


def test_nobody_is_registered_by_a_date_alone() -> None:
    assert not registered_on(False, None, date(2024, 1, 1))
    assert not registered_on(False, date(2030, 1, 1), date(2024, 1, 1))


@given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
def test_a_last_day_is_the_last_of_exactly_the_next_month(received: date) -> None:
    last = last_day_of_use(received)
    months = (last.year - received.year) * 12 + last.month - received.month
    assert months == 1
    assert (last + timedelta(days=1)).day == 1
    assert month_end(last) == last
