"""Patient numbers of facilities."""

from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, not_, select, update

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new
from cloud.adapters.sql.tables_facilities import reference_numbers
from cloud.eligibility.reference import Reference
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode

_row = reference_numbers.c
_other = reference_numbers.alias("other")
_NUMBERED = and_(
    _row.facility_code == bindparam("facility"), _row.number == bindparam("which")
)
_NUMBER = Statement(
    select(_row.number).where(
        _row.person_id == bindparam("person"),
        _row.facility_code == bindparam("facility"),
    )
)
_PERSON = Statement(select(_row.person_id).where(_NUMBERED))
_LINK = insert_new(reference_numbers)
_RELINK = Statement(
    update(reference_numbers)
    .where(
        _row.person_id == bindparam("person"),
        _row.facility_code == bindparam("facility"),
        not_(
            exists().where(
                _other.c.facility_code == bindparam("facility"),
                _other.c.number == bindparam("which"),
            )
        ),
    )
    .values(number=bindparam("which"), at=bindparam("now"))
)
_UNLINK = Statement(delete(reference_numbers).where(_NUMBERED))
_COUNT = Statement(
    select(func.count())
    .select_from(reference_numbers)
    .where(_row.facility_code == bindparam("facility"))
)


class SqlReferences:
    def __init__(self, database: Database) -> None:
        self._database = database

    def number_of(self, facility: FacilityCode, person: PersonId) -> str | None:
        row = self._database.run(_NUMBER, facility=facility, person=person).fetchone()
        return str(row[0]) if row else None

    def person_of(self, facility: FacilityCode, number: str) -> PersonId | None:
        row = self._database.run(_PERSON, facility=facility, which=number).fetchone()
        return PersonId(row[0]) if row else None

    def link(self, reference: Reference) -> bool:
        values = {
            "person_id": reference.person,
            "facility_code": reference.facility,
            "number": reference.number,
            "at": reference.at,
        }
        return self._one(_LINK, values)

    def relink(self, reference: Reference) -> bool:
        values = {
            "person": reference.person,
            "facility": reference.facility,
            "which": reference.number,
            "now": reference.at,
        }
        return self._one(_RELINK, values)

    def unlink(self, facility: FacilityCode, number: str) -> bool:
        return self._one(_UNLINK, {"facility": facility, "which": number})

    def count(self, facility: FacilityCode) -> int:
        row = self._database.run(_COUNT, facility=facility).fetchone()
        return int(row[0])

    def _one(self, statement: Statement, values: dict[str, Any]) -> bool:
        return self._database.run(statement, **values).rowcount == 1
