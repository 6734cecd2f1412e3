"""Which schema a program is written for; without Alembic, which is slow to load."""

from sqlalchemy import text

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement

HEAD = "0010"
"""The revision this program is written for: the last one in cloud/migrations."""

_REVISION = Statement(text("SELECT version_num FROM alembic_version"))
_IS_COUNTED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT to_regclass('alembic_version')",
}


class MigrationError(Exception):
    """The database was written by another version of this program."""


def version(database: Database) -> str | None:
    """Its revision; None for an empty database."""
    table = database.run_text(_IS_COUNTED[database.dialect.name]).fetchone()
    if table is None or table[0] is None:
        return _counted(database)
    row = database.run(_REVISION).fetchone()
    return str(row[0]) if row else None


def _counted(database: Database) -> str | None:
    """Of a SQLite file from before Alembic."""
    if database.dialect.name != "sqlite":
        return None
    (counted,) = database.run_text("PRAGMA user_version").fetchone()
    return f"{counted:04}" if counted else None


def require_current(database: Database) -> None:
    """Raises MigrationError unless every migration has been applied."""
    found = version(database)
    if found != HEAD:
        raise MigrationError(
            f"database version {found}, wanted {HEAD}: run shikaku-cloud migrate"
        )
