"""A month of treatment (診療月), as text that sorts: "2026-03"."""

from calendar import monthrange
from datetime import date
from typing import NewType

Month = NewType("Month", str)
"""YYYY-MM."""


def month_of(day: date) -> Month:
    return Month(f"{day.year:04}-{day.month:02}")


def later(month: Month, months: int) -> Month:
    """So many months later; negative: earlier."""
    year, place = divmod(_ordinal(month) + months, 12)
    return Month(f"{year:04}-{place + 1:02}")


def between(first: Month, last: Month) -> int:
    """How many months later `last` is."""
    return _ordinal(last) - _ordinal(first)


def first_day(month: Month) -> date:
    return date.fromisoformat(f"{month}-01")


def last_day(month: Month) -> date:
    start = first_day(month)
    return start.replace(day=monthrange(start.year, start.month)[1])


def words(month: Month) -> str:
    """In Japanese: 2026年3月."""
    start = first_day(month)
    return f"{start.year}年{start.month}月"


def _ordinal(month: Month) -> int:
    start = first_day(month)
    return start.year * 12 + start.month - 1
