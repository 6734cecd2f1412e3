"""The audit store's contract, on memory, SQLite and PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from cloud.adapters.memory_audit import MemoryAudit
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import Where, connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.audit.anchor import Pace
from cloud.audit.check import What
from cloud.audit.model import HOUSE, Kind
from cloud.audit.service import AuditStore, Verifier, anchor_if_due, prunable, prune
from cloud.registry.model import PersonId
from cloud.registry.service import Record
from tests.cloud.test_audit_chain import (
    AT,
    FACILITIES,
    KEYS,
    SECRET,
    SIGNER,
    entry,
)
from tests.cloud.world import person
from tests.support.postgres import Cluster, empty

PEOPLE = 3


def populate(database: Database) -> None:
    records = [Record(bytes((number,)), person()) for number in range(PEOPLE)]
    SqlRegistry(database).put(records)


@dataclass
class Kept:
    """A store, and what its writers have around them."""

    store: AuditStore
    database: Database | None = None

    def transaction(self) -> AbstractContextManager[None]:
        return self.database.transaction() if self.database else nullcontext()

    def write(self, *numbers: int) -> None:
        entries = [entry(FACILITIES[number % 3], number) for number in numbers]
        with self.transaction():
            self.store.append(entries)

    def findings(self) -> list[What]:
        verifier = Verifier(self.store, KEYS, SECRET)
        return [one.what for one in verifier.verify()]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "memory":
        yield Kept(MemoryAudit(SECRET))
        return
    where: Where = tmp_path / "cloud.sqlite3"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        where = cluster.conninfo
    with closing(connect(where)) as database:
        if isinstance(database, SqliteDatabase):
            migrate(database)
        else:
            empty(database)
        populate(database)
        yield Kept(SqlAudit(database, SECRET), database)


def test_batches_of_many_facilities_make_one_chain_each(kept: Kept) -> None:
    for start in range(0, 60, 20):
        kept.write(*range(start, start + 20))
    assert kept.store.facilities() == FACILITIES
    for facility in FACILITIES:
        rows = list(kept.store.rows(facility))
        assert [row.seq for row in rows] == list(range(1, 21))
        assert [row.at for row in rows] == sorted(row.at for row in rows)
        head = kept.store.head(facility)
        assert head is not None
        assert (head.seq, head.hash) == (20, rows[-1].hash)
    assert kept.findings() == []


def test_nothing_is_nothing(kept: Kept) -> None:
    kept.write()
    assert kept.store.facilities() == []
    assert kept.store.last_anchor() is None
    assert kept.store.unanchored() == 0
    assert kept.findings() == []


def test_a_person_sees_what_was_shown_of_them_and_of_nobody_else(kept: Kept) -> None:
    kept.write(*range(24))
    mine = list(kept.store.of_person(PersonId(2)))
    assert [row.at - AT for row in mine] == [
        number for number in range(24) if number % 3 == 1 and number % 4
    ]
    assert len({row.subject for row in mine}) == 1
    others = list(kept.store.of_person(PersonId(1)))
    assert {row.subject for row in mine}.isdisjoint(row.subject for row in others)
    assert list(kept.store.of_person(PersonId(99))) == []


def test_anchors_follow_each_other_and_hold_only_what_moved(kept: Kept) -> None:
    kept.write(0, 1, 2, 3)
    assert kept.store.unanchored() == 4
    first = kept.store.anchor(AT, SIGNER)
    kept.write(4)
    second = kept.store.anchor(AT + 1, SIGNER)
    assert (first.number, first.total) == (1, 4)
    assert (second.number, second.total, second.previous) == (2, 5, first.hash)
    assert kept.store.anchors() == [first, second]
    assert kept.store.last_anchor() == second
    assert [place.facility for place in kept.store.moved(2)] == [FACILITIES[1]]
    assert [one.number for one in kept.store.anchored(FACILITIES[1])] == [1, 2]
    assert kept.store.unanchored() == 0
    assert kept.findings() == []


def test_an_anchor_is_made_when_rows_or_hours_are_enough(kept: Kept) -> None:
    pace = Pace(rows=3, ms=1000)

    def look(at: int) -> bool:
        return bool(anchor_if_due(kept.store, pace, now_ms=at, signer=SIGNER))

    assert not look(AT)
    kept.write(0)
    assert look(AT)
    kept.write(1, 2)
    assert not look(AT + 999)
    kept.write(3)
    assert look(AT + 999)
    kept.write(4)
    assert not look(AT + 1998)
    assert look(AT + 1999)
    assert not look(AT + 9999)


def test_pruned_rows_are_gone_and_the_rest_begins_at_the_checkpoint(
    kept: Kept,
) -> None:
    kept.write(*range(12))
    kept.store.anchor(AT + 12, SIGNER)
    places = prunable(kept.store, AT + 6)
    assert {place.seq for place in places.values()} == {2}
    with kept.transaction():
        went = prune(kept.store, list(places.values()), now_ms=AT + 20, signer=SIGNER)
    assert went == 6
    assert [row.seq for row in kept.store.rows(FACILITIES[0])] == [3, 4]
    assert prunable(kept.store, AT + 6) == {}
    assert [row.kind for row in kept.store.rows(HOUSE)] == [Kind.PRUNING]
    kept.write(*range(12, 15))
    kept.store.anchor(AT + 21, SIGNER)
    assert kept.findings() == []


def test_a_chain_can_be_pruned_to_its_end_and_goes_on(kept: Kept) -> None:
    kept.write(*range(6))
    for _ in range(2):
        places = list(prunable(kept.store, AT + 99).values())
        with kept.transaction():
            prune(kept.store, places, now_ms=AT + 200, signer=SIGNER)
        assert kept.findings() == []
        kept.write(7)
        assert kept.findings() == []


# -- what only a database has --------------------------------------------------------
def test_a_transaction_that_fails_leaves_no_row(database: Database) -> None:
    populate(database)
    kept = Kept(SqlAudit(database, SECRET), database)
    kept.write(0)
    with suppress(ZeroDivisionError), database.transaction():
        kept.store.append([entry(FACILITIES[0], 3), entry(FACILITIES[1], 4)])
        _ = 1 / 0
    assert [len(list(kept.store.rows(name))) for name in FACILITIES] == [1, 0, 0]
    kept.write(6)
    assert kept.findings() == []


def test_a_mark_that_keeps_a_chain_out_of_anchors_is_found(database: Database) -> None:
    populate(database)
    kept = Kept(SqlAudit(database, SECRET), database)
    kept.write(0, 1, 2, 3)
    database.run_text(
        f"UPDATE audit_heads SET anchored = 99 WHERE facility_code = '{FACILITIES[0]}'"  # noqa: S608
    )
    kept.store.anchor(AT, SIGNER)
    assert kept.findings() == [What.ANCHOR]


def test_a_person_that_is_gone_has_no_pseudonym_any_more(database: Database) -> None:
    """Nor has a new one who gets the same number."""
    populate(database)
    kept = Kept(SqlAudit(database, SECRET), database)
    kept.write(2, 5)
    assert len(list(kept.store.of_person(PersonId(3)))) == 2
    database.run_text("DELETE FROM persons WHERE id = 3")
    SqlRegistry(database).put([Record(b"new", person(insurances=()))])
    database.run_text("UPDATE persons SET id = 3 WHERE id > 2")
    assert list(kept.store.of_person(PersonId(3))) == []
    kept.write(5)
    assert len(list(kept.store.of_person(PersonId(3)))) == 1
    assert kept.findings() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_many_workers_write_one_chain_each_facility(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where: Where = tmp_path / "cloud.sqlite3"
    if kind == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        where = cluster.conninfo
    with closing(connect(where)) as database:
        if isinstance(database, SqliteDatabase):
            migrate(database)
        else:
            empty(database)
        populate(database)
        Kept(SqlAudit(database, SECRET), database).write(0, 1, 2)
    workers, turns = 4, 12
    failed: list[BaseException] = []

    def work(mine: int) -> None:
        try:
            with closing(connect(where)) as own:
                kept = Kept(SqlAudit(own, SECRET), own)
                for turn in range(turns):
                    numbers = [mine * 1000 + turn * 10 + place for place in range(6)]
                    kept.write(*(numbers if mine % 2 else reversed(numbers)))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in range(workers)]
    for thread in threads:
        thread.start()
    anchors = 0
    with closing(connect(where)) as database:
        kept = Kept(SqlAudit(database, SECRET), database)
        while any(thread.is_alive() for thread in threads):
            kept.store.anchor(AT, SIGNER)
            anchors += 1
            assert kept.findings() == []
        for thread in threads:
            thread.join()
        assert failed == []
        kept.store.anchor(AT, SIGNER)
        assert kept.findings() == []
        last = kept.store.last_anchor()
        assert last is not None
        assert last.total == 3 + workers * turns * 6
        assert anchors > 0
