"""Sealed records, by person, kind and month."""

from collections.abc import Sequence

from sqlalchemy import Integer, Text, bindparam, delete, insert, select, tuple_

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement
from cloud.adapters.sql.tables_records import records as table
from cloud.records.lag import Period
from cloud.records.model import Kind
from cloud.records.month import Month
from cloud.records.sealing import Place, SealedRow
from cloud.registry.model import PersonId

_AFTER = tuple_(bindparam("after_month", type_=Text), bindparam("after", type_=Integer))
_PAGE = Statement(
    select(table.c.month, table.c.place, table.c.places, table.c.sealed)
    .where(
        table.c.person_id == bindparam("person"),
        table.c.kind == bindparam("kind"),
        table.c.month >= bindparam("first"),
        table.c.month <= bindparam("last"),
        tuple_(table.c.month, table.c.place) > _AFTER,
    )
    .order_by(table.c.month, table.c.place)
    .limit(bindparam("most", type_=Integer))
)
_ANY = Statement(select(table.c.person_id).limit(1))
_DROP = Statement(delete(table).where(table.c.person_id == bindparam("person")))
_PUT = Statement(
    insert(table).values({one.name: bindparam(one.name) for one in table.columns})
)


class SqlRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self,
        person: PersonId,
        kind: Kind,
        period: Period,
        after: tuple[Month, int] | None,
        limit: int,
    ) -> list[SealedRow]:
        month, place = after or ("", -1)
        rows = self._database.run(
            _PAGE,
            person=person,
            kind=kind.value,
            first=period.first,
            last=period.last,
            after_month=month,
            after=place,
            most=limit,
        )
        return [
            SealedRow(Place(person, kind, Month(month), place, places), bytes(sealed))
            for month, place, places, sealed in rows
        ]

    def anything(self) -> bool:
        return self._database.run(_ANY).fetchone() is not None

    def replace(self, persons: Sequence[PersonId], rows: Sequence[SealedRow]) -> None:
        with self._database.transaction():
            self._database.many(_DROP, [{"person": person} for person in persons])
            self._database.many(_PUT, [_row(one) for one in rows])


def _row(one: SealedRow) -> dict[str, object]:
    place = one.place
    return {
        "person_id": place.person,
        "kind": place.kind.value,
        "month": place.month,
        "place": place.row,
        "places": place.rows,
        "sealed": one.sealed,
    }
