"""Consent: items as data, lifetimes by kind of care, and silence as its own word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from cloud.registry.model import PersonId, age_on
from protocol.codes import CONSENT_ITEM_BY_CODE, CareKind, Decision
from protocol.ids import FacilityCode, RequestId

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a yes opens records."""

    ms: int | None
    """None: until it is withdrawn."""
    each_time: bool = False
    """Only for the visit it was given in; offered to no later one."""


LIFETIMES: Mapping[CareKind, Lifetime] = MappingProxyType(
    {
        # 同意情報登録後24時間, exactly (K1).
        CareKind.OUTPATIENT: Lifetime(DAY_MS),
        # 継続的な関係のもと行われている間 (K2, K3).
        CareKind.HOME_VISIT: Lifetime(None),
        # 都度 (K4); a visit that is never ended ends with the day.
        CareKind.ONLINE: Lifetime(DAY_MS, each_time=True),
        CareKind.EMERGENCY: Lifetime(DAY_MS),
    }
)


EVERYWHERE = FacilityCode("")
EVERYTHING = ""
"""Of a withdrawal that names no facility, or no item: it is for all there are."""


class Origin(StrEnum):
    """How a decision came about."""

    PRESSED = "pressed"
    """The patient, on a reader or a portable unit."""
    WITHDRAWN = "withdrawn"
    EMERGENCY = "emergency"
    """Consent could not be asked: staff say why, and it is reviewed (OQSCD016 3)."""
    SPOKEN = "spoken"
    """Said to staff in a disaster, and written down by them."""


NOBODYS_ANSWER = frozenset({Origin.EMERGENCY, Origin.SPOKEN})
"""What no later visit is offered: nobody pressed it."""


class Ended(StrEnum):
    """OQSCD031: why a consent is over."""

    LIFETIME = "0"
    BY_FACILITY = "1"
    BY_PATIENT = "2"
    PURPOSE_CHANGED = "3"


class ConsentFlag(StrEnum):
    """OQSCD016 同意区分."""

    NONE = "0"
    GIVEN = "1"
    EXPIRED = "2"
    NOT_OBTAINABLE = "3"


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
    """Of a yes: the first ms at which it is over. None: until it is withdrawn."""
    request: RequestId
    care: CareKind = CareKind.OUTPATIENT
    origin: Origin = Origin.PRESSED
    ended: Ended | None = None
    """Of a withdrawal: by whom."""

    def opens(self, now_ms: int) -> bool:
        """Whether records may be read: granted, and not one millisecond later."""
        return (
            self.decision is Decision.GRANTED
            and self.decided_at <= now_ms
            and (self.available_until is None or now_ms < self.available_until)
        )

    def flag(self, now_ms: int) -> ConsentFlag:
        """As the facility's files say it."""
        if self.decision is not Decision.GRANTED:
            return ConsentFlag.NONE
        if self.opens(now_ms):
            emergency = self.origin is Origin.EMERGENCY
            return ConsentFlag.NOT_OBTAINABLE if emergency else ConsentFlag.GIVEN
        # "Expired" is told of home visits and online care only.
        long = {CareKind.HOME_VISIT, CareKind.ONLINE}
        return ConsentFlag.EXPIRED if self.care in long else ConsentFlag.NONE


@dataclass(frozen=True, slots=True)
class Preset:
    """事前設定: what the patient chose beforehand for this facility."""

    facility: FacilityCode
    person: PersonId
    item: str
    decision: Decision
    at: int


def asks_for(items: Iterable[str], birth_date: date, day: date) -> tuple[str, ...]:
    """Which of a facility's items a person of this age is asked on the day (JST)."""
    age = age_on(birth_date, day)
    known = (CONSENT_ITEM_BY_CODE[item] for item in items)
    return tuple(item.code for item in known if age >= item.minimum_age)


def well_formed(pressed: tuple[Pressed, ...], asked: tuple[str, ...]) -> bool:
    """Every item at most once, and only what was asked."""
    items = [one.item for one in pressed]
    return len(items) == len(set(items)) and set(items) <= set(asked)


def settled(
    pressed: Pressed,
    standing: Consent | None,
    *,
    care: CareKind,
    pressed_at: int,
    decided_at: int,
) -> tuple[Decision, int | None]:
    """What a press amounts to: the decision, and until when records are open.

    A press that arrives after a newer one opens nothing that the newer one closed;
    at the same moment, no beats yes.
    """
    if pressed.decision is not Decision.GRANTED:
        return pressed.decision, None
    if standing is not None and standing.decision is not Decision.GRANTED:
        overtaken = standing.pressed_at >= pressed_at
        if overtaken:
            return Decision.REFUSED, None
    lifetime = LIFETIMES[care]
    until = None if lifetime.ms is None else decided_at + lifetime.ms
    return Decision.GRANTED, until


def latest(answers: Iterable[Consent]) -> dict[str, Consent]:
    """The answer that stands per item; one that names no item stands for all."""
    last: dict[str, Consent] = {}
    for one in sorted(answers, key=_age):
        items = CONSENT_ITEM_BY_CODE if one.item == EVERYTHING else (one.item,)
        last |= {item: replace(one, item=item) for item in items}
    return last


def _age(consent: Consent) -> tuple[int, str, str]:
    # At the same moment, no stands: it comes last.
    return consent.pressed_at, consent.decision, consent.request


def offered(
    last: Mapping[str, Consent], presets: Mapping[str, Preset]
) -> dict[str, Decision]:
    """包括同意: the newer of the last answer and the preset; offered, never assumed."""
    found = {item: (one.pressed_at, one.decision) for item, one in last.items()}
    for item, preset in presets.items():
        if item not in found or found[item][0] <= preset.at:
            found[item] = (preset.at, preset.decision)
    return {item: decision for item, (_, decision) in found.items()}
