"""When a card's certificate should be renewed: from three months before its end, and
after it for as long as the answer says that it still helps."""

from datetime import date, datetime, timedelta, timezone

from device.session.state import Renewal
from protocol.messages import VerificationAnswer

JAPAN = timezone(timedelta(hours=9))
MONTHS_AHEAD = 3


def renewal_of(answer: VerificationAnswer, now: datetime) -> Renewal | None:
    """None: there is time, or the answer does not say until when the card is good.

    Dates are Japanese days: a certificate is good until the end of its last day.
    """
    if answer.certificate_expires is None:
        return None
    today = now.astimezone(JAPAN).date()
    end = date.fromisoformat(answer.certificate_expires)
    if end < today:
        grace = answer.grace_until
        last = end if grace is None else date.fromisoformat(grace)
        return Renewal(expired=True, months_left=max(0, whole_months(today, last)))
    left = whole_months(today, end)
    near = left < MONTHS_AHEAD or (left == MONTHS_AHEAD and end.day == today.day)
    return Renewal(expired=False, months_left=left) if near else None


def whole_months(start: date, end: date) -> int:
    """How many months fit between two days; less than one is 0, backwards negative."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (end.day < start.day)
