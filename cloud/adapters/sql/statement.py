"""One Core expression, compiled once for a dialect, then text for the driver.

SQLAlchemy says the same thing to both databases; its execution machinery would cost
more than the lookup itself, so the driver is given the text and the values.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement, ColumnElement
from sqlalchemy.types import Boolean

SQLITE = sqlite.dialect(paramstyle="named")
POSTGRES: Dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
_PLACES = {
    "sqlite": (re.compile(r":(\w+)"), "?"),
    "postgresql": (re.compile(r"%\((\w+)\)s(?:::\w+)?"), "%s"),
}
Build = Callable[[Dialect], ClauseElement]
Values = Mapping[str, Any]
_Target = Iterable[str]


class Statement:
    """Named parameters are the expression's `bindparam` names, or column names."""

    __slots__ = ("_build", "_ready")

    def __init__(self, what: ClauseElement | Build) -> None:
        self._build: Build = what if callable(what) else lambda _: what
        self._ready: dict[str, tuple[str, Values]] = {}

    def ready(self, dialect: Dialect, values: Values) -> tuple[str, Values]:
        """The text, and the values together with those the expression has itself."""
        text, own = self._ready.get(dialect.name) or self._compiled(dialect)
        return text, {**own, **values} if own else values

    def in_order(self, dialect: Dialect, names: Sequence[str]) -> str:
        """The text for rows that are sequences, in this order of its parameters.

        A name looked up for every value of every row costs a third of an insert.
        """
        text, _ = self._ready.get(dialect.name) or self._compiled(dialect)
        named, plain = _PLACES[dialect.name]
        if named.findall(text) != list(names):
            raise ValueError("the statement's parameters stand in another order")
        return named.sub(plain, text)

    def _compiled(self, dialect: Dialect) -> tuple[str, Values]:
        compiled = self._build(dialect).compile(dialect=dialect)
        own = {
            name: bound.value
            for name, bound in getattr(compiled, "binds", {}).items()
            if not bound.required
        }
        self._ready[dialect.name] = str(compiled), own
        return self._ready[dialect.name]


def insert_new(target: Table, columns: Sequence[str] | None = None) -> Statement:
    """Every column by its name; a row whose key exists changes nothing."""
    return Statement(
        lambda dialect: _insert(dialect, target, columns).on_conflict_do_nothing()
    )


def upsert(
    target: Table,
    *,
    key: _Target | None = None,
    replace: _Target | None = None,
    add: _Target = (),
    columns: Sequence[str] | None = None,
    returning: str | None = None,
) -> Statement:
    """Insert, or where `key` (the primary key) exists: `replace` these, `add` to those.

    Without `replace`, everything that is neither key nor added to is replaced.
    """
    keys = list(key or (column.name for column in target.primary_key))
    names = list(columns or (column.name for column in target.columns))
    added = list(add)
    if replace is None:
        replace = [one for one in names if one not in keys and one not in added]
    replaced = list(replace)

    def build(dialect: Dialect) -> ClauseElement:
        statement = _insert(dialect, target, names)
        new = statement.excluded
        changes: dict[str, Any] = {name: new[name] for name in replaced}
        changes |= {name: target.c[name] + new[name] for name in added}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if returning:
            statement = statement.returning(target.c[returning])
        built: ClauseElement = statement
        return built

    return Statement(build)


def _insert(
    dialect: Dialect, target: Table, columns: Sequence[str] | None = None
) -> Any:
    maker = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    names = columns or [column.name for column in target.columns]
    values = {one: bindparam(one, type_=target.c[one].type) for one in names}
    return maker(target).values(values)


class Among(ColumnElement[bool]):
    """`column` is one of a list of texts or numbers, given as one parameter.

    An IN list would be another statement for every length of it.
    """

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True

    def __init__(self, column: Column[Any], name: str) -> None:
        self.column = column
        self.name = name


@compiles(Among, "sqlite")
def _among_sqlite(what: Among, compiler: SQLCompiler, **more: Any) -> str:
    column = compiler.process(what.column, **more)
    return f"{column} IN (SELECT value FROM json_each(:{what.name}))"  # noqa: S608


@compiles(Among, "postgresql")
def _among_postgres(what: Among, compiler: SQLCompiler, **more: Any) -> str:
    return f"{compiler.process(what.column, **more)} = ANY(%({what.name})s)"
