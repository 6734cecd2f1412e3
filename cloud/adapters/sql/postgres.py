"""One PostgreSQL connection (psycopg 3): statements prepared, batches pipelined."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import psycopg
from sqlalchemy.engine.interfaces import Dialect

from cloud.adapters.sql.database import Database, Rows
from cloud.adapters.sql.statement import POSTGRES, Statement

PREPARED = 256
"""Prepared statements that a connection keeps."""
STREAM_ROWS = 2_000


class PostgresDatabase(Database):
    """Durable as PostgreSQL is by default: commit waits for its log (fsync)."""

    dialect: ClassVar[Dialect] = POSTGRES
    error: ClassVar[type[Exception]] = psycopg.Error
    reference_error: ClassVar[type[Exception]] = psycopg.IntegrityError

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self.raw = psycopg.connect(
            conninfo,
            autocommit=True,
            prepare_threshold=0,
            application_name="shikaku-cloud",
        )
        self.raw.prepared_max = PREPARED

    def run(self, statement: Statement, /, **values: Any) -> Rows:
        return self.raw.execute(*statement.ready(POSTGRES, values), binary=True)

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]], /) -> None:
        if rows:
            text, own = statement.ready(POSTGRES, {})
            with self.raw.cursor() as cursor:
                cursor.executemany(text, [{**own, **row} for row in rows])

    def many_in_order(
        self,
        statement: Statement,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        /,
    ) -> None:
        if rows:
            with self.raw.cursor() as cursor:
                cursor.executemany(statement.in_order(POSTGRES, names), rows)

    def run_text(self, sql: str, /) -> Rows:
        return self.raw.execute(sql.encode())

    def stream(self, statement: Statement, /, **values: Any) -> Iterator[Any]:
        # A cursor of the server lives in a transaction of its own.
        with self.raw.transaction(), self.raw.cursor("stream") as cursor:
            cursor.itersize = STREAM_ROWS
            cursor.execute(*statement.ready(POSTGRES, values))
            yield from cursor

    def listed(self, values: Sequence[Any], /) -> list[Any]:
        return list(values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self.raw.transaction():
            yield

    def another(self) -> psycopg.Connection:
        return psycopg.connect(self._conninfo)

    def close(self) -> None:
        self.raw.close()
