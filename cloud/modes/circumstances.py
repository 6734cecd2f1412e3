"""What holds where: modes are read once a second, places once in half a minute.

The end of a mode is compared with the clock at every answer; only its coming and an
early end wait for the next look, and no mode opens before every worker has looked
(window.py).
"""

from dataclasses import dataclass
from typing import Final, Protocol

from cloud.access.circumstances import Here
from cloud.consent.care_place import PlaceKind
from cloud.facilities.model import Reader
from cloud.modes.activation import Device
from cloud.modes.disaster import Disaster
from cloud.modes.openings import mark_of
from cloud.modes.outage import Outage
from cloud.modes.store import ModeStore, Placed, place_of
from cloud.modes.workplace import Workplace
from protocol.ids import FacilityCode
from protocol.messages import Mode
from protocol.numbers import is_substitute

REMEMBERED_MS: Final = 1_000
PLACE_MS: Final = 30_000
"""As readers (facilities.service)."""


class Profiles(Protocol):
    def eligibility_only(self, facility: FacilityCode) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Open:
    """Every mode that has an end to come."""

    outages: dict[FacilityCode, list[Outage]]
    disasters: list[Disaster]


@dataclass(frozen=True, slots=True)
class _Place:
    eligibility_only: bool
    closed: bool
    kind: PlaceKind | None
    bound: bool = False


class Watching:
    """For one thread, as its store."""

    def __init__(self, store: ModeStore, profiles: Profiles) -> None:
        self._store = store
        self._profiles = profiles
        self._open = _Open({}, [])
        self._open_until = self._places_until = 0
        self._places: dict[str, _Place] = {}

    def facility(self, facility: FacilityCode, now_ms: int) -> Here:
        return self._here(facility, "", now_ms)

    def reader(self, reader: Reader, now_ms: int) -> Here:
        return self._here(reader.facility, reader.id, now_ms)

    def _here(self, facility: FacilityCode, reader: str, now_ms: int) -> Here:
        place = self._place(facility, reader, now_ms)
        return Here(
            self._mark(facility, now_ms),
            # A PC that came by a code has no consent screens, whoever owns it.
            place.eligibility_only or place.bound,
            place.bound,
            place.closed,
            place.kind,
        )

    def _mark(self, facility: FacilityCode, now_ms: int) -> Mode:
        if not self._open_until - REMEMBERED_MS <= now_ms < self._open_until:
            self._look(now_ms)
        for disaster in self._open.disasters:
            if disaster.open_at(facility, now_ms):
                return mark_of(disaster)
        for outage in self._open.outages.get(facility, ()):
            if outage.open_at(now_ms):
                return mark_of(outage)
        return ""

    def _look(self, now_ms: int) -> None:
        outages: dict[FacilityCode, list[Outage]] = {}
        for one in self._store.current(Outage, now_ms):
            outages.setdefault(one.facility, []).append(one)
        self._open = _Open(outages, self._store.current(Disaster, now_ms))
        self._open_until = now_ms + REMEMBERED_MS

    def _place(self, facility: FacilityCode, reader: str, now_ms: int) -> _Place:
        if not self._places_until - PLACE_MS <= now_ms < self._places_until:
            self._places.clear()
            self._places_until = now_ms + PLACE_MS
        key = place_of(facility, reader)
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._read(facility, reader, now_ms)
        return found

    def _read(self, facility: FacilityCode, reader: str, now_ms: int) -> _Place:
        set_to = self._store.one(Placed, place_of(facility, reader)) if reader else None
        set_to = set_to or self._store.one(Placed, place_of(facility))
        closed = False
        if is_substitute(facility):
            known = self._store.one(Workplace, facility)
            closed = known is None or known.revoked(now_ms)
        device = self._store.one(Device, reader) if reader else None
        return _Place(
            self._profiles.eligibility_only(facility),
            closed,
            set_to.kind if set_to else None,
            bound=device is not None,
        )
