"""What only a database can get wrong: versions, durability, two processes at once."""

import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cloud.access.ledger import Audit, LedgerError
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect, ready
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.ledger import SqlLedger
from cloud.adapters.sql.schema import migrate, revisions
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.adapters.sql.version import HEAD, MigrationError, require_current, version
from cloud.main import sql_stores
from protocol.catalogue import Code
from protocol.codec import encode
from tests.cloud.world import AUDIT_SECRET, World, card, person
from tests.support.postgres import Cluster

AUDIT = Audit(1_780_000_000_000, Code.STALE, "")


OTHER_PROCESS = """
import sqlite3, sys
line = sqlite3.connect(sys.argv[1])
print(line.execute(sys.argv[2]).fetchone())
line.close()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cloud.sqlite3"


def test_a_database_that_was_not_migrated_is_not_ready(file: Path) -> None:
    assert not ready(file)
    with closing(connect(file)) as database, pytest.raises(MigrationError, match="run"):
        require_current(database)
    assert not ready(file)


def test_a_server_that_is_not_there_is_not_ready(tmp_path: Path) -> None:
    assert not ready(f"host={tmp_path} dbname=nobody connect_timeout=1")


def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    database.run_text("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(MigrationError, match="newer"):
            migrate(database)
        assert version(database) == "9999"
    finally:
        database.run_text(
            f"UPDATE alembic_version SET version_num = '{HEAD}'"  # noqa: S608
        )


def test_migrating_twice_is_migrating_once(file: Path) -> None:
    with closing(connect(file)) as database:
        assert migrate(database) == revisions()
        assert migrate(database) == []
    assert ready(file)


def test_the_program_is_written_for_the_last_migration() -> None:
    assert revisions()[-1] == HEAD


def test_a_commit_is_durable_before_it_returns(file: Path) -> None:
    with closing(SqliteDatabase(file)) as database:
        assert database.run_text("PRAGMA synchronous").fetchone() == (2,)
        assert database.run_text("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_is_deleted_is_overwritten(file: Path) -> None:
    with closing(SqliteDatabase(file)) as database:
        assert database.run_text("PRAGMA secure_delete").fetchone() == (1,)


def test_nobody_else_may_read_what_is_kept(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        kept = list(file.parent.iterdir())
        assert len(kept) == 4
        assert all(one.stat().st_mode & 0o077 == 0 for one in kept)


def test_a_second_connection_of_the_process_does_not_take_the_locks_of_the_first(
    file: Path,
) -> None:
    """Else the next process to leave deletes the log that the first still writes to."""
    count = "SELECT count(*) FROM readers"
    other = [sys.executable, "-c", OTHER_PROCESS, str(file), count]
    with closing(connect(file)) as first:
        migrate(first)
        assert ready(file)
        subprocess.run(other, check=True, capture_output=True)
        first.run_text(
            "INSERT INTO readers VALUES ('rd', '1', x'01', x'01', x'01', 0, 0, 0)"
        )
        seen = subprocess.run(other, check=True, capture_output=True, text=True)
        assert seen.stdout == "(1,)\n"


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with suppress(LookupError), database.transaction():
        database.run_text("INSERT INTO counts VALUES ('a', 'b', 'c', 1)")
        raise LookupError
    assert SqlLedger(database, SqlAudit(database, AUDIT_SECRET)).counts() == []


def test_a_database_that_cannot_be_written_says_so(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        database.run_text("PRAGMA query_only = ON")
        _cannot_commit(database)


def test_a_server_that_allows_no_writing_says_so(cluster: Cluster) -> None:
    with closing(connect(cluster.conninfo)) as database:
        database.run_text("SET default_transaction_read_only = on")
        _cannot_commit(database)


def _cannot_commit(database: Database) -> None:
    with pytest.raises(LedgerError):
        SqlLedger(database, SqlAudit(database, AUDIT_SECRET)).commit([], [AUDIT])
    assert SqlLedger(database, SqlAudit(database, AUDIT_SECRET)).refusals() == []


def test_two_workers_settle_one_request_once(database: Database, file: Path) -> None:
    where = file if isinstance(database, SqliteDatabase) else _conninfo(database)
    with closing(connect(where)) as other:
        first, mine = World(sql_stores(database, AUDIT_SECRET)), card()
        first.knows(person(), mine)
        second = World(sql_stores(other, AUDIT_SECRET), keys=first.keys)
        second.stores.facilities.put_readers([first.box.enrolled])
        message = encode(first.verification(mine))
        sealed = [first.box.seal(message, first.now) for _ in range(2)]
        first.serve(sealed[0])
        second.serve(sealed[1])
        answers = [
            first.box.open(world.line.left[0][1], first.now)
            for world in (first, second)
        ]
        assert answers[0] == answers[1]
        assert SqlLedger(other, SqlAudit(other, AUDIT_SECRET)).counts() == [
            ("verification", "accepted", "", 1)
        ]


def _conninfo(database: Database) -> str:
    said: str = database.raw.info.dsn  # type: ignore[attr-defined]
    return said


def test_no_name_reaches_the_usage_or_verification_tables(database: Database) -> None:
    world, mine = World(sql_stores(database, AUDIT_SECRET)), card()
    world.knows(person(), mine)
    world.ask(world.verification(mine))
    for table in ("usage", "counts", "refusals", "verifications", "envelopes"):
        text = repr(database.run_text(f"SELECT * FROM {table}").fetchall())  # noqa: S608
        assert "花子" not in text
        assert "ハナコ" not in text


def test_after_unhurried_work_a_commit_is_durable_again(file: Path) -> None:
    def waits(database: SqliteDatabase) -> tuple[int, int]:
        (level,) = database.run_text("PRAGMA synchronous").fetchone()
        (pages,) = database.run_text("PRAGMA wal_autocheckpoint").fetchone()
        return level, pages

    with closing(SqliteDatabase(file)) as database:
        usual = waits(database)
        with suppress(RuntimeError), database.unhurried(10):
            assert waits(database) == (1, 10)
            raise RuntimeError
        assert waits(database) == usual == (2, usual[1])
