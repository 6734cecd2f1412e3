"""A database by where it is: a path is a SQLite file, a text a PostgreSQL conninfo."""

from contextlib import closing
from pathlib import Path

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.postgres import PostgresDatabase
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.adapters.sql.version import MigrationError, require_current

Where = Path | str


def connect(where: Where) -> Database:
    """Open it; a SQLite file is created. Raises the driver's error."""
    if isinstance(where, Path):
        return SqliteDatabase(where)
    return PostgresDatabase(where)


def ready(where: Where) -> bool:
    """Whether a worker could use this database now."""
    if isinstance(where, Path) and not where.exists():
        return False
    try:
        with closing(connect(where)) as database:
            require_current(database)
    except (PostgresDatabase.error, SqliteDatabase.error, MigrationError):
        return False
    return True
