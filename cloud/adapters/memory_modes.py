"""What cloud/modes keeps, in memory: for tests and development. The contract of SQL."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from cloud.adapters.memory import MemoryFacilities, MemoryRegistry
from cloud.adapters.memory_consents import MemoryConsents
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.audit.service import AuditLog
from cloud.modes.activation import Activation, Device
from cloud.modes.disaster import Disaster
from cloud.modes.errors import ConflictError
from cloud.modes.online import Ticket
from cloud.modes.outage import Outage
from cloud.modes.search import Candidate
from cloud.modes.store import Change, Placed, T, Thing, WrongCodes
from cloud.modes.use import Use
from cloud.modes.workplace import Workplace
from protocol.codes import Sex
from protocol.ids import FacilityCode, RequestId

_SINCE: dict[type[Thing], str] = {
    Outage: "asked_at",
    Disaster: "opened_at",
    Use: "at",
    Workplace: "issued_at",
    Activation: "issued_at",
    Device: "bound_at",
    Ticket: "made_at",
    Placed: "at",
    WrongCodes: "since",
}


class MemoryModes:
    def __init__(
        self,
        registry: MemoryRegistry,
        facilities: MemoryFacilities,
        consents: MemoryConsents,
        eligibility: MemoryEligibility,
        log: AuditLog,
    ) -> None:
        self._registry = registry
        self._facilities = facilities
        self._consents = consents
        self._eligibility = eligibility
        self._log = log
        self._kept: dict[tuple[type[Thing], str | bytes], Thing] = {}

    def commit(self, change: Change) -> None:
        self._check(change)
        for thing in (*change.new, *change.changed):
            self._kept[type(thing), _key(thing)] = thing
        self._facilities.put_readers(change.readers)
        if change.emergency is not None:
            self._consents.put_emergency(change.emergency)
        self._consents.keep(change.consents, change.keys)
        of_mode = [
            RequestId(one.id)
            for one in self.every(Use)
            if change.closes_mode and one.mode_id == change.closes_mode
        ]
        for request in (*change.closes, *of_mode):
            self._consents.close_request(request)
        if change.care is not None:
            self._eligibility.put_continuing(change.care)
        self._log.append(list(change.entries))

    def one(self, kind: type[T], key: str | bytes) -> T | None:
        return cast("T | None", self._kept.get((kind, key)))

    def of(self, kind: type[T], facility: FacilityCode) -> list[T]:
        return [one for one in self.every(kind) if _facility(one) == facility]

    def every(self, kind: type[T]) -> list[T]:
        found = [one for (of, _), one in self._kept.items() if of is kind]
        since = _SINCE[kind]
        return cast(
            "list[T]", sorted(found, key=lambda one: (getattr(one, since), _key(one)))
        )

    def current(self, kind: type[T], now_ms: int) -> list[T]:
        return [one for one in self.every(kind) if (_until(one) or 0) > now_ms]

    def searches(self, facility: FacilityCode, staff: str, since: int) -> int:
        mine = [one for one in self.of(Use, facility) if one.staff == staff]
        return sum(one.at >= since for one in mine)

    def born(self, day: date, sex: Sex) -> Iterable[Candidate]:
        return [
            Candidate(entry.id, entry.person.name_kana, entry.person.address)
            for entry in self._registry.entries.values()
            if (entry.person.birth_date, entry.person.sex) == (day, sex)
        ]

    def _check(self, change: Change) -> None:
        for thing in change.unchanged:
            same = self._kept.get((type(thing), _key(thing)))
            if same is None or same.turn != thing.turn:
                raise ConflictError(type(thing).__name__)
        for thing in change.new:
            if (type(thing), _key(thing)) in self._kept:
                raise ConflictError(type(thing).__name__)
        for thing in change.changed:
            known = self._kept.get((type(thing), _key(thing)))
            if known is None or known.turn != thing.turn - 1:
                raise ConflictError(type(thing).__name__)


def _key(thing: Thing) -> str | bytes:
    return cast("str | bytes", getattr(thing, thing.key))


def _facility(thing: object) -> str:
    return cast(str, getattr(thing, "facility", ""))


def _until(thing: object) -> int | None:
    return cast("int | None", getattr(thing, "until", None))
