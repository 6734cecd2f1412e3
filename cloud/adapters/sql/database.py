"""A connection to either database: one thread, one transaction at a time."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

from sqlalchemy.engine.interfaces import Dialect

from cloud.adapters.sql.statement import Statement


class Rows(Protocol):
    """What a driver's cursor is to us."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(ABC):
    """Outside `transaction` every statement is its own."""

    dialect: ClassVar[Dialect]
    error: ClassVar[type[Exception]]
    """What its driver raises."""
    reference_error: ClassVar[type[Exception]]
    """Of it: where a row's key exists, or what a row points at does not."""

    @abstractmethod
    def run(self, statement: Statement, /, **values: Any) -> Rows: ...

    @abstractmethod
    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]], /) -> None:
        """The statement once for every row, in one batch."""

    @abstractmethod
    def many_in_order(
        self,
        statement: Statement,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        /,
    ) -> None:
        """As `many`, of rows whose values stand in the order of these parameters."""

    @abstractmethod
    def run_text(self, sql: str, /) -> Rows:
        """SQL as it is, without parameters."""

    @abstractmethod
    def stream(self, statement: Statement, /, **values: Any) -> Iterator[Any]:
        """Rows as they come: for a result that should not stand in memory."""

    @abstractmethod
    def listed(self, values: Sequence[Any], /) -> Any:
        """A list of texts or numbers as the parameter of `Among`."""

    @abstractmethod
    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; not nested."""

    @abstractmethod
    def another(self) -> Any:
        """A new connection of the driver to the same database."""

    @abstractmethod
    def close(self) -> None: ...
