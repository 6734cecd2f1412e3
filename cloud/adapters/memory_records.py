"""Sealed records in memory: for tests and development. The same contract as SQL."""

from collections.abc import Sequence

from cloud.records.lag import Period
from cloud.records.model import Kind
from cloud.records.month import Month
from cloud.records.sealing import SealedRow
from cloud.registry.model import PersonId


class MemoryRecords:
    def __init__(self) -> None:
        self.rows: list[SealedRow] = []

    def page(
        self,
        person: PersonId,
        kind: Kind,
        period: Period,
        after: tuple[Month, int] | None,
        limit: int,
    ) -> list[SealedRow]:
        start = after or (Month(""), -1)
        found = [
            row
            for row in self.rows
            if (row.place.person, row.place.kind) == (person, kind)
            and period.holds(row.place.month)
            and _shelf(row) > start
        ]
        return sorted(found, key=_shelf)[:limit]

    def replace(self, persons: Sequence[PersonId], rows: Sequence[SealedRow]) -> None:
        kept = [row for row in self.rows if row.place.person not in persons]
        self.rows = [*kept, *rows]


def _shelf(row: SealedRow) -> tuple[Month, int]:
    return row.place.month, row.place.row
