"""A batch of a load file in one transaction: look up, decide, write.

Everything a batch names is asked for in a handful of questions, and written in a
handful of `many`: a statement per line would cost more than the line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from cloud.adapters.sql import registry_load_statements as sql
from cloud.adapters.sql import tables_registry as kept
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry_load_rows import (
    by_reference,
    changed_person,
    closed_holds,
    fresh_cover,
    fresh_person,
    hold,
    link,
    lookup_of,
    new_links,
    new_person,
    opened_holds,
    stored_cover,
    touched_covers,
)
from cloud.adapters.sql.statement import Statement
from cloud.registry.apply import FAULTY, Applied
from cloud.registry.faults import Fault, FaultCode
from cloud.registry.lines import START, Batch, LineFault, Place
from cloud.registry.load import AlreadyLoadingError, Decide, Load
from cloud.registry.resident import HoldKind
from cloud.registry.rows import END, CoverKey, Row
from cloud.registry.standing import Claim, Details, Known, Standing


class SqlRegistryLoad:
    def __init__(self, database: Database) -> None:
        self._database = database
        if database.dialect.name == "sqlite":
            # Kibibytes. Random keys touch most pages of an index in every batch: with
            # the usual 2 MiB each would be written to the log and read again.
            database.run_text(f"PRAGMA cache_size = -{sql.CACHE_KIB}")

    # -- LoadStore -----------------------------------------------------------------
    def insurers(self) -> Mapping[str, str]:
        return dict(self._database.run(sql.INSURERS).fetchall())

    def begin(self, digest: bytes, now_ms: int) -> Load:
        counts = {f"n_{name}": 0 for name in kept.COUNTS}
        new = {"finished": None, "position": 0, "line": 0, **counts}
        self._database.run(sql.BEGIN, digest=digest, started=now_ms, **new)
        row = self._database.run(sql.LOAD, load=digest).fetchone()
        finished, position, line, *found = row
        told = dict(zip(kept.COUNTS, found, strict=True))
        place = Place(position, line) if finished is None else START
        return Load(digest, finished is not None, place, told)

    def settle(
        self,
        digest: bytes | None,
        batch: Batch,
        decide: Decide,
        now_ms: int,
        *,
        again: bool = False,
    ) -> Counter[str]:
        with self._database.transaction():
            self._lock()
            applied = decide(self.known(batch.rows))
            self._write(applied, now_ms)
            faults = sorted([*batch.faults, *applied.faults])
            applied.counts[FAULTY] = len({one.line for one in faults})
            if digest is not None:
                self._advance(digest, batch, applied.counts, faults, again=again)
        return applied.counts

    def finish(self, digest: bytes, now_ms: int) -> None:
        self._database.run(sql.FINISH, load=digest, at=now_ms)

    def refused_lines(self, digest: bytes) -> frozenset[int]:
        rows = self._database.run(sql.REFUSED, load=digest)
        return frozenset(line for (line,) in rows)

    def faults(self, digest: bytes) -> Iterator[LineFault]:
        for line, column, code, detail in self._database.stream(
            sql.FAULTS, load=digest
        ):
            yield LineFault(line, Fault(column, FaultCode(code), detail))

    # -- what is there ---------------------------------------------------------------
    def known(self, rows: Iterable[Row]) -> Known:
        asked = list(rows)
        found = self._persons({row.reference for row in asked})
        by_id = {one.id: one for one in found.values()}
        if by_id:
            self._fill(by_id)
        news = [row for row in asked if row.action != END]
        return Known(
            found,
            self._numbers(news),
            self._certificates({row.certificate for row in news if row.certificate}),
        )

    def _persons(self, references: Iterable[bytes]) -> dict[bytes, Standing]:
        return {
            bytes(reference): Standing(
                bytes(reference), Details(*details), person, held=bool(hold)
            )
            for reference, person, hold, *details in self._each(sql.PERSONS, references)
        }

    def _fill(self, by_id: dict[int, Standing]) -> None:
        people = self._database.listed(list(by_id))
        for row in self._database.run(sql.COVERS, persons=people):
            by_id[row[0]].covers.append(stored_cover(row))
        for person, insurer, kind in self._database.run(sql.OPEN_HOLDS, persons=people):
            by_id[person].holds[insurer] = HoldKind(kind)
        for standing in by_id.values():
            if standing.held and not standing.holds:
                standing.holds[""] = standing.opened[""] = HoldKind.IMPORTED

    def _numbers(self, rows: Iterable[Row]) -> dict[CoverKey, list[Claim]]:
        """Only of numbers with a branch: the others are a household's."""
        lookups = {lookup_of(row.key) for row in rows if row.branch_key}
        claims: dict[CoverKey, list[Claim]] = {}
        if lookups:
            asked = self._database.listed(sorted(lookups))
            for row in self._database.run(sql.SAME_NUMBER, lookups=asked):
                cover = stored_cover(row)
                claims.setdefault(cover.key, []).append(Claim(row[0], cover))
        return claims

    def _certificates(self, values: Iterable[bytes]) -> dict[bytes, int | bytes]:
        return {bytes(value): person for value, person in self._each(sql.LINKS, values)}

    def _each(self, statement: Statement, values: Iterable[bytes]) -> Iterator[Any]:
        # In order, so that neighbours in the index are asked together.
        asked = sorted(values)
        for first in range(0, len(asked), sql.AT_ONCE):
            some = asked[first : first + sql.AT_ONCE]
            some += some[-1:] * (sql.AT_ONCE - len(some))
            named = dict(zip(sql.NAMES, some, strict=True))
            yield from self._database.run(statement, **named)

    # -- what becomes of it ------------------------------------------------------------
    def _write(self, applied: Applied, now_ms: int) -> None:
        names = self.insurers()
        many = self._database.many
        self._write_fresh(applied.fresh, names, now_ms)
        standings = list(applied.standings)
        # After those, because a number is taken only when it is written.
        new = [one for one in standings if not one.id]
        for standing, number in zip(new, self._ids(len(new)), strict=True):
            standing.id = number
        many(sql.NEW_PERSON, [new_person(one) for one in new])
        fresh = {one.id for one in new}
        changed = [
            one
            for one in standings
            if one.id not in fresh and (one.rewritten or one.opened or one.closed)
        ]
        many(sql.CHANGED_PERSON, [changed_person(one) for one in changed])
        many(
            sql.PUT_COVER,
            [row for one in standings for row in touched_covers(one, names)],
        )
        many(sql.NEW_LINK, [row for one in standings for row in new_links(one)])
        many(
            sql.CLOSE_HOLD,
            [row for one in standings for row in closed_holds(one, now_ms)],
        )
        many(
            sql.OPEN_HOLD,
            [row for one in standings for row in opened_holds(one, now_ms)],
        )

    def _write_fresh(
        self,
        fresh: list[tuple[Row, HoldKind | None]],
        names: Mapping[str, str],
        now_ms: int,
    ) -> None:
        # In the order of the reference's index: its pages are then filled in turn.
        fresh.sort(key=by_reference)
        ids = self._ids(len(fresh))
        people, covers, links, held = [], [], [], []
        for person, (row, kind) in zip(ids, fresh, strict=True):
            people.append(fresh_person(person, row, kind))
            covers.append(fresh_cover(person, row, names))
            if row.certificate:
                links.append(link(person, row.certificate, row.certificate_until))
            if kind is not None:
                held.append(hold(person, row.insurer_key, kind, now_ms))
        many, in_order = self._database.many, self._database.many_in_order
        in_order(sql.NEW_PERSON, sql.PERSON_COLUMNS, people)
        in_order(sql.NEW_COVER, sql.COVER_COLUMNS, covers)
        many(sql.NEW_LINK, sorted(links, key=itemgetter("value")))
        many(sql.OPEN_HOLD, held)

    def _ids(self, count: int) -> Sequence[int]:
        """Numbers nobody has; other writers wait for this transaction."""
        if not count:
            return ()
        if self._database.dialect.name == "sqlite":
            (last,) = self._database.run(sql.LAST_PERSON).fetchone()
            return range((last or 0) + 1, (last or 0) + 1 + count)
        rows = self._database.run(sql.NEXT_PERSONS, count=count)
        return [number for (number,) in rows]

    def _lock(self) -> None:
        # SQLite has one writer as it is.
        if self._database.dialect.name != "sqlite":
            self._database.run(sql.TAKE_LOCK, name=sql.LOCK)

    def _advance(
        self,
        digest: bytes,
        batch: Batch,
        counts: Counter[str],
        faults: Sequence[LineFault],
        *,
        again: bool,
    ) -> None:
        more = {f"more_{name}": counts[name] for name in kept.COUNTS}
        if again:
            more["more_faulty"] -= self._forget_faults(digest, batch)
        advanced = self._database.run(
            sql.ADVANCE,
            load=digest,
            first=batch.start.line if batch.start.line > 1 else 0,
            offset=batch.end.offset,
            last=batch.end.line,
            **more,
        )
        if advanced.rowcount != 1:
            raise AlreadyLoadingError
        rows = [
            {
                "digest": digest,
                "line": line,
                "place": place,
                "field": fault.column,
                "code": fault.code.value,
                "detail": fault.detail,
            }
            for place, (line, fault) in enumerate(faults)
        ]
        self._database.many(sql.NEW_FAULT, rows)

    def _forget_faults(self, digest: bytes, batch: Batch) -> int:
        """Of lines that come again; how many lines those were."""
        span = {"load": digest, "after": batch.start.line, "until": batch.end.line}
        (count,) = self._database.run(sql.REFUSED_AMONG, **span).fetchone()
        self._database.run(sql.DROP_FAULTS, **span)
        return int(count)
