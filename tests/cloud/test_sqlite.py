"""What only a file can get wrong: versions, durability, two processes at once."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from cloud.access.ledger import Audit, LedgerError
from cloud.adapters.sqlite import (
    MigrationError,
    connect,
    migrate,
    migrations,
    ready,
    require_current,
    transaction,
    version,
)
from cloud.adapters.sqlite_ledger import SqliteLedger
from cloud.main import sqlite_stores
from protocol.catalogue import Code
from protocol.codec import encode
from tests.cloud.world import World, card, person


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cloud.sqlite3"


def test_a_database_that_was_not_migrated_is_not_ready(file: Path) -> None:
    assert not ready(file)
    with closing(connect(file)) as database, pytest.raises(MigrationError, match="run"):
        require_current(database)
    assert not ready(file)


def test_a_database_of_a_newer_program_is_left_alone(file: Path) -> None:
    with closing(connect(file)) as database:
        database.execute("PRAGMA user_version = 9999")
        with pytest.raises(MigrationError, match="newer"):
            migrate(database)
        assert version(database) == 9999


def test_migrating_twice_is_migrating_once(file: Path) -> None:
    with closing(connect(file)) as database:
        assert migrate(database) == [number for number, _ in migrations()]
        assert migrate(database) == []
    assert ready(file)


def test_a_commit_is_durable_before_it_returns(file: Path) -> None:
    with closing(connect(file)) as database:
        assert database.execute("PRAGMA synchronous").fetchone() == (2,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_nobody_else_may_read_what_is_kept(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        kept = list(file.parent.iterdir())
        assert len(kept) == 4
        assert all(one.stat().st_mode & 0o077 == 0 for one in kept)


def test_a_transaction_that_fails_leaves_nothing(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        with suppress(LookupError), transaction(database):
            database.execute("INSERT INTO counts VALUES ('a', 'b', 'c', 1)")
            raise LookupError
        assert SqliteLedger(database).counts() == []


def test_a_database_that_cannot_be_written_says_so(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        database.execute("PRAGMA query_only = ON")
        audit = Audit(1_780_000_000_000, Code.STALE, "")
        with pytest.raises(LedgerError):
            SqliteLedger(database).commit([], [audit])
        assert SqliteLedger(database).refusals() == []


def test_two_workers_settle_one_request_once(file: Path) -> None:
    with closing(connect(file)) as one, closing(connect(file)) as two:
        migrate(one)
        first, mine = World(sqlite_stores(one)), card()
        first.knows(person(), mine)
        second = World(sqlite_stores(two), keys=first.keys)
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
        assert SqliteLedger(two).counts() == [("verification", "accepted", "", 1)]


def test_no_name_reaches_the_usage_or_verification_tables(file: Path) -> None:
    with closing(connect(file)) as database:
        migrate(database)
        world, mine = World(sqlite_stores(database)), card()
        world.knows(person(), mine)
        world.ask(world.verification(mine))
        for table in ("usage", "counts", "refusals", "verifications", "envelopes"):
            text = repr(_rows(database, table))
            assert "花子" not in text
            assert "ハナコ" not in text
        columns = {row[1] for row in database.execute("PRAGMA table_info(usage)")}
        assert "person_id" not in columns


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
