"""A facility asks without a tap: the answer, its proof, its row, maybe a watch.

The row is committed before anything is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from cloud.access.certificate import moment
from cloud.access.circumstances import Circumstances
from cloud.access.inquire import Inquiries, InquiryAnswer, of_person
from cloud.access.told import Plain, advice, result_bytes, told
from cloud.access.watcher import query_text
from cloud.audit import model as audit
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.model import JST
from cloud.eligibility.service import EligibilityStore
from cloud.eligibility.watch import Target, begun, worth_watching
from cloud.registry.model import Entry, PersonId
from protocol import proof
from protocol.ids import FacilityCode, RequestId
from protocol.keys import Signer


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed since this facility last saw this person (cloud/changes)."""

    plain: Plain
    keep: Callable[[int], None]
    """Remember what it is shown now (Unix ms)."""


class LastSeen(Protocol):
    def compare(
        self, facility: FacilityCode, answer: InquiryAnswer, *, limit: bool, whole: bool
    ) -> Compared | None:
        """None: nobody was found. `limit`: the limit certificate was asked for;
        `whole`: all that the person holds was."""
        ...


@dataclass(frozen=True, slots=True)
class Given:
    """An answer whose row is committed, before it leaves."""

    answer: InquiryAnswer
    plain: Plain
    """All of it: with advice, proof and changes."""
    hand_out: Callable[[], Plain]
    """`plain`, now that it is shown: what the facility saw last is this."""


@dataclass(frozen=True, slots=True)
class Asking:
    inquiries: Inquiries
    store: EligibilityStore
    log: Callable[[audit.Entry], None]
    """Commits the row, or raises."""
    signer: Signer
    circumstances: Circumstances
    """Whose mark every answer bears."""
    own_number: Callable[[FacilityCode, PersonId], str] = lambda _facility, _person: ""
    """照会番号 of the person at this facility; empty: none."""
    seen: LastSeen | None = None
    """None: answers say nothing of changes."""

    def by_number(
        self,
        facility: FacilityCode,
        query: NumberQuery,
        *,
        handle: RequestId,
        now_ms: int,
    ) -> Plain:
        """`handle` is what the facility will know the case by when it is told more."""
        return self.number(facility, query, handle=handle, now_ms=now_ms).hand_out()

    def number(
        self,
        facility: FacilityCode,
        query: NumberQuery,
        *,
        handle: RequestId,
        now_ms: int,
    ) -> Given:
        """The same, for who may still say that nothing is new (304)."""
        answer = self.inquiries.number(query, now_ms)
        # An answer as of another day says nothing of what changed since.
        current = query.on in {None, _day(now_ms)}
        compared = self._compared(
            facility, answer if current else None, limit=query.limit_consent
        )
        plain = self._logged(facility, answer, "number", now_ms)
        watched = answer.cause is not None and worth_watching(answer.cause)
        if watched and answer.cause is not None:
            target = (Target.NUMBER, query_text(query))
            self.store.watch(begun(facility, handle, target, answer.cause, now_ms))
        whole = {**plain, "handle": handle, "watched": watched}
        return _given(answer, whole, compared, now_ms)

    def again(self, facility: FacilityCode, handle: RequestId, now_ms: int) -> Plain:
        """Raises NotInCareError."""
        answer = self.inquiries.again(facility, handle, now_ms)
        compared = self._compared(facility, answer, limit=True, whole=True)
        plain = self._logged(facility, answer, "again", now_ms)
        return _given(answer, plain, compared, now_ms).hand_out()

    def visited(self, facility: FacilityCode, entry: Entry, now_ms: int) -> Plain:
        """Of who was verified at a reader here: what the tap answered, as of now.

        The reader's own file has no place for what changed; this has.
        """
        answer = of_person(entry, _day(now_ms))
        compared = self._compared(facility, answer, limit=True, whole=True)
        plain = self._logged(facility, answer, "visit", now_ms)
        return _given(answer, plain, compared, now_ms).hand_out()

    def end_care(self, facility: FacilityCode, handle: RequestId, now_ms: int) -> bool:
        """The card is needed again from now on; False: no such care here."""
        care = self.store.continuing(facility, handle)
        if care is None:
            return False
        self.store.put_continuing(replace(care, ended=care.ended or now_ms))
        return True

    def _compared(
        self,
        facility: FacilityCode,
        answer: InquiryAnswer | None,
        *,
        limit: bool,
        whole: bool = False,
    ) -> Compared | None:
        if self.seen is None or answer is None:
            return None
        return self.seen.compare(facility, answer, limit=limit, whole=whole)

    def _logged(
        self, facility: FacilityCode, answer: InquiryAnswer, by: str, now_ms: int
    ) -> Plain:
        mode = self.circumstances.facility(facility, now_ms).mode
        plain = told(answer, mode)
        result = proof.result_hash(result_bytes(plain))
        said = audit.detail(
            outcome="accepted" if answer.person else "refused",
            by=by,
            validity=answer.validity.value,
            cause=answer.cause or "",
            mode=mode,
        )
        person = answer.entry.id if answer.entry else None
        kind = audit.Kind.INQUIRY
        self.log(audit.Entry(facility, now_ms, kind, person, said, result))
        number = proof.make(facility, now_ms, result, self.signer)
        own = self.own_number(facility, person) if answer.person and person else ""
        # Beside what is proven, as advice is: the facility's own word about its chart.
        beside = {"advice": advice(answer), "reference_number": own}
        return {**plain, **beside, "proof": number}


def _given(
    answer: InquiryAnswer, plain: Plain, compared: Compared | None, now_ms: int
) -> Given:
    whole = {**plain, "changes": compared.plain if compared else None}

    def hand_out() -> Plain:
        if compared:
            compared.keep(now_ms)
        return whole

    return Given(answer, whole, hand_out)


def _day(now_ms: int) -> date:
    return moment(now_ms).astimezone(JST).date()
