"""The strings of JP_Coverage: who is insured, as one text. Pure.

被保険者個人識別子 (jp-core-v1x, StructureDefinition-jp-coverage): insurer, symbol,
number, branch, joined by colons. The insurer is padded left with zeros to eight; symbol
and number are of one width, full as soon as there is more than letters and digits, and
have no space; what is missing is empty, and its colon stays. The text calls the colon
"5A hex"; its examples have a colon, which is 3A.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cloud.fhir import systems
from protocol.numbers import fold, same, same_insurer

_FULL: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_MEMBER: Final = re.compile(r"[0-9]{8}:[^:\s]*:[^:\s]*:(?:[0-9]{2})?")
"""Rule R1013 of the clins guide, which has the same."""
_CSV: Final = re.compile(r'"([^"]*)","([^"]*)","([^"]*)","([^"]*)"')
_NARROW: Final = re.compile(r"[0-9A-Za-z]*")
_WIDE: Final = re.compile(r"[^\x00-\x7f\uff61-\uff9f\s]*")
INSURER_DIGITS: Final = 8
BRANCH_DIGITS: Final = 2


class IdentifierError(ValueError):
    """Not the text of an insured person."""


@dataclass(frozen=True, slots=True)
class Insured:
    """Whom an identifier names; text as it was written."""

    insurer: str
    symbol: str
    number: str
    branch: str = ""

    def __repr__(self) -> str:
        """No number: a value may meet a log or a traceback."""
        return "Insured()"


def member_id(who: Insured) -> str:
    """`00012345:あいう:１８７:05`."""
    parts = (
        _insurer(who.insurer),
        of_one_width(who.symbol),
        of_one_width(who.number),
        branch(who.branch),
    )
    return ":".join(parts)


def csv_id(who: Insured) -> str:
    """`"00012345","１２－３４","５６７８","00"`."""
    parts = (
        _insurer(who.insurer),
        widened(who.symbol),
        widened(who.number),
        branch(who.branch),
    )
    return ",".join(f'"{part}"' for part in parts)


def read(system: str, value: str) -> Insured:
    """The value of either identifier. Raises IdentifierError."""
    if system == systems.MEMBER_ID and _MEMBER.fullmatch(value):
        return Insured(*value.split(":"))
    if system == systems.CSV_ID and (found := _CSV.fullmatch(value)):
        return Insured(*found.groups())
    raise IdentifierError


def widened(text: str) -> str:
    """All of it in full width, without spaces."""
    tight = "".join(unicodedata.normalize("NFKC", text).split())
    return tight.translate(_FULL)


def of_one_width(text: str) -> str:
    """As printed where that is of one width; else in full width."""
    tight = "".join(text.split())
    if _NARROW.fullmatch(tight) or _WIDE.fullmatch(tight):
        return tight
    return widened(tight)


def branch(text: str) -> str:
    """Two digits of half width; nothing stays nothing."""
    digits = fold(text)
    return digits.zfill(BRANCH_DIGITS) if digits else ""


def faults(coverage: Mapping[str, Any]) -> list[str]:
    """Where a Coverage breaks JP_Coverage, in words and without its values.

    Of an insurance; a public expense has no member id.
    """
    return list(_faults(coverage))


def _faults(coverage: Mapping[str, Any]) -> Iterator[str]:
    ids: dict[str, list[str]] = {}
    for one in coverage.get("identifier", ()):
        ids.setdefault(one.get("system", ""), []).append(one.get("value", ""))
    for system in (systems.MEMBER_ID, systems.CSV_ID):
        if len(ids.get(system, ())) != 1:
            yield f"identifier {system}: one, not {len(ids.get(system, ()))}"
            return
    try:
        member = read(systems.MEMBER_ID, ids[systems.MEMBER_ID][0])
        csv = read(systems.CSV_ID, ids[systems.CSV_ID][0])
    except IdentifierError:
        yield "identifier: not in the form of its system"
        return
    yield from _widths(member, csv)
    if not _alike(member, csv):
        yield "identifier: the two name different people"
    yield from _extensions(coverage, csv)
    if not coverage.get("payor"):
        yield "payor: missing"
    for cost in coverage.get("costToBeneficiary", ()):
        if cost["type"]["coding"][0]["code"] != "copaypct":
            yield "costToBeneficiary.type: copaypct"


def _widths(member: Insured, csv: Insured) -> Iterator[str]:
    for name in ("symbol", "number"):
        text = getattr(member, name)
        if not (_NARROW.fullmatch(text) or _WIDE.fullmatch(text)):
            yield f"{name}: of two widths"
        if not _WIDE.fullmatch(getattr(csv, name)):
            yield f"{name}: not of full width in the CSV form"
    if not re.fullmatch(r"[0-9]{8}", csv.insurer):
        yield "insurer: eight digits"
    if not re.fullmatch(r"(?:[0-9]{2})?", csv.branch):
        yield "branch: two digits or nothing"


def _extensions(coverage: Mapping[str, Any], csv: Insured) -> Iterator[str]:
    found = {one["url"]: one for one in coverage.get("extension", ())}
    for url, text in (
        (systems.SYMBOL, csv.symbol),
        (systems.NUMBER, csv.number),
        (systems.BRANCH, csv.branch),
    ):
        if found.get(url, {}).get("valueString", "") != text:
            yield f"{url}: not as in the identifier"
    if coverage.get("dependent", "") != csv.branch:
        yield "dependent: not as in the identifier"


def _alike(one: Insured, other: Insured) -> bool:
    return same_insurer(one.insurer, other.insurer) and all(
        same(getattr(one, name), getattr(other, name))
        for name in ("symbol", "number", "branch")
    )


def _insurer(text: str) -> str:
    return fold(text).zfill(INSURER_DIGITS)
