"""Outage and disaster modes: asked, approved, ended; each step is a row of the log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cloud.audit.model import HOUSE, Entry, Kind, detail
from cloud.modes import disaster as disasters
from cloud.modes import outage as outages
from cloud.modes.disaster import Disaster
from cloud.modes.errors import ModeError
from cloud.modes.outage import Outage
from cloud.modes.region import Region
from cloud.modes.store import Change, ModeStore
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.messages import Mode

NOTHING = bytes(32)


@dataclass(frozen=True, slots=True)
class Openings:
    """Every method raises ModeError, and ConflictError when somebody was quicker."""

    store: ModeStore
    new_id: Callable[[int], str]

    # -- outage ----------------------------------------------------------------------
    def ask(
        self, facility: FacilityCode, *, reason: str, by: str, now_ms: int
    ) -> Outage:
        asked = outages.ask(
            self.new_id(now_ms), facility, reason=reason, by=by, now_ms=now_ms
        )
        entry = _of_outage(asked, "asked", by, now_ms)
        self.store.commit(Change(new=(asked,), entries=(entry,)))
        return asked

    def approve(self, handle: str, *, by: str, hours: int, now_ms: int) -> Outage:
        opened = outages.approve(
            self._outage(handle), by=by, hours=hours, now_ms=now_ms
        )
        entry = _of_outage(opened, "approved", by, now_ms)
        self.store.commit(Change(changed=(opened,), entries=(entry,)))
        return opened

    def end(
        self,
        handle: str,
        *,
        by: str,
        now_ms: int,
        facility: FacilityCode | None = None,
    ) -> Outage:
        """`facility`: only one of this facility; another's is not there."""
        found = self._outage(handle)
        if facility is not None and found.facility != facility:
            raise ModeError(Code.NOT_THERE)
        ended = outages.end(found, by=by, now_ms=now_ms)
        entry = _of_outage(ended, "ended", by, now_ms)
        self.store.commit(Change(changed=(ended,), entries=(entry,)))
        return ended

    def _outage(self, handle: str) -> Outage:
        found = self.store.one(Outage, handle)
        if found is None:
            raise ModeError(Code.NOT_THERE)
        return found

    # -- disaster --------------------------------------------------------------------
    def begin(
        self,
        region: Region,
        *,
        reason: str,
        by: str,
        days: tuple[date, date],
        now_ms: int,
    ) -> Disaster:
        begun = disasters.begin(
            self.new_id(now_ms), region, reason=reason, by=by, days=days, now_ms=now_ms
        )
        entry = _of_disaster(begun, "asked", by, now_ms)
        self.store.commit(Change(new=(begun,), entries=(entry,)))
        return begun

    def admit(self, handle: str, *, by: str, now_ms: int) -> Disaster:
        opened = disasters.approve(self._disaster(handle), by=by, now_ms=now_ms)
        entry = _of_disaster(opened, "approved", by, now_ms)
        self.store.commit(Change(changed=(opened,), entries=(entry,)))
        return opened

    def close(self, handle: str, *, by: str, now_ms: int) -> Disaster:
        """Before its time. What was opened in it is closed in the same moment."""
        closed = disasters.close(self._disaster(handle), by=by, now_ms=now_ms)
        entry = _of_disaster(closed, "ended", by, now_ms)
        change = Change(changed=(closed,), entries=(entry,), closes_mode=closed.id)
        self.store.commit(change)
        return closed

    def _disaster(self, handle: str) -> Disaster:
        found = self.store.one(Disaster, handle)
        if found is None:
            raise ModeError(Code.NOT_THERE)
        return found


def open_here(
    store: ModeStore, facility: FacilityCode, now_ms: int
) -> Outage | Disaster | None:
    """What is open here now; a disaster before an outage: it allows more."""
    for disaster in store.current(Disaster, now_ms):
        if disaster.open_at(facility, now_ms):
            return disaster
    for outage in store.current(Outage, now_ms):
        if outage.facility == facility and outage.open_at(now_ms):
            return outage
    return None


def mark_of(mode: Outage | Disaster | None) -> Mode:
    match mode:
        case Outage():
            return outages.MARK
        case Disaster():
            return disasters.MARK
        case None:
            return ""


def _of_outage(one: Outage, act: str, by: str, now_ms: int) -> Entry:
    said = detail(mode=outages.MARK, act=act, by=by, case=one.id, until=one.until or "")
    return Entry(one.facility, now_ms, Kind.MODE, None, said, NOTHING)


def _of_disaster(one: Disaster, act: str, by: str, now_ms: int) -> Entry:
    said = detail(
        mode=disasters.MARK,
        act=act,
        by=by,
        case=one.id,
        region=one.prefecture + one.area,
        until=one.until or "",
    )
    return Entry(HOUSE, now_ms, Kind.MODE, None, said, NOTHING)
