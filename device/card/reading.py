"""When digits read from a card's face are believed: all checks agree, or nobody reads.

A wrong number costs one of ten tries. So two readings must agree on every digit, the
reader of each must have been sure, and the digits must make sense: a birth date that
an era had, an expiry within ten years, and the same month and day twice, because a
card expires on a birthday. The era's name is not needed for the number, and no digit
reader can read it; a western birth date is never guessed at (number_b.py).
"""

from dataclasses import dataclass, field
from datetime import date

from device.card.number_b import births

FIELDS = 7
"""Digits of device.card.printed_layout.Layout, in its order."""
VALID_YEARS = 10
OLDEST_YEARS = 125
LEAST_SURE = 95.0
"""Of 100, for every letter of both readings: misread digits were seen at up to 94."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one look at the seven fields gave."""

    digits: tuple[str, ...] = field(repr=False)
    """Empty where nothing stood in a field."""
    sure: float
    """Of the least sure letter, 0 to 100."""


def agreed(
    first: Reading, second: Reading, today: date, least: float = LEAST_SURE
) -> str | None:
    """照合番号B, or None: not sure."""
    if first.digits != second.digits or min(first.sure, second.sure) < least:
        return None
    return number_of(first.digits, today)


def number_of(digits: tuple[str, ...], today: date) -> str | None:
    """Fourteen digits of the seven fields; None if they make no sense together."""
    if len(digits) != FIELDS or not all(
        one.isascii() and one.isdigit() for one in digits
    ):
        return None
    year, month, day, expiry_year, expiry_month, expiry_day, code = digits
    if max(map(len, (year, month, day, expiry_month, expiry_day))) > 2:
        return None
    number = f"{year:0>2}{month:0>2}{day:0>2}{expiry_year}{code}"
    if len(expiry_year) != 4 or len(code) != 4 or not plausible(number, today):
        return None
    same_day = (int(month), int(day)), (int(expiry_month), int(expiry_day))
    return number if _birthday(*same_day) else None


def plausible(number: str, today: date) -> bool:
    """Whether fourteen digits can be 照合番号B of a card that is still valid."""
    if len(number) != 14 or not (number.isascii() and number.isdigit()):
        return False
    year, month, day = (int(number[at : at + 2]) for at in (0, 2, 4))
    oldest = today.year - OLDEST_YEARS
    born = [one for one in births(year, month, day) if oldest <= one.year]
    expiry = int(number[6:10])
    in_time = today.year <= expiry <= today.year + VALID_YEARS
    return in_time and any(one <= today for one in born)


def _birthday(born: tuple[int, int], expires: tuple[int, int]) -> bool:
    leap = {(2, 28), (2, 29), (3, 1)}
    return born == expires or (born == (2, 29) and expires in leap)
