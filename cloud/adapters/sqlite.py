"""One SQLite file: how it is opened, migrated, and written to.

WAL with synchronous=FULL: what was committed survives a power cut (NORMAL loses
acknowledged commits). Lookups go through mmap: four times cheaper than read().
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

MMAP_BYTES = 1 << 40
"""As much of the file as there is; SQLite lowers it to its compiled limit."""
BUSY_S = 10.0


class MigrationError(Exception):
    """The file was written by another version of this program."""


def connect(path: Path) -> sqlite3.Connection:
    """Open or create the database; transactions are ours to begin and to end."""
    database = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
    return database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing. The write lock is taken at once, so it never has to upgrade."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def migrations() -> list[tuple[int, str]]:
    """Number and SQL of every migration, in order."""
    folder = resources.files("cloud.migrations")
    files = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    numbered = [(int(item.name[:4]), item.read_text("utf-8")) for item in files]
    return sorted(numbered)


def version(database: sqlite3.Connection) -> int:
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(database: sqlite3.Connection) -> list[int]:
    """Apply what is missing, each migration whole or not at all; which were applied.

    Raises MigrationError for a database of a newer program.
    """
    known = migrations()
    if version(database) > known[-1][0]:
        raise MigrationError("the database was written by a newer version")
    applied = []
    for number, sql in known:
        with transaction(database):
            # Asked again inside: another process may have been faster.
            if number <= version(database):
                continue
            for statement in statements(sql):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {number}")
        applied.append(number)
    return applied


def statements(sql: str) -> Iterator[str]:
    """Single statements of a script; executescript would commit in between."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


def require_current(database: sqlite3.Connection) -> None:
    """Raises MigrationError unless every migration has been applied."""
    wanted = migrations()[-1][0]
    found = version(database)
    if found != wanted:
        raise MigrationError(
            f"database version {found}, wanted {wanted}: run shikaku-cloud migrate"
        )


def ready(path: Path) -> bool:
    """Whether a worker could use this file now."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as database:
            require_current(database)
    except (sqlite3.Error, MigrationError):
        return False
    return True
