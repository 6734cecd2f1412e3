"""Whose certificate is this; and the two things that change a person here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cloud.registry.held import Held
from cloud.registry.model import CertificateLink, Entry, LinkKind, Person, PersonId

ALIKE = 8


class RegistryStore(Protocol):
    """Persons by certificate; every method sees the others' committed work."""

    def linked(self, link: CertificateLink) -> Entry | None: ...

    def person(self, person_id: PersonId) -> Entry | None: ...

    def numbered(self, lookups: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        """Persons who hold an insurance with such a lookup key, by the key."""
        ...

    def held(self, lookups: Sequence[str]) -> dict[str, list[Held]]:
        """The same in flat rows, a row for every insurance of such a person."""
        ...

    def persons(self, ids: Sequence[PersonId]) -> dict[PersonId, Entry]:
        """Those of them who are here."""
        ...

    def numbered_alike(self, beginning: str, limit: int) -> tuple[Entry, ...]:
        """Persons whose lookup key begins so."""
        ...

    def put(self, records: Iterable["Record"]) -> int:
        """Insert or replace by `reference`, in one transaction; how many."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """A person on the way into the registry."""

    reference: bytes
    """What makes the import idempotent: the same reference is the same person."""
    person: Person
    links: tuple[CertificateLink, ...] = ()


class Registry:
    def __init__(self, store: RegistryStore) -> None:
        self._store = store

    def holder(self, fingerprint: bytes, subject_key: bytes | None) -> Entry | None:
        """The person of a certificate, by itself first, then by its key."""
        found = self._store.linked(CertificateLink(LinkKind.CERTIFICATE, fingerprint))
        if found is None and subject_key is not None:
            link = CertificateLink(LinkKind.SUBJECT_KEY, subject_key)
            found = self._store.linked(link)
        return found

    def person(self, person_id: PersonId) -> Entry | None:
        return self._store.person(person_id)

    def numbered(self, lookups: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        return self._store.numbered(lookups)

    def held(self, lookups: Sequence[str]) -> dict[str, list[Held]]:
        return self._store.held(lookups)

    def persons(self, ids: Sequence[PersonId]) -> dict[PersonId, Entry]:
        return self._store.persons(ids)

    def numbered_alike(self, beginning: str) -> tuple[Entry, ...]:
        """A few are enough to know that there are some."""
        return self._store.numbered_alike(beginning, ALIKE)

    def take_over(self, records: Iterable[Record]) -> int:
        return self._store.put(records)
