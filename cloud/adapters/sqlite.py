"""One SQLite file: how it is opened, migrated, and written to.

WAL with synchronous=FULL: what was committed survives a power cut (NORMAL loses
acknowledged commits). Lookups go through mmap: four times cheaper than read().
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path

MMAP_BYTES = 1 << 40
"""As much of the file as there is; SQLite lowers it to its compiled limit."""
BUSY_S = 10.0
CHECKPOINT_PAGES = 4096
"""16 MiB of log. Smaller, and copying it back disturbs more commits; larger, and it
grows for longer: a commit into a growing file takes twice as long (0.34, 0.17 ms)."""


class MigrationError(Exception):
    """The file was written by another version of this program."""


class Database(sqlite3.Connection):
    """A connection, and the place in the queue of those who want to write.

    SQLite itself waits for the write lock by sleeping ever longer. With two workers
    that costs tens of milliseconds; a file lock wakes the next one at once.
    """

    def __init__(self, path: Path, *, timeout: float) -> None:
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        # Made here, because SQLite would let everyone on the machine read persons;
        # its log files take the mode of the database.
        os.close(os.open(path, flags, 0o600))
        super().__init__(path, timeout=timeout, isolation_level=None)
        self._queue = os.open(f"{path}-queue", flags, 0o600)

    def close(self) -> None:
        super().close()
        if self._queue >= 0:
            os.close(self._queue)
            self._queue = -1

    @contextmanager
    def turn(self) -> Iterator[None]:
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)


def connect(path: Path) -> Database:
    """Open or create the database; transactions are ours to begin and to end."""
    database = Database(path, timeout=BUSY_S)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA foreign_keys = ON")
    database.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
    database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    return database


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """All or nothing. The write lock is taken at once, so it never has to upgrade."""
    with database.turn():
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
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


def migrate(database: Database) -> list[int]:
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
