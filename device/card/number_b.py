"""照合番号B: fourteen digits that are printed on the card's face.

Birth date as YYMMDD with the year of the Japanese era, the year of expiry (four
digits, western), the security code (four digits). Cards of foreign residents print
a western birth year; how those encode it is not publicly known, so the staff type
what works and nothing here guesses.
"""

from datetime import date

_ERAS = (
    ("令和", date(2019, 5, 1), 2019),
    ("平成", date(1989, 1, 8), 1989),
    ("昭和", date(1926, 12, 25), 1926),
    ("大正", date(1912, 7, 30), 1912),
    ("明治", date(1868, 1, 25), 1868),
)
"""Name, first day, and the western year that is year 1."""


def era_of(day: date) -> tuple[str, int]:
    """Name of the era of that very day and the year in it. ValueError before 明治."""
    for name, first, year_one in _ERAS:
        if day >= first:
            return name, day.year - year_one + 1
    raise ValueError("before the Meiji era")


def era_year(day: date) -> int:
    """Year within the era of that very day. ValueError before 明治."""
    return era_of(day)[1]


def births(era_year: int, month: int, day: int) -> tuple[date, ...]:
    """Every day that a birth date without its era's name may mean, latest first."""
    found = []
    for name, _, year_one in _ERAS:
        try:
            meant = date(year_one + era_year - 1, month, day)
            if era_of(meant) == (name, era_year):
                found.append(meant)
        except ValueError:
            continue
    return tuple(found)


def number_b(birth: date, expiry_year: int, security_code: str) -> str:
    """Fourteen digits. Raises ValueError for a code that is not four digits."""
    if not (len(security_code) == 4 and _digits(security_code)):
        raise ValueError("the security code has four digits")
    if not 1000 <= expiry_year <= 9999:
        raise ValueError("the year of expiry has four digits")
    return f"{era_year(birth):02}{birth:%m%d}{expiry_year}{security_code}"


def check(number: str) -> bytes:
    """ASCII of a well-formed number. Raises ValueError: it must not cost a try."""
    if not (len(number) == 14 and _digits(number)):
        raise ValueError("verification number B has 14 digits")
    return number.encode("ascii")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
