"""Eligibility without a tap: by number, one or many, and again in continuing care.

Nothing here opens records: a number that somebody typed proves nobody's presence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cloud.access.certificate import moment
from cloud.eligibility.cause import Cause, why
from cloud.eligibility.inquiry import (
    Finding,
    NumberQuery,
    find,
    insurer_mistyped,
    lookups,
)
from cloud.eligibility.model import JST, eligibility
from cloud.eligibility.service import EligibilityStore
from cloud.registry.benefits import Benefits
from cloud.registry.model import Entry, Insurance, Person
from cloud.registry.service import Registry
from protocol.codes import Validity
from protocol.ids import FacilityCode, RequestId


@dataclass(frozen=True, slots=True)
class InquiryAnswer:
    """Who is insured, how, on which day; else why not."""

    validity: Validity
    on: date
    cause: Cause | None = None
    person: Person | None = None
    insurances: tuple[Insurance, ...] = ()
    entry: Entry | None = None
    """For who asks again or keeps watch; nothing of it is shown."""


class NotInCareError(LookupError):
    """No first check here, or the care has ended: the card is needed."""


class Inquiries:
    def __init__(self, registry: Registry, store: EligibilityStore) -> None:
        self._registry = registry
        self._store = store

    def number(self, query: NumberQuery, now_ms: int) -> InquiryAnswer:
        return self.numbers([query], now_ms)[0]

    def numbers(
        self, queries: Sequence[NumberQuery], now_ms: int
    ) -> list[InquiryAnswer]:
        """Many at once: one look into the registry for all, in their order."""
        today = moment(now_ms).astimezone(JST).date()
        found = self._registry.numbered(lookups(queries))
        return [
            self._number(query, found.get(query.lookup, ()), today) for query in queries
        ]

    def again(
        self, facility: FacilityCode, handle: RequestId, now_ms: int
    ) -> InquiryAnswer:
        """再照会: the latest of who was checked first here. Raises NotInCareError."""
        care = self._store.continuing(facility, handle)
        entry = self._registry.person(care.person) if care else None
        if care is None or care.ended is not None or entry is None:
            raise NotInCareError
        return of_person(entry, moment(now_ms).astimezone(JST).date())

    def _number(
        self, query: NumberQuery, exact: tuple[Entry, ...], today: date
    ) -> InquiryAnswer:
        day = query.on or today
        if insurer_mistyped(query):
            return InquiryAnswer(Validity.NOT_FOUND, day, Cause.CHECK_DIGIT)
        candidates = exact or self._registry.numbered_alike(query.beginning)
        finding = find(query, candidates, day)
        if finding.entry is None or finding.insurance is None:
            return InquiryAnswer(finding.validity, day, finding.cause)
        if finding.entry.person.hold:
            return InquiryAnswer(Validity.NOT_FOUND, day, Cause.HOLD)
        return _answer(query, finding, finding.entry, finding.insurance, day)


def of_person(entry: Entry, today: date, *, limit: bool = True) -> InquiryAnswer:
    """What somebody this facility knows holds on the day; `limit`: 限度額 as well.

    To be called only where the facility may ask without the card.
    """
    if entry.person.hold:
        return InquiryAnswer(Validity.NOT_FOUND, today, Cause.HOLD)
    held = entry.person.insurances
    state = eligibility(held, today)
    if not state.usable:
        return InquiryAnswer(state.validity, today, why(held, today), entry=entry)
    shown = tuple(_shown(one, today, limit=limit) for one in state.insurances)
    return InquiryAnswer(state.validity, today, None, entry.person, shown, entry)


def _answer(
    query: NumberQuery, finding: Finding, entry: Entry, insurance: Insurance, day: date
) -> InquiryAnswer:
    shown = _shown(insurance, day, limit=query.limit_consent)
    return InquiryAnswer(
        finding.validity, day, finding.cause, entry.person, (shown,), entry
    )


def _shown(insurance: Insurance, day: date, *, limit: bool) -> Insurance:
    """What it carries on the day, never diseases: they take the card itself (U9)."""
    carried = insurance.benefits.on(day)
    kept = Benefits(
        carried.elderly, carried.limits if limit else (), (), carried.public
    )
    category = insurance.copayment_limit if limit else ""
    return replace(insurance, benefits=kept, copayment_limit=category)
