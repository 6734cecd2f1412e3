"""What rests in the database: sealed, let go of in time, and gone with a person."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete

from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.retention import Retention
from cloud.adapters.sql.statement import Statement
from cloud.adapters.sql.tables import persons
from cloud.audit.retention import configured
from cloud.audit.service import Verifier
from cloud.bulk.model import KEEP_MS
from cloud.bulk.store import GoneError
from cloud.main import committing, sql_stores
from cloud.registry.model import PersonId
from tests.cloud.bulk_world import NOW, Room, row, somebody
from tests.cloud.test_audit_chain import KEYS, SIGNER
from tests.cloud.world import AUDIT_SECRET, FACILITY


@pytest.fixture
def room(database: Database, tmp_path: Path) -> Room:
    stores = sql_stores(database, AUDIT_SECRET)
    made = Room(stores, tmp_path, committing(database, stores.audit))
    stores.registry.put([somebody(n) for n in range(1, 4)])
    return made


def retention(database: Database) -> Retention:
    log = SqlAudit(database, AUDIT_SECRET)
    verifier = Verifier(log, KEYS, AUDIT_SECRET)
    return Retention(database, log, verifier, SIGNER, configured({}))


def count(database: Database, table: str) -> int:
    return int(
        database.run_text(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
    )


def who(room: Room, number: int) -> PersonId:
    found = room.stores.registry.numbered([f"99130015|{number}|12"])
    (entries,) = found.values()
    return entries[0].id


def test_whoever_is_erased_goes_from_results_that_are_kept(
    room: Room, database: Database
) -> None:
    name = room.submit([row(1), row(2), row(3)])
    room.run()
    done = list(retention(database).erase(who(room, 2), NOW, dry=False))
    assert [one.rows for one in done if one.table == "bulk_answers"] == [1]
    units = room.result(name).body.parts
    shown = [one.all("QualificationConfirmSearchInfo")[0] for one in units]
    assert [one.get("ArbitraryIdentifier") for one in shown] == ["p-1", "p-3"]
    assert room.result(name).header.get("NumberOfProcessingResult") == "3"


def test_whoever_is_erased_between_look_and_commit_is_not_found(
    room: Room, database: Database
) -> None:
    name = room.submit([row(1), row(2)])
    found = room.stores.bulk.waiting(None)
    assert found is not None
    step = room.worker.step(*found, NOW)
    database.run(Statement(delete(persons).where(persons.c.id == who(room, 2))))
    with pytest.raises(GoneError):
        room.stores.bulk.settle(step)
    assert count(database, "bulk_answers") == 0
    room.run()
    units = room.result(name).body.parts
    assert [one.get("QualificationValidity") for one in units] == ["1", "4"]


def test_after_180_days_job_questions_and_answers_are_deleted(
    room: Room, database: Database
) -> None:
    room.submit([row(1)])
    room.run()
    room.now = NOW + 1_000
    room.submit([row(2)])
    keep = retention(database)
    list(keep.run(NOW + KEEP_MS, dry=False))
    assert count(database, "bulk_jobs") == 2
    gone = {one.table: one.rows for one in keep.run(NOW + KEEP_MS + 1, dry=False)}
    assert gone["bulk_jobs"] == 1
    assert (count(database, "bulk_answers"), count(database, "bulk_questions")) == (
        0,
        1,
    )
    list(keep.run(NOW + KEEP_MS + 2_000, dry=False))
    assert count(database, "bulk_questions") == 0


def test_a_question_is_gone_when_it_is_answered(room: Room, database: Database) -> None:
    room.submit([row(1)])
    assert count(database, "bulk_questions") == 1
    room.run()
    assert count(database, "bulk_questions") == 0


def test_no_number_and_no_name_of_a_file_rests_readable(tmp_path: Path) -> None:
    from cloud.adapters.sql.schema import migrate

    file = tmp_path / "cloud.sqlite3"
    with closing(connect(file)) as database:
        migrate(database)
        stores = sql_stores(database, AUDIT_SECRET)
        room = Room(stores, tmp_path, committing(database, stores.audit))
        marked = [row(1, InsuredIdentificationNumber="4711471147"), row(2)]
        room.submit(marked)
        room.run()
        room.submit(marked)
        database.run_text("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    raw = file.read_bytes()
    assert FACILITY.encode() in raw
    assert b"4711471147" not in raw
    assert b"99130015" not in raw
    assert "月曜の予約".encode() not in raw
