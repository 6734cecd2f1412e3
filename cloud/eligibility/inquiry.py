"""Asking by symbol, number and branch: who fits, and what of them is valid. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cloud.eligibility.cause import Cause, why_invalid
from cloud.eligibility.model import validity_of
from cloud.registry.model import Entry, Insurance, lookup_key
from protocol.codes import Validity
from protocol.numbers import NumberError, fold, insurer_number

INSURER_DIGITS = 6
"""A national-health insurer's number, which files pad to eight."""


@dataclass(frozen=True, slots=True)
class NumberQuery:
    """What staff type from a card; text as printed."""

    insurer: str
    symbol: str
    number: str
    birth_date: date
    branch: str = ""
    """Empty: not stated, which is not the same as 00."""
    limit_consent: bool = False
    """限度額: the patient agreed orally at the desk (U8)."""
    on: date | None = None
    """As of which day; None: today."""

    @property
    def lookup(self) -> str:
        return lookup_key(self.insurer, self.symbol, self.number)

    @property
    def beginning(self) -> str:
        """Of the lookup keys that differ in the symbol alone."""
        return self.lookup.rpartition("|")[0] + "|"

    def __repr__(self) -> str:
        """No number: a value may meet a log or a traceback."""
        return "NumberQuery()"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a query comes to. Only one that found exactly one person carries it."""

    validity: Validity
    cause: Cause | None = None
    entry: Entry | None = None
    insurance: Insurance | None = None


def insurer_mistyped(query: NumberQuery) -> bool:
    """Whether the insurer's number cannot be one: known before anybody is asked."""
    return insurer_impossible(query.insurer)


def insurer_impossible(printed: str) -> bool:
    text = fold(printed)
    padded = len(text) > INSURER_DIGITS and text.startswith("00")
    try:
        insurer_number(text[2:] if padded else text)
    except NumberError:
        return True
    return False


def find(query: NumberQuery, candidates: Sequence[Entry], day: date) -> Finding:
    """Among those with the same insurer and number (whatever their symbol)."""
    lookup = query.lookup
    fitting = [
        (entry, one)
        for entry in candidates
        for one in entry.person.insurances
        if _numbered(lookup, one)
    ]
    if not fitting:
        known = any(True for _ in candidates)
        cause = Cause.SYMBOL_DIFFERS if known else Cause.NUMBER_UNKNOWN
        return Finding(Validity.NOT_FOUND, cause)
    branched = [pair for pair in fitting if _branch_fits(query, pair[1])]
    if not branched:
        return Finding(Validity.NOT_FOUND, Cause.BRANCH_DIFFERS)
    born = [p for p in branched if p[0].person.birth_date == query.birth_date]
    if not born:
        return Finding(Validity.NOT_FOUND, Cause.BIRTH_DATE_DIFFERS)
    if len({entry.id for entry, _ in born}) > 1:
        return Finding(Validity.SEVERAL, Cause.SEVERAL_PERSONS)
    return _of_one(born[0][0], [one for _, one in born], day)


def _of_one(entry: Entry, asked: Sequence[Insurance], day: date) -> Finding:
    """The one asked for that holds on the day; else the one that began last."""
    current = [one for one in asked if one.current(day)]
    insurance = max(current or asked, key=lambda one: one.valid_from)
    held = entry.person.insurances
    return Finding(
        validity_of(insurance, held, day),
        why_invalid(insurance, held, day),
        entry,
        insurance,
    )


def _numbered(lookup: str, one: Insurance) -> bool:
    return lookup_key(one.insurer_number, one.symbol, one.number) == lookup


def _branch_fits(query: NumberQuery, one: Insurance) -> bool:
    if not query.branch:
        return True
    # 1 is 01; nothing is not 00.
    two = fold(query.branch).zfill(2), fold(one.branch).zfill(2)
    return bool(one.branch) and two[0] == two[1]


def lookups(queries: Iterable[NumberQuery]) -> list[str]:
    return list({query.lookup for query in queries})
