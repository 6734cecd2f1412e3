"""All persons, a page at a time: for what is done to everybody."""

from collections.abc import Iterator

from sqlalchemy import Integer, bindparam, func, select

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.statement import Statement
from cloud.adapters.sql.tables import persons
from cloud.registry.model import Entry, PersonId

_COUNT = Statement(select(func.count()).select_from(persons))
_PAGE = Statement(
    select(persons.c.id)
    .where(persons.c.id > bindparam("after"))
    .order_by(persons.c.id)
    .limit(bindparam("most", type_=Integer))
)


def count_persons(database: Database) -> int:
    return int(database.run(_COUNT).fetchone()[0])


def pages_of_persons(database: Database, most: int) -> Iterator[list[Entry]]:
    """Nothing is open between two pages, so that each may be written about."""
    registry, after = SqlRegistry(database), PersonId(0)
    while True:
        ids = [PersonId(row[0]) for row in database.run(_PAGE, after=after, most=most)]
        if not ids:
            return
        found = [registry.person(one) for one in ids]
        yield [one for one in found if one is not None]
        after = ids[-1]
