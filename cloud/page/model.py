"""What a page of the patient states, as frozen values. Nobody's name is among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cloud.audit.words import Words
from cloud.consent.keys import Scope
from cloud.consent.link import Link
from cloud.consent.model import Consent, Origin
from protocol.codes import CONSENT_ITEM_BY_CODE, Decision
from protocol.ids import FacilityCode

ORDER = {code: place for place, code in enumerate(CONSENT_ITEM_BY_CODE)}


class State(StrEnum):
    """What a line of a receipt amounts to now."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Held:
    """A link as it is kept, and the tries of its word."""

    link: Link
    tries: int
    next_at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One item that one facility may read now."""

    facility: FacilityCode
    item: str
    since: int
    until: int | None
    """None: until it is withdrawn."""


@dataclass(frozen=True, slots=True)
class Place:
    """One facility and what it may read of this person now."""

    facility: FacilityCode
    standing: tuple[Standing, ...]
    here: bool = False
    """Of the visit whose receipt this is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of the receipt."""

    item: str
    state: State
    until: int | None = None
    """Of what is open or has ended; None: until it is withdrawn."""


@dataclass(frozen=True, slots=True)
class Receipt:
    facility: FacilityCode
    at: int
    lines: tuple[Line, ...]
    proof: str = ""
    """Its proof number as it is printed; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What a withdrawal would close, or has closed."""

    facility: FacilityCode | None
    """None: all of them."""
    item: str | None
    standing: tuple[Standing, ...] = ()
    withdrawn_at: int | None = None


@dataclass(frozen=True, slots=True)
class Presets:
    facility: FacilityCode
    chosen: Mapping[str, Decision]
    """By item, of every item that can be asked here."""
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One row of who looked."""

    at: int
    facility: FacilityCode
    what: Words
    records: bool
    """Records went to a facility, not only an insurance."""


@dataclass(frozen=True, slots=True)
class Looks:
    rows: tuple[Look, ...]
    number: int
    """Of this sheet, from 1: the newest."""
    sheets: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose page it is while a session lives."""

    link: Link
    fictitious: bool
    mark: str = field(default="", repr=False)
    """Goes into every form; only a page that we sent has it."""


def standing(scopes: Iterable[Scope], now_ms: int) -> tuple[Standing, ...]:
    """What is open now, by facility and item; of two for one item, the longer one."""
    found: dict[tuple[FacilityCode, str], Standing] = {}
    for scope in scopes:
        if not scope.covers(now_ms):
            continue
        place = (scope.facility, scope.item)
        one = Standing(*place, scope.since, scope.until)
        if place not in found or _longer(one, found[place]):
            found[place] = one
    return tuple(found[key] for key in sorted(found, key=_in_order))


def places(found: Iterable[Standing], here: FacilityCode) -> tuple[Place, ...]:
    """By facility, the one of the visit first, and always."""
    by: dict[FacilityCode, list[Standing]] = {here: []}
    for one in found:
        by.setdefault(one.facility, []).append(one)
    return tuple(Place(name, tuple(those), name == here) for name, those in by.items())


def line(consent: Consent, last: Mapping[str, Consent], now_ms: int) -> Line:
    """One answer of a receipt, and what later answers made of it."""
    match consent.decision:
        case Decision.UNANSWERED:
            return Line(consent.item, State.UNANSWERED)
        case Decision.REFUSED:
            return Line(consent.item, State.REFUSED)
    newest = last.get(consent.item)
    if newest is not None and newest.decision is Decision.REFUSED:
        withdrawn = newest.origin is Origin.WITHDRAWN
        state = State.WITHDRAWN if withdrawn else State.ENDED
        return Line(consent.item, state, newest.pressed_at)
    open_ = consent.opens(now_ms)
    state = State.OPEN if open_ else State.ENDED
    return Line(consent.item, state, consent.available_until)


def in_item_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda one: ORDER[one.item]))


def _longer(one: Standing, other: Standing) -> bool:
    if one.until is None or other.until is None:
        return one.until is None
    return one.until > other.until


def _in_order(place: tuple[FacilityCode, str]) -> tuple[FacilityCode, int]:
    facility, item = place
    return facility, ORDER[item]
