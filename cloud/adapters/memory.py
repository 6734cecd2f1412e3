"""The stores in memory: for tests and development. The same contracts as SQLite."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from cloud.access.ledger import (
    VERIFICATION_STANDS_MS,
    Audit,
    Kept,
    Settled,
    Verification,
)
from cloud.access.reused import entries
from cloud.adapters.benefits_json import benefits_text
from cloud.adapters.memory_consents import MemoryConsents
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.adapters.memory_page import MemoryPage
from cloud.audit.service import AuditLog
from cloud.facilities.model import Reader
from cloud.registry.held import Held
from cloud.registry.model import CertificateLink, Entry, PersonId, lookup_key
from cloud.registry.service import Record
from protocol.catalogue import Code
from protocol.freshness import WINDOW_MS
from protocol.ids import FacilityCode, KeyId, ReaderId, RequestId


class MemoryRegistry:
    def __init__(self) -> None:
        self.entries: dict[PersonId, Entry] = {}
        self._links: dict[CertificateLink, PersonId] = {}
        self._references: dict[bytes, PersonId] = {}

    def linked(self, link: CertificateLink) -> Entry | None:
        person_id = self._links.get(link)
        return None if person_id is None else self.entries[person_id]

    def person(self, person_id: PersonId) -> Entry | None:
        return self.entries.get(person_id)

    def numbered(self, lookups: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        found = {key: self._holding(key.__eq__) for key in lookups}
        return {key: entries for key, entries in found.items() if entries}

    def held(self, lookups: Sequence[str]) -> dict[str, list[Held]]:
        return {
            key: [row for entry in entries for row in _flat(key, entry)]
            for key, entries in self.numbered(lookups).items()
        }

    def persons(self, ids: Sequence[PersonId]) -> dict[PersonId, Entry]:
        return {one: self.entries[one] for one in ids if one in self.entries}

    def numbered_alike(self, beginning: str, limit: int) -> tuple[Entry, ...]:
        return self._holding(lambda key: key.startswith(beginning))[:limit]

    def _holding(self, fits: Callable[[str], bool]) -> tuple[Entry, ...]:
        return tuple(
            entry
            for _, entry in sorted(self.entries.items())
            if any(
                fits(lookup_key(one.insurer_number, one.symbol, one.number))
                for one in entry.person.insurances
            )
        )

    def put(self, records: Iterable[Record]) -> int:
        taken = list(records)
        for record in taken:
            new = PersonId(len(self._references) + 1)
            person_id = self._references.setdefault(record.reference, new)
            self.entries[person_id] = Entry(person_id, record.person)
            self._links.update(dict.fromkeys(record.links, person_id))
        return len(taken)

    def register(self, person_id: PersonId) -> None:
        entry = self.entries[person_id]
        self.entries[person_id] = Entry(
            person_id, replace(entry.person, registered=True, registered_until=None)
        )


def _flat(key: str, entry: Entry) -> list[Held]:
    who = entry.person
    return [
        Held(
            key,
            entry.id,
            who.name,
            who.name_kana,
            who.sex.value,
            who.birth_date.isoformat(),
            who.address,
            who.post_number,
            int(who.hold),
            lookup_key(one.insurer_number, one.symbol, one.number),
            one.card_classification,
            one.insurer_number,
            one.insurer_name,
            one.relationship.value,
            one.valid_from.isoformat(),
            one.valid_until.isoformat() if one.valid_until else None,
            one.symbol,
            one.number,
            one.branch,
            one.insured_name,
            one.loss_reason,
            one.copayment_ratio,
            one.copayment_limit,
            int(one.unregistered),
            benefits_text(one.benefits),
        )
        for one in who.insurances
    ]


class MemoryFacilities:
    def __init__(self) -> None:
        self._readers: dict[ReaderId, Reader] = {}
        self._items: dict[FacilityCode, tuple[str, ...]] = {}

    def reader_by_key(self, key_id: KeyId) -> Reader | None:
        found = [r for r in self._readers.values() if r.key_id == key_id]
        return found[0] if found else None

    def put_readers(self, readers: Iterable[Reader]) -> int:
        taken = {reader.id: reader for reader in readers}
        self._readers.update(taken)
        return len(taken)

    def consent_items(self, facility: FacilityCode) -> tuple[str, ...] | None:
        return self._items.get(facility)

    def put_consent_items(self, facility: FacilityCode, items: tuple[str, ...]) -> None:
        self._items[facility] = items


class MemoryLedger:
    """Commits into a registry and consents that live as long as itself."""

    def __init__(
        self,
        registry: MemoryRegistry,
        consents: MemoryConsents,
        eligibility: MemoryEligibility,
        log: AuditLog,
        page: MemoryPage,
    ) -> None:
        self._registry = registry
        self._eligibility = eligibility
        self._log = log
        self._page = page
        self._consents = consents
        self._requests: dict[tuple[ReaderId, RequestId], Settled] = {}
        self._envelopes: dict[bytes, int] = {}
        self._verifications: dict[tuple[ReaderId, RequestId], Verification] = {}
        self._stands_in: dict[ReaderId, FacilityCode] = {}
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._refusals: Counter[str] = Counter()

    def commit(self, settled: Sequence[Settled], audits: Sequence[Audit]) -> list[Kept]:
        kept = [self._keep(one) for one in settled]
        self._refusals.update(audit.code.value for audit in audits)
        self._refusals.update(one.refused.value for one in kept if one.refused)
        self._log.append(list(entries(settled, kept)))
        return kept

    def verification(self, reader: ReaderId, request: RequestId) -> Verification | None:
        return self._verifications.get((reader, request))

    def verification_at(
        self, facility: FacilityCode, request: RequestId
    ) -> Verification | None:
        for (reader, known), one in self._verifications.items():
            if known == request and self._stands_in[reader] == facility:
                return one
        return None

    def verifications(self, facility: FacilityCode) -> list[Verification]:
        ours = [
            one
            for (reader, _), one in self._verifications.items()
            if self._stands_in[reader] == facility
        ]
        return sorted(ours, key=lambda one: (-one.at, one.request))

    def forget(self, now_ms: int) -> int:
        horizon = now_ms - 2 * WINDOW_MS
        over = [key for key, one in self._requests.items() if one.expires_at <= horizon]
        old = [key for key, seen in self._envelopes.items() if seen < horizon]
        past = [
            key
            for key, one in self._verifications.items()
            if one.at < now_ms - VERIFICATION_STANDS_MS
        ]
        for key in over:
            del self._requests[key]
        for key in past:
            del self._verifications[key]
        for envelope in old:
            del self._envelopes[envelope]
        return len(over) + len(old) + len(past)

    def counts(self) -> list[tuple[str, str, str, int]]:
        return sorted((*key, n) for key, n in self._counts.items())

    def refusals(self) -> list[tuple[str, int]]:
        return sorted(self._refusals.items())

    def _keep(self, one: Settled) -> Kept:
        known = self._requests.setdefault((one.reader, one.request), one)
        if known is not one:
            return self._again(one, known)
        for verification in one.verifications:
            place = (verification.reader, verification.request)
            self._verifications[place] = verification
            self._stands_in[verification.reader] = one.usage.facility
        self._consents.keep(one.consents, one.data_keys)
        if one.registers is not None:
            self._registry.register(one.registers)
        if one.watch is not None:
            self._eligibility.watch(one.watch)
        if one.continuing is not None:
            self._eligibility.put_continuing(one.continuing)
        if one.link is not None:
            self._page.put(one.link)
        self._counts[one.usage.kind, one.usage.outcome, one.usage.code] += 1
        return Kept(one.answer)

    def _again(self, one: Settled, known: Settled) -> Kept:
        if one.envelope == known.envelope or one.envelope in self._envelopes:
            return Kept(None, Code.REPLAYED)
        self._envelopes[one.envelope] = one.usage.at
        if known.request_hash != one.request_hash:
            return Kept(None, Code.REQUEST_ID_REUSED)
        return Kept(known.answer, repeated=True)
