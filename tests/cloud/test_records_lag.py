"""How late claims come, and what "as of" says at the edges of months."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cloud.records.era import in_era
from cloud.records.lag import KEPT_MONTHS, as_of, readable, visible_from
from cloud.records.model import Kind
from cloud.records.month import (
    Month,
    between,
    first_day,
    last_day,
    later,
    month_of,
    words,
)
from cloud.records.report import statement

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        (date(2026, 6, 10), "2026-03"),
        (date(2026, 6, 11), "2026-04"),
        (date(2026, 6, 30), "2026-04"),
        (date(2026, 7, 1), "2026-04"),
        (date(2026, 1, 10), "2025-10"),
        (date(2026, 1, 11), "2025-11"),
        (date(2026, 2, 28), "2025-12"),
        (date(2024, 2, 29), "2023-12"),
        (date(2024, 4, 11), "2024-02"),
        (date(2025, 12, 31), "2025-10"),
    ],
)
def test_a_month_is_complete_from_the_11th_of_the_month_after_the_next(
    day: date, newest: str
) -> None:
    assert as_of(day).newest_month == newest


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2024, 4, 11), date(2024, 2, 29)),
        (date(2025, 4, 11), date(2025, 2, 28)),
        (date(2100, 4, 11), date(2100, 2, 28)),
        (date(2026, 2, 11), date(2025, 12, 31)),
    ],
)
def test_it_is_complete_to_the_last_day_also_in_leap_years(
    day: date, until: date
) -> None:
    found = as_of(day)
    assert found.complete_until == until
    assert found.missing_from == until + timedelta(days=1)


@given(DAYS)
def test_the_newest_month_is_visible_and_the_next_is_not(day: date) -> None:
    found = as_of(day)
    assert visible_from(found.newest_month) <= day
    assert day < visible_from(later(found.newest_month, 1))
    assert month_of(found.missing_from) == later(found.newest_month, 1)


@given(DAYS)
@example(date(2001, 1, 31))
@example(date(2026, 7, 1))
def test_a_prescription_is_seen_one_to_two_months_and_some_days_later(
    written: date,
) -> None:
    seen = visible_from(month_of(written))
    assert timedelta(days=39) <= seen - written <= timedelta(days=72)
    assert readable(Kind.DRUG, seen).holds(month_of(written))
    before = seen - timedelta(days=1)
    assert not readable(Kind.DRUG, before).holds(month_of(written))


@given(DAYS)
def test_checkups_do_not_wait_for_claims(day: date) -> None:
    assert readable(Kind.CHECKUP, day).last == month_of(day)
    for kind in (Kind.DRUG, Kind.TREATMENT, Kind.OPERATION):
        assert readable(kind, day).last == as_of(day).newest_month
    assert between(readable(Kind.DRUG, day).first, month_of(day)) == KEPT_MONTHS


@given(st.dates(date(1000, 1, 1), date(2100, 12, 31)), st.integers(-600, 600))
def test_months_go_forth_and_back(day: date, months: int) -> None:
    month = month_of(day)
    assert later(later(month, months), -months) == month
    assert between(month, later(month, months)) == months
    assert first_day(month) <= day <= last_day(month)
    assert (month < later(month, months)) == (months > 0)


def test_the_statement_says_what_is_there_and_what_is_missing() -> None:
    said = statement(as_of(date(2026, 6, 15)))
    assert "2026年4月診療分まで" in said
    assert "2026年5月1日以降の処方は含まれません" in said
    assert words(Month("2026-12")) == "2026年12月"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1924, 2, 29), "大正13年2月29日"),
        (date(1912, 7, 29), "明治45年7月29日"),
    ],
)
def test_years_are_counted_as_japan_counts_them(day: date, said: str) -> None:
    assert in_era(day) == said
