"""A facility's consents of one person: what stands, and what a press makes of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cloud.consent.emergency import (
    Emergency,
    EmergencyRefusedError,
    Verdict,
    may_review,
)
from cloud.consent.gate import DataKeys, OpenConsent
from cloud.consent.keys import DataKey, scope_of, seal
from cloud.consent.model import (
    EVERYTHING,
    EVERYWHERE,
    LIFETIMES,
    Consent,
    Ended,
    Origin,
    Preset,
    Pressed,
    offered,
    settled,
)
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId


class ConsentStore(DataKeys, Protocol):
    """Every method that writes is one transaction."""

    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        """The last answer per item, withdrawals too.

        Silence is no answer, and an emergency is nobody's.
        """
        ...

    def presets(
        self, facility: FacilityCode, person: PersonId
    ) -> dict[str, Preset]: ...

    def put_preset(self, preset: Preset) -> None: ...

    def opened(self, person: PersonId) -> tuple[DataKey, ...]:
        """All that is open of a person, anywhere."""
        ...

    def withdraw(self, withdrawals: Sequence[Consent]) -> None:
        """Keep each, and destroy the data keys of its facility, person and item."""
        ...

    def open_emergency(
        self, emergency: Emergency, consents: Sequence[Consent], keys: Sequence[DataKey]
    ) -> None: ...

    def emergencies(self, verdict: Verdict | None = None) -> list[Emergency]:
        """The oldest first."""
        ...

    def put_verdict(self, emergency: Emergency) -> None:
        """What was not justified is closed in the same moment."""
        ...

    def destroy_expired(self, now_ms: int) -> int:
        """Data keys that are over; how many."""
        ...


@dataclass(frozen=True, slots=True)
class Vault:
    """How data keys are made, and who can use them."""

    record_key: Callable[[PersonId, str], bytes]
    """Of a person and an item; asked only when a consent is given."""
    secret: bytes
    """Of those who read records (keys.SECRET_BYTES)."""


class Consents:
    """Without a vault consents are kept and shown, and open nothing."""

    def __init__(self, store: ConsentStore, vault: Vault | None = None) -> None:
        self._store = store
        self._vault = vault

    def standing(self, facility: FacilityCode, person: PersonId) -> dict[str, Decision]:
        """Answers of earlier visits here, and presets: offered, never assumed."""
        last = self._store.last(facility, person)
        kept = {
            item: one for item, one in last.items() if not LIFETIMES[one.care].each_time
        }
        return offered(kept, self._store.presets(facility, person))

    def settle(
        self,
        pressed: tuple[Pressed, ...],
        *,
        facility: FacilityCode,
        person: PersonId,
        request: RequestId,
        care: CareKind,
        pressed_at: int,
        decided_at: int,
    ) -> tuple[Consent, ...]:
        last = self._store.last(facility, person)
        consents = []
        for one in pressed:
            decision, until = settled(
                one,
                last.get(one.item),
                care=care,
                pressed_at=pressed_at,
                decided_at=decided_at,
            )
            place = (facility, person, one.item)
            times = (pressed_at, decided_at, until)
            consents.append(Consent(*place, decision, *times, request, care))
        return tuple(consents)

    def keys(self, consents: Iterable[Consent]) -> tuple[DataKey, ...]:
        """A data key for every yes; they are committed together with it."""
        if self._vault is None:
            return ()
        granted = [one for one in consents if one.decision is Decision.GRANTED]
        vault = self._vault
        return tuple(
            seal(vault.record_key(one.person, one.item), scope_of(one), vault.secret)
            for one in granted
        )

    def gate(
        self,
        *,
        facility: FacilityCode,
        person: PersonId,
        item: str,
        visit: RequestId | None,
        now_ms: Callable[[], int],
    ) -> OpenConsent:
        """What a reader of records is given. Without a vault it opens nothing."""
        return OpenConsent(
            self._store,
            self._vault.secret if self._vault else None,
            facility=facility,
            person=person,
            item=item,
            visit=visit,
            now_ms=now_ms,
        )

    def preset(self, preset: Preset) -> None:
        self._store.put_preset(preset)

    # -- the end ---------------------------------------------------------------------
    def withdraw(
        self,
        person: PersonId,
        *,
        why: Ended,
        request: RequestId,
        at: int,
        facility: FacilityCode | None = None,
        item: str | None = None,
    ) -> tuple[Consent, ...]:
        """Close what is open, everywhere or at one facility, all items or one.

        What was open is returned; a yes that was pressed before opens nothing.
        """
        closing = {
            (key.scope.facility, key.scope.item, key.scope.care)
            for key in self._store.opened(person)
            if facility in {None, key.scope.facility} and item in {None, key.scope.item}
        }
        # As it was said, too: a yes that is on its way must find it.
        said = (facility or EVERYWHERE, item or EVERYTHING, CareKind.OUTPATIENT)
        withdrawals = tuple(
            Consent(
                where,
                person,
                what,
                Decision.REFUSED,
                at,
                at,
                None,
                request,
                care,
                Origin.WITHDRAWN,
                why,
            )
            for where, what, care in sorted({*closing, said})
        )
        self._store.withdraw(withdrawals)
        return tuple(one for one in withdrawals if _what(one) in closing)

    # -- when nobody can be asked ----------------------------------------------------
    def open_emergency(self, emergency: Emergency) -> None:
        """Open the items for a day, marked where the patient once said no here.

        An earlier no does not bind: it was said to another question. It is the first
        thing that the review sees.
        """
        emergency, consents = self.emergency(emergency)
        self._store.open_emergency(emergency, consents, self.keys(consents))

    def emergency(self, emergency: Emergency) -> tuple[Emergency, tuple[Consent, ...]]:
        """What `open_emergency` keeps, for who commits more together with it."""
        last = self._store.last(emergency.facility, emergency.person)
        refused = {
            item for item, one in last.items() if one.decision is Decision.REFUSED
        }
        emergency = replace(emergency, against=not refused.isdisjoint(emergency.items))
        return emergency, tuple(
            Consent(
                emergency.facility,
                emergency.person,
                item,
                Decision.GRANTED,
                emergency.at,
                emergency.at,
                emergency.until,
                emergency.request,
                CareKind.EMERGENCY,
                Origin.EMERGENCY,
            )
            for item in emergency.items
        )

    def review(
        self, request: RequestId, verdict: Verdict, *, reviewer: str, at: int
    ) -> Emergency:
        """Judge one, once. Raises EmergencyRefusedError."""
        found = [one for one in self._store.emergencies() if one.request == request]
        if not found or not may_review(found[0], reviewer):
            raise EmergencyRefusedError(
                "unknown, already reviewed, or the reviewer opened it"
            )
        judged = replace(found[0], verdict=verdict, reviewer=reviewer, reviewed_at=at)
        self._store.put_verdict(judged)
        return judged


def _what(one: Consent) -> tuple[FacilityCode, str, CareKind]:
    return one.facility, one.item, one.care
