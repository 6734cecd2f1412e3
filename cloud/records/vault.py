"""The side that writes records. It alone holds the vault secret; no reader does."""

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from cloud.records.model import ITEM_OF, Kind, Record, kind_of
from cloud.records.month import Month
from cloud.records.sealing import Place, SealedRow, record_key, seal
from cloud.records.service import RecordStore
from cloud.records.writing import written
from cloud.registry.model import PersonId


class Vault:
    def __init__(
        self, store: RecordStore, secret: bytes, random: Callable[[int], bytes]
    ) -> None:
        self._store = store
        self._secret = secret
        self._random = random

    def __repr__(self) -> str:
        return "Vault(...)"

    def replace(self, records: Mapping[PersonId, Iterable[Record]]) -> int:
        """These records instead of all there are of these persons; how many."""
        rows = [
            row
            for person, held in records.items()
            for row in self._sealed(person, held)
        ]
        self._store.replace(list(records), rows)
        return len(rows)

    def _sealed(self, person: PersonId, held: Iterable[Record]) -> list[SealedRow]:
        keys = {
            item: record_key(self._secret, person, item)
            for item in sorted(set(ITEM_OF.values()))
        }
        sealed = []
        for (kind, month), group in groupby(sorted(held, key=_shelf), key=_shelf):
            texts = [written(one) for one in group]
            for row, text in enumerate(texts):
                place = Place(person, kind, month, row, len(texts))
                sealed.append(seal(keys[ITEM_OF[kind]], text, place, self._random))
        return sealed


def _shelf(record: Record) -> tuple[Kind, Month]:
    return kind_of(record), record.month
