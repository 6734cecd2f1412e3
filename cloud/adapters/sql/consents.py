"""What was pressed."""

from collections.abc import Iterable

from sqlalchemy import bindparam, insert, select

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, upsert
from cloud.adapters.sql.tables import consents as table
from cloud.adapters.sql.tables import consents_unanswered
from cloud.consent.model import Consent
from cloud.registry.model import PersonId
from protocol.codes import Decision
from protocol.ids import FacilityCode, RequestId

_ALL = Statement(
    select(
        table.c.item,
        table.c.decision,
        table.c.pressed_at,
        table.c.decided_at,
        table.c.available_until,
        table.c.request_id,
    )
    .where(
        table.c.facility_code == bindparam("facility"),
        table.c.person_id == bindparam("person"),
    )
    .order_by(table.c.item, table.c.pressed_at, table.c.request_id)
)
_PUT = upsert(table)
_PUT_UNANSWERED = Statement(insert(consents_unanswered))


class SqlConsents:
    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        rows = self._database.run(_ALL, facility=facility, person=person)
        # Ascending by time within an item: the last row of an item stays.
        return {
            item: Consent(
                facility,
                person,
                item,
                Decision(decision),
                pressed,
                decided,
                until,
                RequestId(request),
            )
            for item, decision, pressed, decided, until, request in rows
        }


def write_consents(database: Database, consents: Iterable[Consent]) -> None:
    """Inside the ledger's transaction."""
    pressed, silent = [], []
    for one in consents:
        place = {
            "facility_code": one.facility,
            "person_id": one.person,
            "item": one.item,
            "request_id": one.request,
        }
        if one.decision is Decision.UNANSWERED:
            silent.append({**place, "at": one.decided_at})
            continue
        answer = {
            "pressed_at": one.pressed_at,
            "decision": one.decision,
            "decided_at": one.decided_at,
            "available_until": one.available_until,
        }
        pressed.append({**place, **answer})
    database.many(_PUT, pressed)
    database.many(_PUT_UNANSWERED, silent)
