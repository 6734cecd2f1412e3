"""A facility asks in FHIR: the questions of `access`, answered as resources."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from cloud.access.asking import Asking, Given
from cloud.access.certificate import moment
from cloud.access.reading import Reading
from cloud.consent.model import Consent
from cloud.eligibility.inquiry import NumberQuery
from cloud.fhir import changed, handle, medical, people
from cloud.fhir.bundle import Links, Page, searchset
from cloud.fhir.consents import consent
from cloud.fhir.coverage import Shown, coverage, public_coverage
from cloud.fhir.eligibility import Answered, response
from cloud.fhir.handle import Handle, HandleError, Kind
from cloud.fhir.outcome import remark
from cloud.fhir.question import Request
from cloud.fhir.resource import Plain, written
from cloud.records.report import Report
from cloud.registry.benefits import PublicExpense
from cloud.registry.fictitious import fictitious
from cloud.registry.model import Entry, Insurance, PersonId
from cloud.registry.service import Registry
from protocol.ids import FacilityCode, RequestId

_DRUGS: Final = "diagnosis_and_drugs"
_CHECKUP: Final = "checkup"
RECORDS: Final[
    Mapping[Kind, tuple[str, str, Callable[[Report, str, medical.Naming], list[Plain]]]]
] = {
    Kind.DRUG: ("MedicationStatement", _DRUGS, medical.statements),
    Kind.RESULT: ("Observation", _CHECKUP, medical.observations),
}
"""Type, consent item and mapping of what takes a living consent."""


class ConsentsHere(Protocol):
    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        """The last answer per item."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A resource that was asked for, committed, and not yet handed out."""

    version: str
    """Changes when what it says does."""
    proof: str
    hand_out: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Searched:
    bundle: bytes
    proof: str


@dataclass(frozen=True, slots=True)
class Fhir:
    asking: Asking
    registry: Registry
    consents: ConsentsHere
    reading: Reading
    secret: bytes = field(repr=False)
    """handle.SECRET_BYTES."""
    new_handle: Callable[[int], RequestId]

    # -- eligibility ---------------------------------------------------------------
    def search_coverage(
        self, facility: FacilityCode, query: NumberQuery, now_ms: int, base: str
    ) -> Searched:
        """By identifier and birth date: one, its public expenses, or why not."""
        given = self._asked(facility, query, now_ms)
        plain = given.hand_out()
        found = self._coverages(facility, given)
        if found:
            found[0]["extension"] += changed.extension(plain["changes"])
        bundle = searchset(
            found[:1],
            Links(base, "Coverage"),
            beside=found[1:],
            remarks=[remark(*_advice(plain))] if plain["advice"] else [],
        )
        return Searched(written(bundle), plain["proof"])

    def coverage(self, facility: FacilityCode, text: str, now_ms: int) -> Found:
        """Raises HandleError."""
        known = self._read(text, Kind.COVERAGE, facility)
        entry = self._entry(known)
        insurance = _holding(entry, known.mark)
        given = self._asked(facility, question(entry, insurance), now_ms)
        found = (one for one in self._coverages(facility, given) if one["id"] == text)
        resource = next(found, None)
        if resource is None:
            raise HandleError
        version, whole = _versioned(resource)

        def hand_out() -> bytes:
            said = changed.extension(given.hand_out()["changes"])
            extensions = [*whole.get("extension", ()), *said]
            more = {"extension": extensions} if extensions else {}
            return written({**whole, **more})

        return Found(version, given.plain["proof"], hand_out)

    def patient(self, facility: FacilityCode, text: str, now_ms: int) -> Found:
        """Raises HandleError."""
        entry = self.person(facility, text)
        held = entry.person.insurances
        if not held:
            raise HandleError
        newest = max(held, key=lambda one: one.valid_from)
        given = self._asked(facility, question(entry, newest), now_ms)
        if given.answer.person is None:
            raise HandleError
        # Of insurances nothing is shown, so nothing of them was seen.
        resource = people.patient(given.answer.person, text)
        version, whole = _versioned(resource)
        return Found(version, given.plain["proof"], lambda: written(whole))

    def submit(self, facility: FacilityCode, request: Request, now_ms: int) -> Searched:
        """CoverageEligibilityRequest/$submit. Raises HandleError."""
        query = request.query
        if query is None:
            known = self._read(request.coverage, Kind.COVERAGE, facility)
            entry = self._entry(known)
            query = question(entry, _holding(entry, known.mark))
        query = replace(query, on=request.on, limit_consent=request.limit_consent)
        name = self.new_handle(now_ms)
        given = self.asking.number(facility, query, handle=name, now_ms=now_ms)
        answered = self._answered(facility, given, name, now_ms)
        made = written(response(request, answered))
        return Searched(made, given.hand_out()["proof"])

    # -- consents ------------------------------------------------------------------
    def search_consents(
        self, facility: FacilityCode, patient: str, page: Page, now_ms: int, base: str
    ) -> bytes:
        """This facility's own. Raises HandleError."""
        entry = self.person(facility, patient)
        last = self.consents.last(facility, entry.id)
        found = [
            self._consent(facility, entry, patient, one, now_ms)
            for _, one in sorted(last.items())
        ]
        links = Links(base, "Consent", {"patient": f"Patient/{patient}"})
        return written(searchset(found, links, page))

    def consent(self, facility: FacilityCode, text: str, now_ms: int) -> bytes:
        """Raises HandleError."""
        known = self._read(text, Kind.CONSENT, facility)
        entry = self._entry(known)
        patient = self._patient(facility, entry)
        for one in self.consents.last(facility, entry.id).values():
            if _of_item(entry, one.item) == known.mark:
                return written(self._consent(facility, entry, patient, one, now_ms))
        raise HandleError

    # -- records -------------------------------------------------------------------
    def search_records(
        self, facility: FacilityCode, kind: Kind, patient: str, page: Page, base: str
    ) -> bytes:
        """Raises HandleError, ConsentClosedError, RecordsError."""
        entry = self.person(facility, patient)
        name, item, mapped = RECORDS[kind]
        links = Links(base, name, {"patient": f"Patient/{patient}"})

        def make(report: Report) -> bytes:
            found = mapped(report, patient, self._naming(facility, entry, kind))
            about = remark(report.statement) if kind is Kind.DRUG else None
            remarks = [about] if about else []
            return written(searchset(found, links, page, remarks=remarks))

        return self.reading.read(facility, entry, make, items=[item])

    def record(self, facility: FacilityCode, kind: Kind, text: str) -> bytes:
        """Raises the same."""
        known = self._read(text, kind, facility)
        entry = self._entry(known)
        _, item, mapped = RECORDS[kind]
        patient = self._patient(facility, entry)

        def make(report: Report) -> bytes:
            found = mapped(report, patient, self._naming(facility, entry, kind))
            for one in found:
                if one["id"] == text:
                    return written(one)
            raise HandleError

        return self.reading.read(facility, entry, make, items=[item])

    # -- ids -----------------------------------------------------------------------
    def person(self, facility: FacilityCode, text: str) -> Entry:
        """Whose id at this facility it is. Raises HandleError."""
        known = self._read(text, Kind.PATIENT, facility)
        entry = self._entry(known)
        if handle.of_person(entry.person) != known.mark:
            raise HandleError
        return entry

    def _read(self, text: str, kind: Kind, facility: FacilityCode) -> Handle:
        return handle.read(text, kind, facility, self.secret)

    def _entry(self, known: Handle) -> Entry:
        entry = self.registry.person(known.person)
        if entry is None:
            raise HandleError
        return entry

    def _made(
        self, facility: FacilityCode, kind: Kind, person: PersonId, mark: bytes
    ) -> str:
        return handle.made(Handle(kind, person, mark), facility, self.secret)

    def _patient(self, facility: FacilityCode, entry: Entry) -> str:
        mark = handle.of_person(entry.person)
        return self._made(facility, Kind.PATIENT, entry.id, mark)

    def _naming(
        self, facility: FacilityCode, entry: Entry, kind: Kind
    ) -> medical.Naming:
        return lambda mark: self._made(facility, kind, entry.id, mark)

    # -- answers -------------------------------------------------------------------
    def _asked(self, facility: FacilityCode, query: NumberQuery, now_ms: int) -> Given:
        name = self.new_handle(now_ms)
        return self.asking.number(facility, query, handle=name, now_ms=now_ms)

    def _coverages(self, facility: FacilityCode, given: Given) -> list[Plain]:
        """The insurance that was asked for, then who pays beside it."""
        entry, answer = given.answer.entry, given.answer
        if entry is None or answer.person is None:
            return []
        (one,) = answer.insurances

        def named(mark: bytes) -> str:
            return self._made(facility, Kind.COVERAGE, entry.id, mark)

        shown = Shown(
            named(handle.of_insurance(one)),
            self._patient(facility, entry),
            one,
            answer.validity,
            answer.cause or "",
            fictitious(answer.person),
        )
        beside = [
            public_coverage(shown, paid, named(_of_expense(one, paid)), order)
            for order, paid in enumerate(one.benefits.public, 1)
        ]
        return [coverage(shown), *beside]

    def _answered(
        self, facility: FacilityCode, given: Given, name: RequestId, now_ms: int
    ) -> Answered:
        bare = Answered(facility, moment(now_ms), name, given.plain)
        entry, answer = given.answer.entry, given.answer
        if entry is None or answer.person is None:
            return bare
        (one,) = answer.insurances
        mark = handle.of_insurance(one)
        return replace(
            bare,
            patient=self._patient(facility, entry),
            coverage=self._made(facility, Kind.COVERAGE, entry.id, mark),
            insurance=one,
            fictitious=fictitious(answer.person),
        )

    def _consent(
        self,
        facility: FacilityCode,
        entry: Entry,
        patient: str,
        one: Consent,
        now_ms: int,
    ) -> Plain:
        mark = _of_item(entry, one.item)
        name = self._made(facility, Kind.CONSENT, entry.id, mark)
        # A withdrawal may have been said for everywhere: it holds here.
        here = replace(one, facility=facility)
        made_up = fictitious(entry.person)
        return consent(here, name, patient, now_ms, fictitious=made_up)


def question(entry: Entry, one: Insurance) -> NumberQuery:
    """What a clerk would type from this card: a kept id asks no other question."""
    return NumberQuery(
        one.insurer_number,
        one.symbol,
        one.number,
        entry.person.birth_date,
        one.branch,
    )


def _holding(entry: Entry, mark: bytes) -> Insurance:
    """The insurance that an id means, or whose public expense it means."""
    for one in entry.person.insurances:
        marks = (_of_expense(one, paid) for paid in one.benefits.public)
        if mark in (handle.of_insurance(one), *marks):
            return one
    raise HandleError


def _of_expense(one: Insurance, paid: PublicExpense) -> bytes:
    begins = paid.period.valid_from.isoformat()
    number = f"{paid.payer_number}/{paid.recipient_number}"
    return handle.mark(handle.of_insurance(one).hex(), number, begins)


def _of_item(entry: Entry, item: str) -> bytes:
    return handle.mark(handle.of_person(entry.person).hex(), item)


def _advice(plain: Plain) -> list[str]:
    found = plain["advice"]
    return [found[part][word] for word in ("ja", "en") for part in ("cause", "staff")]


def _versioned(resource: Plain) -> tuple[str, Plain]:
    """Its version is of what it says: not of when it was asked or what was before."""
    version = hashlib.sha256(written(resource)).hexdigest()[:32]
    meta = {**resource.get("meta", {}), "versionId": version}
    return version, {**resource, "meta": meta}
