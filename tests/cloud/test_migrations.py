"""From the first landed database to this program's, with people in it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.schema import (
    FIRST,
    all_tables,
    migrate,
    revisions,
    sqlalchemy_connection,
)
from cloud.adapters.sql.version import version
from cloud.main import sql_stores
from cloud.registry.model import CertificateLink, LinkKind, lookup_key
from tests.cloud.world import AUDIT_SECRET
from tests.support.postgres import Cluster

DATA = Path(__file__).parent / "data"
FINGERPRINT = b"f" * 32
ROWS = (
    "INSERT INTO persons VALUES (7, '\\x72'::bytea, '試験　花子', 'シケン　ハナコ',"
    " '2', '1970-01-02', '架空県', '000-0000', 1, 0)",
    "INSERT INTO insurances VALUES (7, 0, '01', '00138057', '架空国保', '1',"
    " '2025-04-01', NULL, '記－１', '００１２', '01', '', '', '030', 'A03', 0)",
    f"INSERT INTO certificates VALUES ('\\x{FINGERPRINT.hex()}'::bytea,"  # noqa: S608
    " 'certificate', 7)",
    "INSERT INTO consents VALUES"
    " ('1310000008', 7, 'operation', 5, 'r', 'granted', 6, 9)",
    "INSERT INTO counts VALUES ('verification', 'accepted', '', 41)",
)


def _landed(database: Database) -> None:
    """As the first landed program left it."""
    for statement in ROWS:
        if database.dialect.name == "sqlite":
            statement = statement.replace("'\\x", "x'").replace("::bytea", "")
        database.run_text(statement)


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the first schema, with rows in it."""
    if request.param == "sqlite":
        file = tmp_path / "old.sqlite3"
        with closing(sqlite3.connect(file)) as raw:
            raw.executescript((DATA / "first_landed.sql").read_text("utf-8"))
            raw.execute("PRAGMA user_version = 1")
        with closing(connect(file)) as database:
            _landed(database)
            yield database
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with closing(connect(cluster.conninfo)) as maker:
        maker.run_text("DROP DATABASE IF EXISTS first_schema")
        maker.run_text("CREATE DATABASE first_schema")
    where = cluster.conninfo.replace("dbname=postgres", "dbname=first_schema")
    with closing(connect(where)) as database:
        migrate(database, to=FIRST)
        _landed(database)
        yield database


def test_the_first_migration_makes_the_landed_schema(tmp_path: Path) -> None:
    ours, landed = tmp_path / "ours.sqlite3", tmp_path / "landed.sqlite3"
    with closing(connect(ours)) as database:
        migrate(database, to=FIRST)
    with closing(sqlite3.connect(landed)) as raw:
        raw.executescript((DATA / "first_landed.sql").read_text("utf-8"))
    assert _shape(ours) == _shape(landed)


def _shape(file: Path) -> dict[str, object]:
    with closing(sqlite3.connect(file)) as raw:
        tables = raw.execute(
            "SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main'"
            " AND name NOT IN ('alembic_version', 'sqlite_schema')"
        ).fetchall()
        indexes = raw.execute(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
            " AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        columns = {
            name: [
                (column, kind, bool(needed or key), key)
                for _, column, kind, needed, _, key in raw.execute(
                    f"PRAGMA table_info({name})"
                )
            ]
            for name, _, _ in tables
        }
    return {"tables": sorted(tables), "columns": columns, "indexes": indexes}


def test_a_landed_database_keeps_what_it_holds(old: Database) -> None:
    assert migrate(old) == revisions()[1:]
    stores = sql_stores(old, AUDIT_SECRET)
    found = stores.registry.linked(CertificateLink(LinkKind.CERTIFICATE, FINGERPRINT))
    assert found is not None
    assert found.id == 7
    assert found.person.name == "試験　花子"
    (held,) = found.person.insurances
    assert (held.insurer_number, held.number) == ("00138057", "００１２")
    last = stores.consents.last("1310000008", found.id)  # type: ignore[arg-type]
    assert [one.item for one in last.values()] == ["operation"]
    assert stores.ledger.counts() == [("verification", "accepted", "", 41)]


def test_insurances_that_were_there_are_found_by_number(old: Database) -> None:
    migrate(old)
    found = old.run_text("SELECT lookup FROM insurances").fetchall()
    assert found == [("138057|12|記-1",)]
    assert lookup_key("00138057", "記－１", "００１２") == "138057|12|記-1"


def test_a_migration_that_fails_changes_nothing(old: Database) -> None:
    old.run_text("CREATE TABLE insurances_by_number (x TEXT)")  # the index's name
    with pytest.raises(Exception, match="insurances_by_number"):
        migrate(old)
    assert version(old) in {FIRST, None}
    columns = repr(old.run_text("SELECT * FROM insurances").fetchall())
    assert "lookup" not in columns


def test_the_migrations_make_the_tables_that_the_program_knows(
    database: Database,
) -> None:
    with sqlalchemy_connection(database) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, all_tables()) == []
