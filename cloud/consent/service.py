"""A facility's consents of one person: what stands, and what a press makes of it."""

from typing import Protocol

from cloud.consent.model import Consent, Pressed, settled
from cloud.registry.model import PersonId
from protocol.codes import Decision
from protocol.ids import FacilityCode, RequestId


class ConsentStore(Protocol):
    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        """The last pressed answer per item; unanswered ones are not answers."""
        ...


class Consents:
    def __init__(self, store: ConsentStore) -> None:
        self._store = store

    def standing(self, facility: FacilityCode, person: PersonId) -> dict[str, Decision]:
        """Answers of earlier visits at this facility: offered, never assumed."""
        last = self._store.last(facility, person)
        return {item: consent.decision for item, consent in last.items()}

    def settle(
        self,
        pressed: tuple[Pressed, ...],
        *,
        facility: FacilityCode,
        person: PersonId,
        request: RequestId,
        pressed_at: int,
        decided_at: int,
    ) -> tuple[Consent, ...]:
        last = self._store.last(facility, person)
        return tuple(
            Consent(
                facility,
                person,
                one.item,
                *self._outcome(one, last, pressed_at, decided_at),
                request=request,
            )
            for one in pressed
        )

    @staticmethod
    def _outcome(
        one: Pressed, last: dict[str, Consent], pressed_at: int, decided_at: int
    ) -> tuple[Decision, int, int, int | None]:
        decision, until = settled(
            one, last.get(one.item), pressed_at=pressed_at, decided_at=decided_at
        )
        return decision, pressed_at, decided_at, until
