"""A facility asks without a tap: the answer, its proof, its row, maybe a watch.

The row is committed before anything is told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cloud.access.circumstances import Circumstances, Ordinary
from cloud.access.inquire import Inquiries, InquiryAnswer
from cloud.access.told import advice, result_bytes, told
from cloud.access.watcher import query_text
from cloud.audit import model as audit
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.service import EligibilityStore
from cloud.eligibility.watch import Target, begun, worth_watching
from protocol import proof
from protocol.ids import FacilityCode, RequestId
from protocol.keys import Signer


@dataclass(frozen=True, slots=True)
class Asking:
    inquiries: Inquiries
    store: EligibilityStore
    log: Callable[[audit.Entry], None]
    """Commits the row, or raises."""
    signer: Signer
    circumstances: Circumstances = field(default_factory=Ordinary)

    def by_number(
        self,
        facility: FacilityCode,
        query: NumberQuery,
        *,
        handle: RequestId,
        now_ms: int,
    ) -> dict[str, object]:
        """`handle` is what the facility will know the case by when it is told more."""
        answer = self.inquiries.number(query, now_ms)
        plain = self._logged(facility, answer, "number", now_ms)
        watched = answer.cause is not None and worth_watching(answer.cause)
        if watched and answer.cause is not None:
            target = (Target.NUMBER, query_text(query))
            self.store.watch(begun(facility, handle, target, answer.cause, now_ms))
        return {**plain, "handle": handle, "watched": watched}

    def again(
        self, facility: FacilityCode, handle: RequestId, now_ms: int
    ) -> dict[str, object]:
        """Raises NotInCareError."""
        answer = self.inquiries.again(facility, handle, now_ms)
        return self._logged(facility, answer, "again", now_ms)

    def end_care(self, facility: FacilityCode, handle: RequestId, now_ms: int) -> bool:
        """The card is needed again from now on; False: no such care here."""
        care = self.store.continuing(facility, handle)
        if care is None:
            return False
        self.store.put_continuing(replace(care, ended=care.ended or now_ms))
        return True

    def _logged(
        self, facility: FacilityCode, answer: InquiryAnswer, by: str, now_ms: int
    ) -> dict[str, object]:
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
        return {**plain, "advice": advice(answer), "proof": number}
