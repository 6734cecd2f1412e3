"""One SQLite file: how it is opened and written to.

WAL with synchronous=FULL: what was committed survives a power cut (NORMAL loses
acknowledged commits). Lookups go through mmap: four times cheaper than read().
"""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy.engine.interfaces import Dialect

from cloud.adapters.sql.database import Database, Rows
from cloud.adapters.sql.statement import SQLITE, Statement

MMAP_BYTES = 1 << 40
"""As much of the file as there is; SQLite lowers it to its compiled limit."""
BUSY_S = 10.0
CHECKPOINT_PAGES = 4096
"""16 MiB of log. Smaller, and copying it back disturbs more commits; larger, and it
grows for longer: a commit into a growing file takes twice as long (0.34, 0.17 ms)."""
STATEMENTS = 256
"""Prepared statements that a connection keeps."""


class SqliteDatabase(Database):
    """A connection, and the place in the queue of those who want to write.

    SQLite itself waits for the write lock by sleeping ever longer. With two workers
    that costs tens of milliseconds; a file lock wakes the next one at once.
    """

    dialect: ClassVar[Dialect] = SQLITE
    error: ClassVar[type[Exception]] = sqlite3.Error
    reference_error: ClassVar[type[Exception]] = sqlite3.IntegrityError

    def __init__(self, path: Path, *, timeout: float = BUSY_S) -> None:
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        # Made here, because SQLite would let everyone on the machine read persons;
        # its log files take the mode of the database. Never opened where it exists:
        # closing it would drop the locks of every connection of this process, and
        # another process would take the log away from under them.
        with suppress(FileExistsError):
            os.close(os.open(path, flags | os.O_EXCL, 0o600))
        self.path = path
        self.raw = sqlite3.connect(
            path, timeout=timeout, isolation_level=None, cached_statements=STATEMENTS
        )
        self._queue = os.open(f"{path}-queue", flags, 0o600)
        self.raw.execute("PRAGMA journal_mode = WAL")
        self.raw.execute("PRAGMA synchronous = FULL")
        self.raw.execute("PRAGMA foreign_keys = ON")
        # What is deleted, a consent's key above all, is overwritten with zeros.
        self.raw.execute("PRAGMA secure_delete = ON")
        self.raw.execute(f"PRAGMA mmap_size = {MMAP_BYTES}")
        self.raw.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    def run(self, statement: Statement, /, **values: Any) -> Rows:
        return self.raw.execute(*statement.ready(SQLITE, values))

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]], /) -> None:
        if rows:
            text, own = statement.ready(SQLITE, {})
            self.raw.executemany(
                text, [{**own, **row} for row in rows] if own else rows
            )

    def many_in_order(
        self,
        statement: Statement,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        /,
    ) -> None:
        if rows:
            self.raw.executemany(statement.in_order(SQLITE, names), rows)

    def run_text(self, sql: str, /) -> Rows:
        return self.raw.execute(sql)

    def stream(self, statement: Statement, /, **values: Any) -> Iterator[Any]:
        yield from self.raw.execute(*statement.ready(SQLITE, values))

    def listed(self, values: Sequence[Any], /) -> str:
        return json.dumps(values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The write lock is taken at once, so it never has to upgrade."""
        with self.turn():
            self.raw.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.raw.execute("COMMIT")
            except BaseException:
                if self.raw.in_transaction:
                    self.raw.execute("ROLLBACK")
                raise

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Ours is the turn to write."""
        fcntl.flock(self._queue, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._queue, fcntl.LOCK_UN)

    @contextmanager
    def unhurried(self, pages: int) -> Iterator[None]:
        """Commits of this connection reach the disk with the next checkpoint.

        For work that knows how far it came by what is on the disk: a power cut takes
        its last commits back, all of each. `pages` of log between two checkpoints,
        because random keys write the same pages again and again. Whoever else commits
        waits for the disk as ever, and so do these once the block is left.
        """
        self.raw.execute("PRAGMA synchronous = NORMAL")
        self.raw.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        try:
            yield
        finally:
            self.raw.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            self.raw.execute("PRAGMA synchronous = FULL")

    def another(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)

    def close(self) -> None:
        self.raw.close()
        if self._queue >= 0:
            os.close(self._queue)
            self._queue = -1
