"""Persons a facility need not name: in continuing care, online, on assistance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cloud.access.inquire import InquiryAnswer, of_person
from cloud.bulk import answer
from cloud.bulk.answer import Consented, Record
from cloud.bulk.model import Family, Head, Job, Selection
from cloud.bulk.store import BulkStore
from cloud.consent.service import ConsentStore
from cloud.eligibility.cause import Cause
from cloud.registry.benefits import Benefits
from cloud.registry.model import Entry, Insurance, PersonId
from cloud.registry.service import Registry
from protocol.codes import Validity
from protocol.ids import FacilityCode


@dataclass(frozen=True, slots=True)
class Visitors:
    store: BulkStore
    registry: Registry
    consents: ConsentStore

    def decide(
        self, job: Job, head: Head, ids: Sequence[PersonId], now_ms: int
    ) -> list[tuple[Record, PersonId | None]]:
        """Whoever is not to be asked for any more by now is not found."""
        selection = head.selection
        assert selection is not None  # noqa: S101  reading made the head with one
        still = set(
            self.store.people(job.facility, job.family, selection, now_ms)
        ).intersection(ids)
        entries = self.registry.persons(sorted(still))
        return [self._one(job, selection, entries.get(one), now_ms) for one in ids]

    def _one(
        self, job: Job, selection: Selection, entry: Entry | None, now_ms: int
    ) -> tuple[Record, PersonId | None]:
        if entry is None:
            none = InquiryAnswer(Validity.NOT_FOUND, job.on, Cause.NO_INSURANCE)
            return answer.of(None, none), None
        if job.family is Family.ASSISTANCE:
            return answer.of(None, assistance(entry, selection)), entry.id
        found = of_person(entry, job.on)
        if found.person is None:
            return answer.of(None, found), entry.id
        consents = self._consents(job.facility, entry.id, now_ms)
        return answer.of(None, found, consents), entry.id

    def _consents(
        self, facility: FacilityCode, person: PersonId, now_ms: int
    ) -> list[Consented]:
        last = self.consents.last(facility, person)
        return [
            (item, one.flag(now_ms).value, one.decided_at, one.available_until)
            for item, one in sorted(last.items())
        ]


def on_assistance(entry: Entry, month: Selection) -> bool:
    return any(
        one.assistance and _touches(one, month) for one in entry.person.insurances
    )


def assistance(entry: Entry, month: Selection) -> InquiryAnswer:
    """Their medical assistance in a month, as of its last day in it."""
    if entry.person.hold:
        return InquiryAnswer(Validity.NOT_FOUND, month.last, Cause.HOLD)
    held = [
        one
        for one in entry.person.insurances
        if one.assistance and _touches(one, month)
    ]
    if not held:
        return InquiryAnswer(Validity.NOT_FOUND, month.last, Cause.NO_INSURANCE)
    if len(held) > 1:
        cause = Cause.SEVERAL_INSURANCES
        return InquiryAnswer(Validity.SEVERAL, month.last, cause, entry=entry)
    (one,) = held
    validity = Validity.VALID_UNREGISTERED if one.unregistered else Validity.VALID
    shown = replace(one, benefits=Benefits(public=one.benefits.on(month.last).public))
    return InquiryAnswer(validity, month.last, None, entry.person, (shown,), entry)


def _touches(one: Insurance, month: Selection) -> bool:
    return one.valid_from <= month.last and not one.ended_before(month.first)
