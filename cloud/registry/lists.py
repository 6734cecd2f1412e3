"""Lists A, B and C: whom an insurer must send a 資格確認書. Pure.

A: no card, or not registered for use (as of the month's end). B: use was unlinked in
the month. C: the certificate ended in the month, or (daily) the card was given back.
A person stands on one list a month: what happened goes before what is.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from cloud.registry.use import month_end, registered_on


class List(StrEnum):
    A = "A"
    B = "B"
    C = "C"


class Reason(StrEnum):
    NO_CARD = "no_card"
    NOT_REGISTERED = "not_registered"
    UNLINKED = "unlinked"
    EXPIRED = "expired"
    RETURNED = "returned"


class Facts(NamedTuple):
    """An insurance that is valid on the last day, and its person's card and use."""

    insurer_number: str
    symbol: str
    number: str
    branch: str
    registered: bool
    registered_until: date | None = None
    has_card: bool = False
    """A certificate is linked."""
    card_until: date | None = None
    """The last day (JST) of the one that lasts longest; None: not known."""
    returned: bool = False
    """A card was given back in the month."""

    def __repr__(self) -> str:
        return "Facts()"


class Listed(NamedTuple):
    facts: Facts
    list: List
    reason: Reason
    day: date | None
    """When it happened; None of a state."""


class Month(NamedTuple):
    first: date

    @property
    def last(self) -> date:
        return month_end(self.first)

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


class ListStore(Protocol):
    def facts(self, month: Month) -> Iterator[Facts]:
        """Of every insurance valid on the month's last day whose person is not on
        hold, ordered by insurer."""
        ...

    def returned(self, day: date) -> Iterator[Facts]:
        """The same, of the persons whose card was given back on the day."""
        ...


def monthly(facts: Facts, month: Month) -> Listed | None:
    until, card_until = facts.registered_until, facts.card_until
    if facts.registered and month.holds(until):
        return Listed(facts, List.B, Reason.UNLINKED, until)
    if facts.has_card and month.holds(card_until):
        return Listed(facts, List.C, Reason.EXPIRED, card_until)
    if facts.returned and not facts.has_card:
        # Told of on its day already.
        return None
    expired = card_until is not None and card_until < month.first
    if not facts.has_card or expired:
        return Listed(facts, List.A, Reason.NO_CARD, None)
    if not registered_on(facts.registered, until, month.last):
        return Listed(facts, List.A, Reason.NOT_REGISTERED, None)
    return None


def of_month(store: ListStore, month: Month) -> Iterator[Listed]:
    for facts in store.facts(month):
        listed = monthly(facts, month)
        if listed is not None:
            yield listed


def of_day(store: ListStore, day: date) -> Iterator[Listed]:
    for facts in store.returned(day):
        yield Listed(facts, List.C, Reason.RETURNED, day)


def rows(listed: Iterable[Listed]) -> Iterator[tuple[str, ...]]:
    """As the insurer gets them: its own numbers, no names."""
    for facts, letter, reason, day in listed:
        yield (
            letter.value,
            facts.insurer_number,
            facts.symbol,
            facts.number,
            facts.branch,
            reason.value,
            day.isoformat() if day else "",
        )


HEADER = ("list", "insurer_number", "symbol", "number", "branch", "reason", "date")
