"""Kinds of place that a facility or a reader is set to, and the end of a stay."""

from dataclasses import dataclass, replace

from cloud.audit.model import Entry, Kind, detail
from cloud.consent.care_place import PlaceKind
from cloud.consent.model import Consent, Ended, Origin
from cloud.eligibility.service import EligibilityStore
from cloud.modes import words
from cloud.modes.errors import ModeError
from cloud.modes.openings import NOTHING
from cloud.modes.store import Change, ModeStore, Placed, place_of
from protocol.catalogue import Code
from protocol.codes import CONSENT_ITEM_BY_CODE, CareKind, Decision
from protocol.ids import FacilityCode, RequestId


@dataclass(frozen=True, slots=True)
class CarePlaces:
    store: ModeStore
    care: EligibilityStore

    def set(
        self,
        facility: FacilityCode,
        kind: PlaceKind,
        *,
        reader: str = "",
        by: str,
        now_ms: int,
    ) -> Placed:
        """All of a facility, or one reader of it. Raises ModeError, ConflictError."""
        who = words.account(by)
        before = self.store.one(Placed, place_of(facility, reader))
        said = detail(act="place", by=who, kind=kind, reader=reader)
        entry = Entry(facility, now_ms, Kind.DEVICE, None, said, NOTHING)
        if before is None:
            placed = Placed(facility, reader, kind, now_ms)
            self.store.commit(Change(new=(placed,), entries=(entry,)))
            return placed
        placed = replace(before, kind=kind, at=now_ms, turn=before.turn + 1)
        self.store.commit(Change(changed=(placed,), entries=(entry,)))
        return placed

    def discharge(
        self,
        facility: FacilityCode,
        handle: RequestId,
        *,
        request: RequestId,
        by: str,
        now_ms: int,
    ) -> None:
        """退院: the stay is over, and with it what was consented to for it.

        One transaction: no consent outlives the care it was given for. Raises
        ModeError.
        """
        who = words.account(by)
        care = self.care.continuing(facility, handle)
        if care is None or care.ended is not None:
            raise ModeError(Code.NOT_THERE)
        ends = tuple(
            Consent(
                facility,
                care.person,
                item,
                Decision.REFUSED,
                now_ms,
                now_ms,
                None,
                request,
                CareKind.HOME_VISIT,
                Origin.WITHDRAWN,
                Ended.BY_FACILITY,
            )
            for item in CONSENT_ITEM_BY_CODE
        )
        said = detail(act="discharged", by=who, outcome="accepted")
        entry = Entry(facility, now_ms, Kind.WITHDRAWAL, care.person, said, NOTHING)
        over = replace(care, ended=now_ms)
        self.store.commit(Change(consents=ends, care=over, entries=(entry,)))
