"""Three months after the certificate expired, to the second, in Japan."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.access.grace import (
    GraceRule,
    Standing,
    grace_ends,
    last_day,
    standing,
)
from cloud.eligibility.model import JST

SECOND = timedelta(seconds=1)
EXPIRY, MONTH_END = GraceRule.FROM_EXPIRY, GraceRule.FROM_MONTH_END


def midnight_before(text: str) -> datetime:
    """The last second of that day in Japan: how authorities date certificates."""
    return datetime.fromisoformat(f"{text}T23:59:59+09:00")


@pytest.mark.parametrize(
    ("expires", "ends"),
    [
        ("2024-11-30", "2025-02-28"),
        ("2023-11-30", "2024-02-29"),
        ("2024-12-31", "2025-03-31"),
        ("2025-01-31", "2025-04-30"),
        ("2024-02-29", "2024-05-29"),
        ("2025-10-15", "2026-01-15"),
    ],
)
def test_grace_ends_three_calendar_months_later(expires: str, ends: str) -> None:
    expiry, end = midnight_before(expires), midnight_before(ends)
    assert standing(expiry, end, EXPIRY) is Standing.EXPIRED
    assert standing(expiry, end - SECOND, EXPIRY) is Standing.GRACE


@pytest.mark.parametrize("rule", GraceRule)
def test_the_last_second_is_good_and_the_next_is_grace(rule: GraceRule) -> None:
    expiry = midnight_before("2025-06-10")
    assert standing(expiry, expiry, rule) is Standing.GOOD
    assert standing(expiry, expiry + SECOND, rule) is Standing.GRACE


def test_the_month_is_counted_in_japan_and_not_in_utc() -> None:
    # 30 November 15:00 UTC is 1 December in Japan: March, not the end of February.
    expiry = datetime(2024, 11, 30, 15, 0, tzinfo=UTC)
    assert grace_ends(expiry, EXPIRY) == datetime(2025, 3, 1, 0, 0, tzinfo=JST)


_moments = st.integers(-10_000, 20_000).map(
    lambda hours: datetime(2026, 1, 1, tzinfo=JST) + timedelta(hours=hours)
)


@given(_moments)
def test_grace_lasts_between_88_and_93_days(expiry: datetime) -> None:
    assert timedelta(days=88) < grace_ends(expiry, EXPIRY) - expiry < timedelta(days=93)


@given(_moments)
def test_the_end_of_the_month_never_ends_sooner(expiry: datetime) -> None:
    assert grace_ends(expiry, MONTH_END) > grace_ends(expiry, EXPIRY)


@pytest.mark.parametrize(
    ("expires", "last"),
    [
        ("2024-11-30", "2025-02-28"),
        ("2023-11-05", "2024-02-29"),
        ("2025-10-15", "2026-01-31"),
        ("2024-02-29", "2024-05-31"),
    ],
)
def test_from_the_months_end_the_third_months_last_day_still_counts(
    expires: str, last: str
) -> None:
    expiry, end = midnight_before(expires), midnight_before(last)
    assert standing(expiry, end, MONTH_END) is Standing.GRACE
    assert standing(expiry, end + SECOND, MONTH_END) is Standing.EXPIRED
    assert last_day(expiry, MONTH_END).isoformat() == last


@given(_moments, _moments, st.sampled_from(GraceRule))
def test_standing_never_improves(
    expiry: datetime, moment: datetime, rule: GraceRule
) -> None:
    order = [Standing.GOOD, Standing.GRACE, Standing.EXPIRED]
    earlier = order.index(standing(expiry, moment, rule))
    later = order.index(standing(expiry, moment + timedelta(days=1), rule))
    assert earlier <= later
