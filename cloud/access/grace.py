"""Three months after its certificate expired, a card still shows eligibility."""

from calendar import monthrange
from datetime import datetime
from enum import StrEnum

from cloud.eligibility.model import JST

GRACE_MONTHS = 3


class Standing(StrEnum):
    """How the time now stands to a certificate's expiry."""

    GOOD = "good"
    GRACE = "grace"
    EXPIRED = "expired"


def standing(not_after: datetime, now: datetime) -> Standing:
    """Good up to and including the last second; grace for less than three months."""
    if now <= not_after:
        return Standing.GOOD
    return Standing.GRACE if now < grace_ends(not_after) else Standing.EXPIRED


def grace_ends(not_after: datetime) -> datetime:
    """The same time of day three calendar months later, in Japan.

    Where that month has no such day, its last day: 30 November becomes 28 February.
    """
    local = not_after.astimezone(JST)
    months = local.month - 1 + GRACE_MONTHS
    year, month = local.year + months // 12, months % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day)
