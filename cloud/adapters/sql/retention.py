"""Retention and erasure in a database: what would go, and letting it go.

One `Step` is one table and one condition. A dry run counts with the same condition
that a run deletes with, so it says what the run will do. Whoever is erased goes from
every table that has a `person_id`: a new room's table is covered by having one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.schema import all_tables
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.adapters.sql.statement import Among, Statement
from cloud.adapters.sql.tables import (
    certificates,
    insurances,
    persons,
    requests,
    verifications,
    watches,
)
from cloud.adapters.sql.tables_audit import audit_rows
from cloud.audit.model import HOUSE, Entry, Kind, Place, detail
from cloud.audit.retention import Action, Age, Rule
from cloud.audit.service import AuditStore, Verifier, prunable, prune
from cloud.registry.model import PersonId
from protocol.keys import Signer

T = TypeVar("T")
CHAINS = 100
"""Chains that are pruned in one transaction."""
PERSONS = 1_000
"""Persons that are erased in one transaction."""


_CARDS = Statement(
    select(certificates.c.value).where(Among(certificates.c.person_id, "persons"))
)


@dataclass(frozen=True, slots=True)
class Done:
    """So many rows of a table went, or would go, by a rule."""

    rule: str
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class Step:
    table: Table
    where: ColumnElement[bool]
    values: dict[str, Any]

    def count(self, database: Database) -> int:
        counted = select(func.count()).select_from(self.table).where(self.where)
        row = database.run(Statement(counted), **self.values).fetchone()
        return int(row[0])

    def delete(self, database: Database) -> int:
        gone = Statement(delete(self.table).where(self.where))
        return database.run(gone, **self.values).rowcount


@dataclass(frozen=True, slots=True)
class Retention:
    database: Database
    log: AuditStore
    verifier: Verifier
    """A chain with a finding is left as it is."""
    signer: Signer
    rules: Sequence[Rule]

    def run(self, now_ms: int, *, dry: bool) -> Iterator[Done]:
        """By every rule in their order; what went, or in a dry run would go."""
        lapsed = self._lapsed(now_ms)
        for rule in self.rules:
            match rule.action:
                case Action.ERASE:
                    yield from self._erase(rule.name, lapsed, now_ms, dry=dry)
                case Action.PRUNE:
                    yield self._prune(rule, now_ms, dry=dry)
                case Action.DELETE:
                    yield self._delete(rule, now_ms, lapsed, dry=dry)
        if not dry:
            self._wiped()

    def erase(self, person: PersonId, now_ms: int, *, dry: bool) -> Iterator[Done]:
        """One person, now. Their rows in the log stay and name nobody any more."""
        yield from self._erase("erase", [person], now_ms, dry=dry)
        if not dry:
            self._wiped()

    # -- rules ------------------------------------------------------------------------
    def _delete(self, rule: Rule, now_ms: int, lapsed: list[int], *, dry: bool) -> Done:
        table = all_tables().tables[rule.table]
        since: ColumnElement[Any] = table.c[rule.since[0]]
        for name in rule.since[1:]:
            since = func.coalesce(since, table.c[name])
        horizon = rule.day(now_ms) if rule.age is Age.DAY else rule.horizon(now_ms)
        # In a dry run those to be erased are still there, and have been counted.
        where = and_(
            since < bindparam("horizon"),
            not_(_about(table, "lapsed")),
            not_(_standing(table, rule)),
        )
        values = {"horizon": horizon, **self._named("lapsed", lapsed)}
        step = Step(table, where, values)
        return self._step(rule.name, step, dry=dry)

    def _step(self, rule: str, step: Step, *, dry: bool) -> Done:
        if dry:
            return Done(rule, step.table.name, step.count(self.database))
        with self.database.transaction():
            return Done(rule, step.table.name, step.delete(self.database))

    # -- persons ----------------------------------------------------------------------
    def _lapsed(self, now_ms: int) -> list[int]:
        """Who had an insurance, and none since the rule's day."""
        (rule,) = (one for one in self.rules if one.action is Action.ERASE)
        held = insurances.c.person_id == persons.c.id
        open_ = or_(
            insurances.c.valid_until.is_(None),
            insurances.c.valid_until >= bindparam("day"),
        )
        who = select(persons.c.id).where(
            exists().where(held), not_(exists().where(held, open_))
        )
        rows = self.database.run(Statement(who), day=rule.day(now_ms))
        return [person for (person,) in rows]

    def _erase(
        self, rule: str, who: Sequence[int], now_ms: int, *, dry: bool
    ) -> Iterator[Done]:
        counts: dict[str, int] = {}
        for some in _slices(who, PERSONS):
            steps = self._steps_of(some)
            if dry:
                found = {one.table.name: one.count(self.database) for one in steps}
            else:
                found = self._gone(rule, steps, now_ms)
            for name, rows in found.items():
                counts[name] = counts.get(name, 0) + rows
        yield from (Done(rule, name, rows) for name, rows in counts.items())

    def _steps_of(self, who: Sequence[int]) -> list[Step]:
        """Everything about these persons, what points at others first."""
        tables = all_tables().sorted_tables
        personal = [one for one in reversed(tables) if "person_id" in one.columns]
        values = self._named("persons", who)
        return [
            Step(one, _about(one, "persons"), values)
            for one in (watches, requests, *personal, persons)
        ]

    def _named(self, name: str, who: Sequence[int]) -> dict[str, Any]:
        """Persons, and their certificates as a watch has them, as parameters."""
        listed = self.database.listed(who)
        cards = self.database.run(_CARDS, persons=listed).fetchall()
        shown = [bytes(value).hex() for (value,) in cards]
        return {name: listed, f"{name}_cards": self.database.listed(shown)}

    def _gone(self, rule: str, steps: list[Step], now_ms: int) -> dict[str, int]:
        with self.database.transaction():
            found = {one.table.name: one.delete(self.database) for one in steps}
            said = detail(rule=rule, persons=found["persons"], rows=sum(found.values()))
            self.log.append([Entry(HOUSE, now_ms, Kind.ERASURE, None, said, bytes(32))])
        return found

    # -- the log ----------------------------------------------------------------------
    def _prune(self, rule: Rule, now_ms: int, *, dry: bool) -> Done:
        rows = 0
        places = prunable(self.log, rule.horizon(now_ms))
        whole = [
            one for one in places.values() if not self.verifier.chain(one.facility)
        ]
        for some in _slices(whole, CHAINS):
            if dry:
                rows += sum(self._below(place) for place in some)
                continue
            with self.database.transaction():
                rows += prune(self.log, some, now_ms=now_ms, signer=self.signer)
        return Done(rule.name, audit_rows.name, rows)

    def _below(self, place: Place) -> int:
        where = and_(
            audit_rows.c.facility_code == bindparam("facility"),
            audit_rows.c.seq <= bindparam("upto"),
        )
        values = {"facility": place.facility, "upto": place.seq}
        return Step(audit_rows, where, values).count(self.database)

    def _wiped(self) -> None:
        """SQLite zeroes deleted rows in the file; its log still has them till then."""
        if isinstance(self.database, SqliteDatabase):
            self.database.run_text("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _slices(what: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (what[at : at + size] for at in range(0, len(what), size))


def _standing(table: Table, rule: Rule) -> ColumnElement[bool]:
    """Whether another table says that a row is still in force."""
    if rule.standing is None:
        return false()
    name, columns = rule.standing
    other = all_tables().tables[name]
    return exists().where(*(other.c[one] == table.c[one] for one in columns))


def _about(table: Table, name: str) -> ColumnElement[bool]:
    """Whether a row is about one of these persons; of most tables none is."""
    if table is requests:
        same = and_(
            verifications.c.request_id == requests.c.request_id,
            verifications.c.reader_id == requests.c.reader_id,
        )
        return exists().where(same, Among(verifications.c.person_id, name))
    if table is watches:
        return Among(watches.c.value, f"{name}_cards")
    if table is persons:
        return Among(persons.c.id, name)
    if "person_id" in table.columns:
        column = table.c.person_id
        return and_(column.is_not(None), Among(column, name))
    return false()
