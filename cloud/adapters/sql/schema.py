"""Which version of the schema a database has, and how it gets the next (Alembic).

The first landed databases were SQLite files that counted their migrations in
user_version; they are at revision 0001.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine
from sqlalchemy.pool import NullPool

from cloud.adapters.sql import (  # their tables belong to ours
    tables_accounts,  # noqa: F401
    tables_audit,  # noqa: F401
    tables_bulk,  # noqa: F401
    tables_changes,  # noqa: F401
    tables_facilities,  # noqa: F401
    tables_modes,  # noqa: F401
    tables_page,  # noqa: F401
    tables_records,  # noqa: F401
    tables_registry,  # noqa: F401
)
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.postgres import PostgresDatabase
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.adapters.sql.tables import metadata
from cloud.adapters.sql.version import HEAD, MigrationError, version

FIRST = "0001"
LOCK = 0x5368696B616B75
"""PostgreSQL's name of the lock that one migrating process holds: Shikaku."""
_FOLDER = Path(__file__).parents[2] / "migrations"


def all_tables() -> MetaData:
    """Every room's tables."""
    return metadata


def revisions() -> list[str]:
    """Every revision there is, the first one first."""
    scripts = ScriptDirectory(str(_FOLDER))
    return [one.revision for one in scripts.walk_revisions()][::-1]


def migrate(database: Database, to: str = HEAD) -> list[str]:
    """Apply what is missing, all or nothing; which revisions were applied.

    Raises MigrationError for a database of a newer program.
    """
    known = revisions()
    with sqlalchemy_connection(database) as connection:
        # Asked now that nobody else migrates: another process may have been faster.
        found = version(database)
        if found is not None and found not in known:
            raise MigrationError("the database was written by a newer version")
        config = _alembic(connection)
        if found == FIRST:
            command.stamp(config, FIRST)
        begin = known.index(found) + 1 if found else 0
        missing = known[begin : known.index(to) + 1]
        if missing:
            command.upgrade(config, to)
    return missing


def _alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


@contextmanager
def sqlalchemy_connection(database: Database) -> Iterator[Connection]:
    """A connection of its own in one transaction; one at a time."""
    if isinstance(database, SqliteDatabase):
        with database.turn(), _engine(database).connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
    else:
        with _engine(database).begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            yield connection


def _engine(database: Database) -> Engine:
    url = "sqlite://"
    if isinstance(database, PostgresDatabase):
        url = "postgresql+psycopg://"
    return create_engine(url, creator=database.another, poolclass=NullPool)
