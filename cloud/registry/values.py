"""Values of a load file, one at a time: what each must look like. Pure.

What comes again and again (dates, insurers, writings of a symbol) is remembered.
"""

import re
from datetime import date
from functools import lru_cache
from typing import Final

from cloud.registry.faults import Fault, FaultCode
from protocol.numbers import (
    NumberError,
    check_digit,
    fold,
    insurer_number,
    public_expense_number,
)

CLASSIFICATIONS: Final = frozenset(["01", "02", "03", "04", "05", "06", "07", "A1"])
"""OQSCD010."""
LOSSES: Final = frozenset({"", "01", "02", "03", "99"})
"""OQSCD008, and empty."""
LIMIT_CERTIFICATES: Final = frozenset({"01", "02", "03"})
"""OQSCD011."""
LIMIT_CATEGORIES: Final = frozenset(
    [f"A{one:02}" for one in range(1, 7)] + [f"B{one:02}" for one in range(1, 11)]
)
"""OQSCD012."""
SEXES: Final = frozenset({"1", "2", "3"})
RELATIONSHIPS: Final = frozenset({"1", "2"})

is_reference: Final = re.compile(r"[0-9A-Za-z-]{8,64}").fullmatch
is_branch: Final = re.compile(r"[0-9]{2}").fullmatch
is_elderly_number: Final = re.compile(r"[0-9]{8}").fullmatch
is_ratio: Final = re.compile(r"0[0-9]0|100").fullmatch
is_post_number: Final = re.compile(r"[0-9]{3}-?[0-9]{4}").fullmatch
is_sha256: Final = re.compile(r"[0-9a-fA-F]{64}").fullmatch
_INDIVIDUAL: Final = re.compile(r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}").fullmatch
_HALF: Final = re.compile(r"[!-~｡-ﾟ]").search
_FULL: Final = re.compile(r"[^ -~｡-ﾟ　]").search
_REMEMBERED: Final = 1 << 16


@lru_cache(_REMEMBERED)
def insurer_key(number: str) -> str:
    """An insurer whatever the padding: systems pad 6 digits to 8 with 0 or space."""
    return fold(number).lstrip("0")


@lru_cache(_REMEMBERED)
def insurer(text: str, assistance: bool, strict: bool) -> tuple[str, str] | Fault:
    """The number in plain digits, and folded for comparison."""
    plain = fold(text)
    check = public_expense_number if assistance else insurer_number
    try:
        check(plain, strict=strict)
    except NumberError as error:
        fits = len(plain) not in (6, 8) or not plain.isdigit()
        wrong = fits or check_digit(plain[:-1]) == plain[-1]
        code = FaultCode.NUMBER_SHAPE if wrong else FaultCode.CHECK_DIGIT
        return Fault("insurer_number", code if plain else FaultCode.MISSING, str(error))
    return plain, plain.lstrip("0")


@lru_cache(_REMEMBERED)
def folded(text: str) -> str:
    return fold(text)


def folded_number(text: str) -> str:
    """As `folded`; most numbers are plain digits, which folding leaves alone."""
    return text if text.isascii() and text.isdigit() else fold(text)


@lru_cache(_REMEMBERED)
def day(text: str) -> str | None:
    """ISO text of YYYY-MM-DD or YYYYMMDD; None for what is no calendar date."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    # fromisoformat alone would also take weeks (2024-W09-4).
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def mixed_width(text: str) -> bool:
    """全角または半角、混在しない: a space is of either width."""
    return bool(not text.isascii() and _HALF(text) and _FULL(text))


def reference_fault(text: str) -> Fault | None:
    if _INDIVIDUAL(text):
        return Fault("resident_ref", FaultCode.INDIVIDUAL_NUMBER)
    if not is_reference(text):
        code = FaultCode.REFERENCE if text else FaultCode.MISSING
        return Fault("resident_ref", code)
    return None
