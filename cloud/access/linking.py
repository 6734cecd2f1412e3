"""A facility tells its own numbers of patients: whom it names, it asked for.

By insurer, symbol and number it is an inquiry like any other, with its row in the log:
that a number was taken says that somebody is insured. After a tap nothing is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cloud.access.inquire import Inquiries, InquiryAnswer
from cloud.access.ledger import VERIFICATION_STANDS_MS, Ledger
from cloud.audit import model as audit
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.reference import (
    NumberTakenError,
    PersonLinkedError,
    References,
    reference,
)
from cloud.registry.model import PersonId
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import Outcome
from protocol.ids import FacilityCode, RequestId

AT_ONCE = 1_000
"""Rows that are looked up and logged together."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person, by what a card says, and the facility's own number."""

    query: NumberQuery
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Linking:
    inquiries: Inquiries
    references: References
    ledger: Ledger
    log: Callable[..., None]
    """Commits rows of the audit log, or raises."""

    def by_numbers(
        self,
        facility: FacilityCode,
        rows: Iterable[Wanted],
        now_ms: int,
        *,
        replace: bool = False,
    ) -> list[Code | None]:
        """Of each row why it was not taken, or None: it stands now. In their order."""
        found: list[Code | None] = []
        part: list[Wanted] = []
        for row in rows:
            part.append(row)
            if len(part) == AT_ONCE:
                found += self._some(facility, part, now_ms, replace=replace)
                part = []
        return found + self._some(facility, part, now_ms, replace=replace)

    def by_tap(
        self,
        facility: FacilityCode,
        visit: RequestId,
        number: str,
        now_ms: int,
        *,
        replace: bool = False,
    ) -> Code | None:
        """Who showed a card here within the last day, by the request's id."""
        seen = self.ledger.verification_at(facility, visit)
        if seen is None or seen.outcome is not Outcome.ACCEPTED:
            return Code.NOT_THERE
        if seen.at + VERIFICATION_STANDS_MS <= now_ms:
            return Code.NOT_THERE
        return self._link(facility, seen.person, number, now_ms, replace=replace)

    def _some(
        self,
        facility: FacilityCode,
        rows: Sequence[Wanted],
        now_ms: int,
        *,
        replace: bool,
    ) -> list[Code | None]:
        if not rows:
            return []
        answers = self.inquiries.numbers([row.query for row in rows], now_ms)
        self.log(*(_entry(facility, answer, now_ms) for answer in answers))
        return [
            self._link(facility, one.entry.id, row.number, now_ms, replace=replace)
            if one.entry
            else Code.NOT_FOUND
            for row, one in zip(rows, answers, strict=True)
        ]

    def _link(
        self,
        facility: FacilityCode,
        person: PersonId,
        number: str,
        now_ms: int,
        *,
        replace: bool,
    ) -> Code | None:
        try:
            shaped = reference(number)
            self.references.link(facility, person, shaped, now_ms, replace=replace)
        except ValueError:
            return Code.INPUT_UNREADABLE
        except NumberTakenError:
            return Code.NUMBER_TAKEN
        except PersonLinkedError:
            return Code.PERSON_LINKED
        return None


def _entry(facility: FacilityCode, answer: InquiryAnswer, now_ms: int) -> audit.Entry:
    person = answer.entry.id if answer.entry else None
    said = audit.detail(
        outcome="accepted" if person else "refused",
        by="patient_number",
        validity=answer.validity.value,
        cause=answer.cause or "",
    )
    # What is told is whether somebody was found, and nothing else.
    result = proof.result_hash(b"found" if person else b"not found")
    return audit.Entry(facility, now_ms, audit.Kind.INQUIRY, person, said, result)
