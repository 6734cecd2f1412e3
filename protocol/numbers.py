"""Numbers of insurers, public expense and facilities: shape and check digit.

保険者番号, 公費負担者番号, 医療機関コード. A number stays text as printed; folding is
for comparing two writings of it, never for output.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from protocol.ids import FacilityCode

_HYPHENS: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_LONG_MARK_AS_HYPHEN: Final = re.compile(r"(?<=[0-9A-Z])ー(?=[0-9A-Z])")
_ASCII_DIGITS: Final = re.compile(r"[0-9]+")
_SCORE_TABLES: Final = frozenset("1346")
"""医科, 歯科, 調剤, 訪問看護."""
SUBSTITUTE: Final = "9"
"""In place of a score table: a code issued here to who has none (職域診療所). No score
table has this number, so it can be no real facility's."""
_SERIAL: Final = 6


_PREFECTURES: Final = frozenset(f"{one:02}" for one in range(1, 48)) | {"99"}
"""99 is nowhere: what stands there is fictitious."""
_INSURER_LAWS: Final = frozenset(
    f"{one:02}"
    for one in (*range(1, 5), 6, 7, *range(31, 35), 39, 63, 67, *range(72, 76))
)
"""法別番号 of health insurance. Used to narrow a mistype down, never to refuse."""


class NumberError(ValueError):
    """A number is wrong at `position` (1 is the leftmost digit).

    `suspects` are (position, digit): each alone would put the number right.
    """

    def __init__(
        self,
        sentence: str,
        position: int,
        expected: str = "",
        suspects: tuple[tuple[int, str], ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.position = position
        self.expected = expected
        self.suspects = suspects


def check_digit(digits: str) -> str:
    """The digit that follows: from the right weights 2, 1, 2, 1; products' digits."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        product = int(digit) * (1 if place % 2 else 2)
        total += product // 10 + product % 10
    return str(-total % 10)


def insurer_number(text: str, *, strict: bool = True) -> str:
    """Accept 保険者番号 of 8 or (国保) 6 digits. Raises NumberError."""
    return _checked("an insurer number", text, (8, 6), _insurer, strict=strict)


def public_expense_number(text: str, *, strict: bool = True) -> str:
    """Accept 公費負担者番号 of 8 digits. Raises NumberError."""
    kind = "a public-expense number"
    return _checked(kind, text, (8,), _prefecture_third, strict=strict)


def facility_code(text: str, *, strict: bool = True) -> FacilityCode:
    """Accept 医療機関コード: prefecture 2, score table 1, and 7 with a Luhn digit.

    Not `strict` lets wrong check digits pass: public test data has them. Substitute
    codes (`substitute_code`) are taken as well, and always with their check digit.
    Raises NumberError.
    """
    _shape("a facility code", text, (10,))
    if not 1 <= int(text[:2]) <= 47:
        raise NumberError("digits 1 and 2 are a prefecture, 01 to 47", 1)
    if is_substitute(text):
        # We issued it ourselves: no test data excuses a wrong digit.
        kind = "a substitute facility code"
        return FacilityCode(_checked(kind, text, (10,), is_substitute, strict=True))
    if text[2] not in _SCORE_TABLES:
        raise NumberError("digit 3 is a score table: 1, 3, 4 or 6", 3)
    kind = "a facility code"
    return FacilityCode(_checked(kind, text, (10,), _facility, strict=strict))


def substitute_code(prefecture: str, serial: int) -> FacilityCode:
    """医療機関等コードの代替: prefecture 2, 9, serial 6, Luhn. Raises NumberError.

    `serial` from 1; this numbering is ours, not the national body's.
    """
    digits = f"{serial:0{_SERIAL}}"
    if not 1 <= serial < 10**_SERIAL:
        raise NumberError("a prefecture has 999,999 substitute codes", 4)
    body = f"{prefecture}{SUBSTITUTE}{digits}"
    return facility_code(body + check_digit(body))


def is_substitute(text: str) -> bool:
    """Whether a code of 10 digits is of the numbering for who has no code."""
    return text[2:3] == SUBSTITUTE


def corrections(
    number: str, plausible: Callable[[str], bool] = lambda _: True
) -> tuple[tuple[int, str], ...]:
    """Every single digit that, changed, makes the check digit fit: (position, digit).

    Each place has exactly one, so the check digit alone narrows nothing down; that
    prefectures and laws have few numbers (`plausible`) does.
    """
    fitting = (
        (place, digit, number[:place] + digit + number[place + 1 :])
        for place in range(len(number))
        for digit in "0123456789"
        if digit != number[place]
    )
    return tuple(
        (place + 1, digit)
        for place, digit, fixed in fitting
        if check_digit(fixed[:-1]) == fixed[-1] and plausible(fixed)
    )


def _insurer(number: str) -> bool:
    law, prefecture = (number[:-6], number[-6:-4])
    return prefecture in _PREFECTURES and (not law or law in _INSURER_LAWS)


def _prefecture_third(number: str) -> bool:
    return number[2:4] in _PREFECTURES


def _facility(number: str) -> bool:
    return number[:2] in _PREFECTURES and number[2] in _SCORE_TABLES


def _checked(
    what: str,
    text: str,
    lengths: tuple[int, ...],
    plausible: Callable[[str], bool],
    *,
    strict: bool,
) -> str:
    _shape(what, text, lengths)
    expected = check_digit(text[:-1])
    if strict and text[-1] != expected:
        last = len(text)
        suspects = corrections(text, plausible)
        others = [one for one in suspects if one[0] != last]
        sentence = f"digit {last}, the check digit, should be {expected}"
        if others:
            listed = ", ".join(f"{place} (then {digit})" for place, digit in others)
            sentence += f"; or one other digit is mistyped: {listed}"
        raise NumberError(sentence, last, expected, suspects)
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
    if text.isascii():
        # Most are; of all this only spaces and case remain to be folded.
        return "".join(text.split()).upper()
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
