"""Who signed, where that reader stands, and what is enough there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from cloud.facilities.model import Policy, Reader
from protocol.codes import CONSENT_ITEM_BY_CODE, DEFAULT_ITEMS
from protocol.ids import FacilityCode, KeyId, ReaderId
from protocol.keys import ReaderKey, load_signing_key

REMEMBERED_MS = 30_000
"""How long a reader may still be served after somebody revoked it elsewhere."""


class FacilityStore(Protocol):
    def reader_by_key(self, key_id: KeyId) -> Reader | None: ...

    def consent_items(self, facility: FacilityCode) -> tuple[str, ...] | None:
        """What the facility chose to ask; None: nothing was chosen."""
        ...

    def put_consent_items(
        self, facility: FacilityCode, items: tuple[str, ...]
    ) -> None: ...

    def put_readers(self, readers: Iterable[Reader]) -> int:
        """Insert or replace by reader id, in one transaction; how many."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    reader: Reader
    key: ReaderKey


class Facilities:
    """Remembers readers for half a minute: loading a key costs as much as using it."""

    def __init__(self, store: FacilityStore, policy: Policy) -> None:
        self._store = store
        self._policy = policy
        self._by_key: dict[KeyId, _Known] = {}
        self._by_id: dict[ReaderId, Reader] = {}
        self._items: dict[FacilityCode, tuple[str, ...]] = {}
        self._forget_at = 0

    def key(self, key_id: KeyId, now_ms: int) -> ReaderKey | None:
        """The reader that signs with this key; None for one we do not know."""
        if now_ms >= self._forget_at:
            self._by_key.clear()
            self._by_id.clear()
            self._items.clear()
            self._forget_at = now_ms + REMEMBERED_MS
        known = self._by_key.get(key_id) or self._look_up(key_id)
        return known.key if known else None

    def reader(self, key: ReaderId) -> Reader:
        """A reader whose signature has just been checked. Else KeyError."""
        return self._by_id[key]

    def policy(self, reader: Reader) -> Policy:
        """One policy for the whole cloud today; facilities will have their own."""
        return self._policy

    def consent_items(self, facility: FacilityCode) -> tuple[str, ...]:
        """What patients are asked here (protocol.codes.CONSENT_ITEMS)."""
        found = self._items.get(facility)
        if found is None:
            found = self._store.consent_items(facility)
            found = DEFAULT_ITEMS if found is None else found
            self._items[facility] = found
        return found

    def choose_items(self, facility: FacilityCode, items: Iterable[str]) -> None:
        """Set what is asked here, in the order of the code list. Raises ValueError."""
        wanted = set(items)
        unknown = wanted - CONSENT_ITEM_BY_CODE.keys()
        if unknown:
            raise ValueError(f"unknown consent items: {', '.join(sorted(unknown))}")
        chosen = tuple(one for one in CONSENT_ITEM_BY_CODE if one in wanted)
        self._store.put_consent_items(facility, chosen)

    def take_over(self, readers: Iterable[Reader]) -> int:
        return self._store.put_readers(readers)

    def _look_up(self, key_id: KeyId) -> _Known | None:
        found = self._store.reader_by_key(key_id)
        if found is None:
            return None
        known = _Known(found, _key_of(found))
        self._by_key[key_id] = known
        self._by_id[found.id] = found
        return known


def _key_of(reader: Reader) -> ReaderKey:
    return ReaderKey(
        reader=reader.id,
        public=load_signing_key(reader.public_key),
        not_before=reader.not_before,
        not_after=reader.not_after,
        revoked=reader.revoked,
    )
