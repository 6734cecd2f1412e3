"""Consent: items as data, a lifetime to the second, and silence as its own word."""

from dataclasses import dataclass
from datetime import date

from cloud.registry.model import PersonId, age_on
from protocol.codes import CONSENT_ITEMS, Decision
from protocol.ids import FacilityCode, RequestId

OUTPATIENT_LIFETIME_MS = 24 * 60 * 60 * 1000
"""同意情報登録後24時間, exactly."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One item and what the patient pressed for it."""

    item: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Consent:
    """One decision as it is kept. Unanswered ones are kept apart and open nothing."""

    facility: FacilityCode
    person: PersonId
    item: str
    decision: Decision
    pressed_at: int
    """When the patient pressed, by the reader (ms): the order of answers."""
    decided_at: int
    """When it was registered here (ms): the lifetime starts now."""
    available_until: int | None
    request: RequestId

    def opens(self, now_ms: int) -> bool:
        """Whether records may be read: granted, and not one millisecond later."""
        return (
            self.decision is Decision.GRANTED
            and self.available_until is not None
            and self.decided_at <= now_ms < self.available_until
        )


def asks_for(birth_date: date, day: date) -> tuple[str, ...]:
    """The items a person of this age is asked on the day (JST)."""
    age = age_on(birth_date, day)
    return tuple(item.code for item in CONSENT_ITEMS if age >= item.minimum_age)


def well_formed(pressed: tuple[Pressed, ...], asked: tuple[str, ...]) -> bool:
    """Every item at most once, and only what was asked."""
    items = [one.item for one in pressed]
    return len(items) == len(set(items)) and set(items) <= set(asked)


def settled(
    pressed: Pressed, standing: Consent | None, *, pressed_at: int, decided_at: int
) -> tuple[Decision, int | None]:
    """What a press amounts to: the decision, and until when records are open.

    A press that arrives after a newer one opens nothing that the newer one closed.
    """
    if pressed.decision is not Decision.GRANTED:
        return pressed.decision, None
    overtaken = standing is not None and standing.pressed_at > pressed_at
    if overtaken and standing is not None and standing.decision is not Decision.GRANTED:
        return Decision.REFUSED, None
    return Decision.GRANTED, decided_at + OUTPATIENT_LIFETIME_MS
