"""A facility reads a person's records: consents, pages, the audit row, in that order.

What was made of the records leaves only after the audit log has committed that it does.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cloud.access.certificate import moment
from cloud.access.circumstances import Circumstances
from cloud.audit import model as audit
from cloud.consent.gate import ConsentClosedError
from cloud.consent.service import Consents
from cloud.eligibility.model import JST
from cloud.records.lag import as_of
from cloud.records.model import ITEM_OF
from cloud.records.report import Report, report
from cloud.records.service import Found, OpenConsent, Records
from cloud.registry.fictitious import fictitious
from cloud.registry.model import Entry
from protocol.ids import FacilityCode, RequestId


@dataclass(frozen=True, slots=True)
class Reading:
    consents: Consents
    records: Records
    log: Callable[[audit.Entry], None]
    """Commits the row, or raises."""
    now_ms: Callable[[], int]
    circumstances: Circumstances

    def read(
        self,
        facility: FacilityCode,
        entry: Entry,
        make: Callable[[Report], bytes],
        *,
        visit: RequestId | None = None,
        items: Iterable[str] | None = None,
    ) -> bytes:
        """What `make` makes of all that this facility's consents open now.

        Of `items` only, where they are given: no more is opened, or said to be.
        Raises ConsentClosedError, DisclosureHeldError, SealBrokenError; then nothing
        is handed out, and no row says that it was.
        """
        here = self.circumstances.facility(facility, self.now_ms())
        if here.eligibility_only:
            # Also where an older consent still lives: the profile comes first.
            raise ConsentClosedError
        wanted = ITEM_OF.values() if items is None else items
        opened = self._living(facility, entry, visit, wanted)
        day = moment(self.now_ms()).astimezone(JST).date()

        def made(found: Found) -> bytes:
            return make(
                report(
                    found,
                    entry.person,
                    facility=facility,
                    as_of=as_of(day),
                    made_at=self.now_ms(),
                    fictitious=fictitious(entry.person),
                    mode=here.mode,
                )
            )

        result = self.records.read(entry, opened, day, made)
        said = audit.detail(outcome="accepted", items=list(opened), mode=here.mode)
        digest = hashlib.sha256(result).digest()
        kind = audit.Kind.READ
        self.log(audit.Entry(facility, self.now_ms(), kind, entry.id, said, digest))
        return result

    def _living(
        self,
        facility: FacilityCode,
        entry: Entry,
        visit: RequestId | None,
        items: Iterable[str],
    ) -> dict[str, OpenConsent]:
        """What is open at this moment; from then on every page asks again."""
        opened: dict[str, OpenConsent] = {}
        for item in dict.fromkeys(items):
            gate = self.consents.gate(
                facility=facility,
                person=entry.id,
                item=item,
                visit=visit,
                now_ms=self.now_ms,
            )
            try:
                gate.key()
            except ConsentClosedError:
                continue
            opened[item] = gate
        return opened
