"""What cloud/modes keeps. A change is one transaction; each row has a turn.

A thing is changed only from the turn before: of two who change it at the same moment
one is told (ConflictError), and nothing of its change stands.
"""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select, update

from cloud.adapters.sql.consents import close_requests, write_consents, write_emergency
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.eligibility import write_continuing
from cloud.adapters.sql.facilities import write_readers
from cloud.adapters.sql.statement import Statement, insert_new
from cloud.adapters.sql.tables import data_keys, persons
from cloud.adapters.sql.tables_modes import (
    care_places,
    device_codes,
    device_wrong_codes,
    devices,
    mode_disasters,
    mode_outages,
    mode_uses,
    online_tickets,
    workplaces,
)
from cloud.audit.service import AuditLog
from cloud.consent.care_place import PlaceKind
from cloud.consent.emergency import Verdict
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
from protocol.ids import FacilityCode

_ENUMS: dict[str, type[Enum]] = {"verdict": Verdict, "kind": PlaceKind}


class _Kept:
    """One table and its statements."""

    def __init__(self, table: Table, key: tuple[str, ...], since: str) -> None:
        columns = list(table.columns)
        identity = [table.c[name] == bindparam(f"key_{name}") for name in key]
        self.key = key
        self.insert = insert_new(table)
        # A name of its own: an update binds its columns by their own names.
        self.change = Statement(
            update(table)
            .where(*identity, table.c.turn == bindparam("before"))
            .values({one.name: bindparam(one.name) for one in columns})
        )
        # Whoever would end it waits until this is committed, and then sees it.
        self.hold = Statement(
            select(table.c.turn)
            .where(*identity, table.c.turn == bindparam("now"))
            .with_for_update(read=True)
        )
        order = (table.c[since], *(table.c[name] for name in key))
        every = select(*columns).order_by(*order)
        self.one = Statement(select(*columns).where(*identity))
        self.every = Statement(every)
        self.current = self.of = self.every
        if "facility" in table.columns:
            mine = table.c.facility == bindparam("facility")
            self.of = Statement(every.where(mine))
        if "until" in table.columns:
            self.current = Statement(every.where(table.c.until > bindparam("now")))


_TABLES: dict[type[Thing], _Kept] = {
    Outage: _Kept(mode_outages, ("id",), "asked_at"),
    Disaster: _Kept(mode_disasters, ("id",), "opened_at"),
    Use: _Kept(mode_uses, ("id",), "at"),
    Workplace: _Kept(workplaces, ("code",), "issued_at"),
    Activation: _Kept(device_codes, ("hash",), "issued_at"),
    Device: _Kept(devices, ("reader",), "bound_at"),
    Ticket: _Kept(online_tickets, ("hash",), "made_at"),
    Placed: _Kept(care_places, ("facility", "reader"), "at"),
    WrongCodes: _Kept(device_wrong_codes, ("facility",), "since"),
}
_SEARCHES = Statement(
    select(func.count())
    .select_from(mode_uses)
    .where(
        mode_uses.c.facility == bindparam("facility"),
        mode_uses.c.staff == bindparam("staff"),
        mode_uses.c.at >= bindparam("since"),
    )
)
_CLOSE_MODE = Statement(
    delete(data_keys).where(
        data_keys.c.request_id.in_(
            select(mode_uses.c.id).where(mode_uses.c.mode_id == bindparam("mode"))
        )
    )
)
_BORN = Statement(
    select(persons.c.id, persons.c.name_kana, persons.c.address).where(
        persons.c.birth_date == bindparam("day"), persons.c.sex == bindparam("sex")
    )
)


class SqlModes:
    def __init__(self, database: Database, log: AuditLog) -> None:
        self._database = database
        self._log = log

    def commit(self, change: Change) -> None:
        with self._database.transaction():
            for thing in change.new:
                self._insert(thing)
            for thing in change.changed:
                self._change(thing)
            for thing in change.unchanged:
                self._hold(thing)
            write_readers(self._database, change.readers)
            if change.emergency is not None:
                write_emergency(self._database, change.emergency)
            write_consents(self._database, change.consents, change.keys)
            close_requests(self._database, change.closes)
            if change.closes_mode:
                self._database.run(_CLOSE_MODE, mode=change.closes_mode)
            if change.care is not None:
                write_continuing(self._database, [change.care])
            self._log.append(list(change.entries))

    def one(self, kind: type[T], key: str | bytes) -> T | None:
        kept = _TABLES[kind]
        parts = str(key).split("/") if len(kept.key) > 1 else [key]
        named = {
            f"key_{name}": part for name, part in zip(kept.key, parts, strict=True)
        }
        row = self._database.run(kept.one, **named).fetchone()
        return None if row is None else _thing(kind, row)

    def of(self, kind: type[T], facility: FacilityCode) -> list[T]:
        rows = self._database.run(_TABLES[kind].of, facility=facility)
        return [_thing(kind, row) for row in rows]

    def every(self, kind: type[T]) -> list[T]:
        return [_thing(kind, row) for row in self._database.run(_TABLES[kind].every)]

    def current(self, kind: type[T], now_ms: int) -> list[T]:
        rows = self._database.run(_TABLES[kind].current, now=now_ms)
        return [_thing(kind, row) for row in rows]

    def searches(self, facility: FacilityCode, staff: str, since: int) -> int:
        asked = {"facility": facility, "staff": staff, "since": since}
        return int(self._database.run(_SEARCHES, **asked).fetchone()[0])

    def born(self, day: date, sex: Sex) -> Iterable[Candidate]:
        rows = self._database.run(_BORN, day=day.isoformat(), sex=sex.value)
        return [Candidate(*row) for row in rows]

    def _insert(self, thing: Thing) -> None:
        kept = _TABLES[type(thing)]
        if not self._database.run(kept.insert, **_columns(thing)).rowcount:
            raise ConflictError(type(thing).__name__)

    def _hold(self, thing: Thing) -> None:
        kept, columns = _TABLES[type(thing)], _columns(thing)
        named = {f"key_{name}": columns[name] for name in kept.key}
        if self._database.run(kept.hold, **named, now=thing.turn).fetchone() is None:
            raise ConflictError(type(thing).__name__)

    def _change(self, thing: Thing) -> None:
        kept, columns = _TABLES[type(thing)], _columns(thing)
        named = {f"key_{name}": columns[name] for name in kept.key}
        before = {"before": thing.turn - 1}
        if not self._database.run(kept.change, **columns, **named, **before).rowcount:
            raise ConflictError(type(thing).__name__)


def _columns(thing: Thing) -> dict[str, Any]:
    values = {one.name: getattr(thing, one.name) for one in fields(thing)}
    return {
        name: value.value if isinstance(value, Enum) else value
        for name, value in values.items()
    }


def _thing(kind: type[T], row: Any) -> T:
    values = [
        _ENUMS[one.name](value) if one.name in _ENUMS else value
        for one, value in zip(fields(kind), row, strict=True)
    ]
    return kind(*values)  # type: ignore[arg-type]
