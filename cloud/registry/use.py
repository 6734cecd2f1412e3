"""利用登録: whether a card may be used as insurance card, and when that ends. Pure."""

from datetime import date, timedelta

DECEMBER = 12


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    if day.month == DECEMBER:
        return date(day.year, DECEMBER, 31)
    return date(day.year, day.month + 1, 1) - timedelta(days=1)


def last_day_of_use(received: date) -> date:
    """A cancellation takes effect at the end of the month after its receipt (R7).

    The day returned is the last on which the card still counts.
    """
    return month_end(month_end(received) + timedelta(days=1))


def registered_on(registered: bool, until: date | None, day: date) -> bool:
    """Whether the card counts on the day; `until` is None while nothing ends it."""
    return registered and (until is None or day <= until)


def cancelled(until: date | None, received: date) -> date:
    """The last day of use after a cancellation: a second one postpones nothing."""
    end = last_day_of_use(received)
    return end if until is None else min(until, end)
