"""Three months after its certificate expired, a card still shows eligibility.

Two readings are published: three months from the day of expiry (MHLW), and from the
end of the month it fell in. Which one is used is configuration, and is said in the
answer; the default is the later end, because it turns nobody away who might be let in.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum

from cloud.eligibility.model import JST

GRACE_MONTHS = 3


class Standing(StrEnum):
    """How the time now stands to a certificate's expiry."""

    GOOD = "good"
    GRACE = "grace"
    EXPIRED = "expired"


class GraceRule(StrEnum):
    """From where the three months are counted."""

    FROM_EXPIRY = "from_expiry"
    FROM_MONTH_END = "from_month_end"


def standing(not_after: datetime, now: datetime, rule: GraceRule) -> Standing:
    """Good up to and including the last second; then grace until `grace_ends`."""
    if now <= not_after:
        return Standing.GOOD
    return Standing.GRACE if now < grace_ends(not_after, rule) else Standing.EXPIRED


def grace_ends(not_after: datetime, rule: GraceRule) -> datetime:
    """The first moment after the grace, in Japan.

    From expiry: the same time of day three calendar months later; where that month
    has no such day, its last day: 30 November becomes 28 February. From the month's
    end: midnight after the last day of the third month.
    """
    local = not_after.astimezone(JST)
    months = local.month - 1 + GRACE_MONTHS
    year, month = local.year + months // 12, months % 12 + 1
    last = monthrange(year, month)[1]
    if rule is GraceRule.FROM_EXPIRY:
        return local.replace(year=year, month=month, day=min(local.day, last))
    return datetime(year, month, last, tzinfo=JST) + timedelta(days=1)


def last_day(not_after: datetime, rule: GraceRule) -> date:
    """The last day on which the grace helps."""
    return (grace_ends(not_after, rule) - timedelta(microseconds=1)).date()
