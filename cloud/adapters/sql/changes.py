"""What facilities saw last of persons: sealed rows."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Among, Statement, upsert
from cloud.adapters.sql.tables_changes import last_seen as table
from cloud.changes.sealing import LastSeen
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode

_LAST = Statement(
    select(table.c.person_id, table.c.at, table.c.sealed).where(
        Among(table.c.person_id, "persons"),
        table.c.facility_code == bindparam("facility"),
    )
)
_PUT = upsert(table)
_ANY = Statement(select(table.c.person_id).limit(1))


class SqlLastSeen:
    def __init__(self, database: Database) -> None:
        self._database = database

    def last_seen(
        self, facility: FacilityCode, persons: Sequence[PersonId]
    ) -> list[LastSeen]:
        listed = self._database.listed(persons)
        rows = self._database.run(_LAST, persons=listed, facility=facility)
        return [
            LastSeen(facility, PersonId(person), at, bytes(sealed))
            for person, at, sealed in rows
        ]

    def put_last_seen(self, rows: Sequence[LastSeen]) -> None:
        with self._database.transaction():
            self._database.many(_PUT, [_row(one) for one in rows])

    def anything(self) -> bool:
        return self._database.run(_ANY).fetchone() is not None


def _row(one: LastSeen) -> dict[str, object]:
    return {
        "person_id": one.person,
        "facility_code": one.facility,
        "at": one.at,
        "sealed": one.sealed,
    }
