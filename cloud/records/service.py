"""Reading records, page by page, and only while the consent lives.

The key of every page is asked for anew and kept no longer than the page; what was made
of the pages leaves only if every consent still opens when it is finished. A withdrawal,
an expiry or a destroyed data key therefore ends a reading with nothing handed out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol, TypeVar

from cloud.consent.gate import ConsentClosedError
from cloud.records.errors import DisclosureHeldError, SealBrokenError
from cloud.records.lag import Period, readable
from cloud.records.model import (
    ITEM_OF,
    Checkup,
    DrugLine,
    Kind,
    Operation,
    Record,
    Treatment,
)
from cloud.records.month import Month
from cloud.records.sealing import SealedRow, unseal
from cloud.records.writing import read
from cloud.registry.model import Entry, PersonId

PAGE_ROWS = 50
T = TypeVar("T")


class OpenConsent(Protocol):
    """One facility's consent to one item of one person."""

    def key(self) -> bytes:
        """The record key, asked for before every page and never kept.

        Raises ConsentClosedError when the consent has expired, was withdrawn, or its
        data key is destroyed.
        """
        ...

    def until(self) -> int | None:
        """Its end, Unix ms; None: when it is withdrawn. Raises the same."""
        ...


class RecordStore(Protocol):
    def page(
        self,
        person: PersonId,
        kind: Kind,
        period: Period,
        after: tuple[Month, int] | None,
        limit: int,
    ) -> list[SealedRow]:
        """Rows by month and row, those after (month, row)."""
        ...

    def replace(self, persons: Sequence[PersonId], rows: Sequence[SealedRow]) -> None:
        """These rows instead of all there are of these persons, all or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What was on record, oldest first. An item that is not open has no rows here."""

    until: Mapping[str, int | None]
    """By opened item: when its consent ends (Unix ms; None: when it is withdrawn)."""
    drugs: tuple[DrugLine, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    operations: tuple[Operation, ...] = ()
    checkups: tuple[Checkup, ...] = ()

    @classmethod
    def of(cls, until: Mapping[str, int | None], records: Iterable[Record]) -> "Found":
        """Records sorted out by kind, in their order."""
        held = tuple(records)
        return cls(
            until,
            tuple(one for one in held if isinstance(one, DrugLine)),
            tuple(one for one in held if isinstance(one, Treatment)),
            tuple(one for one in held if isinstance(one, Operation)),
            tuple(one for one in held if isinstance(one, Checkup)),
        )

    def __repr__(self) -> str:
        """No drug, no result: a value may meet a log or a traceback."""
        return f"Found({len(self.until)} items)"


class Records:
    def __init__(self, store: RecordStore, page_rows: int = PAGE_ROWS) -> None:
        self._store = store
        self._page_rows = page_rows

    def read(
        self,
        entry: Entry,
        consents: Mapping[str, OpenConsent],
        day: date,
        make: Callable[[Found], T],
    ) -> T:
        """What `make` makes of the records that `consents` (by item) open on `day`.

        Raises ConsentClosedError, DisclosureHeldError, SealBrokenError; then nothing
        is handed out.
        """
        if entry.person.hold:
            raise DisclosureHeldError("disclosure is on hold")
        if not consents:
            raise ConsentClosedError
        made = make(self._gather(entry.id, consents, day))
        for consent in consents.values():
            consent.key()
        return made

    def _gather(
        self, person: PersonId, consents: Mapping[str, OpenConsent], day: date
    ) -> Found:
        found: list[Record] = []
        for kind, item in ITEM_OF.items():
            if item in consents:
                found += self._rows(person, kind, consents[item], readable(kind, day))
        until = {item: consent.until() for item, consent in consents.items()}
        return Found.of(until, found)

    def _rows(
        self, person: PersonId, kind: Kind, consent: OpenConsent, period: Period
    ) -> list[Record]:
        opened: list[Record] = []
        rows: list[SealedRow] = []
        for page in self._pages(person, kind, period):
            key = consent.key()
            opened += [read(kind, unseal(key, row)) for row in page]
            rows += page
        _complete(rows)
        return opened

    def _pages(
        self, person: PersonId, kind: Kind, period: Period
    ) -> Iterator[list[SealedRow]]:
        """At least one, so that the consent is asked even for an empty record."""
        after: tuple[Month, int] | None = None
        while True:
            page = self._store.page(person, kind, period, after, self._page_rows)
            yield page
            if len(page) < self._page_rows:
                return
            after = page[-1].place.month, page[-1].place.row


def _complete(rows: list[SealedRow]) -> None:
    """Every month has all its rows; their number is bound to each of them."""
    for _, month in groupby(rows, key=lambda row: row.place.month):
        places = [row.place for row in month]
        if [place.row for place in places] != list(range(places[0].rows)):
            raise SealBrokenError("a stored record is missing")
