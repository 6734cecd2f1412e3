"""Numbers of insurers, public expense and facilities: shape and check digit.

保険者番号, 公費負担者番号, 医療機関コード. A number stays text as printed; folding is
for comparing two writings of it, never for output.
"""

import re
import unicodedata
from typing import Final

from protocol.ids import FacilityCode

_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_LONG_MARK_AS_HYPHEN: Final = re.compile(r"(?<=[0-9A-Z])ー(?=[0-9A-Z])")
_ASCII_DIGITS: Final = re.compile(r"[0-9]+")
_SCORE_TABLES: Final = frozenset("1346")
"""医科, 歯科, 調剤, 訪問看護."""


class NumberError(ValueError):
    """A number is wrong at `position` (1 is the leftmost digit)."""

    def __init__(self, sentence: str, position: int, expected: str = "") -> None:
        super().__init__(sentence)
        self.position = position
        self.expected = expected


def check_digit(digits: str) -> str:
    """The digit that follows: from the right weights 2, 1, 2, 1; products' digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (1 if place % 2 else 2)
        total += product // 10 + product % 10
    return str(-total % 10)


def insurer_number(text: str) -> str:
    """Accept 保険者番号 of 8 or (国保) 6 digits. Raises NumberError."""
    return _checked("an insurer number", text, (8, 6))


def public_expense_number(text: str) -> str:
    """Accept 公費負担者番号 of 8 digits. Raises NumberError."""
    return _checked("a public-expense number", text, (8,))


def facility_code(text: str, *, strict: bool = True) -> FacilityCode:
    """Accept 医療機関コード: prefecture 2, score table 1, and 7 with a Luhn digit.

    Not `strict` lets wrong check digits pass: public test data has them.
    Raises NumberError.
    """
    _shape("a facility code", text, (10,))
    if not 1 <= int(text[:2]) <= 47:
        raise NumberError("digits 1 and 2 are a prefecture, 01 to 47", 1)
    if text[2] not in _SCORE_TABLES:
        raise NumberError("digit 3 is a score table: 1, 3, 4 or 6", 3)
    if strict:
        _checked("a facility code", text, (10,))
    return FacilityCode(text)


def _checked(what: str, text: str, lengths: tuple[int, ...]) -> str:
    _shape(what, text, lengths)
    expected = check_digit(text[:-1])
    if text[-1] != expected:
        last = len(text)
        sentence = (
            f"digit {last}, the check digit, should be {expected};"
            " or another digit is mistyped"
        )
        raise NumberError(sentence, last, expected)
    return text


def _shape(what: str, text: str, lengths: tuple[int, ...]) -> None:
    digits = _ASCII_DIGITS.match(text)
    good = digits.end() if digits else 0
    if good < len(text):
        raise NumberError(f"{what} has digits only; see place {good + 1}", good + 1)
    if len(text) not in lengths:
        wanted = " or ".join(map(str, lengths))
        raise NumberError(f"{what} has {wanted} digits, not {len(text)}", len(text))


def fold(text: str) -> str:
    """One writing for comparison: width, kana width, case, hyphens, no spaces."""
    wide = unicodedata.normalize("NFKC", text.translate(_HYPHENS))
    tight = "".join(wide.split()).upper().translate(_HYPHENS)
    # Without its spaces a text may hold accents that now combine.
    tight = unicodedata.normalize("NFKC", tight)
    return _LONG_MARK_AS_HYPHEN.sub("-", tight)


def same(one: str, other: str) -> bool:
    """Whether two writings of a symbol, number or name mean the same."""
    return fold(one) == fold(other)


def same_insurer(one: str, other: str) -> bool:
    """As `same`, and blind to padding: systems pad 6 digits to 8 with 0 or space."""
    return fold(one).lstrip("0") == fold(other).lstrip("0")
