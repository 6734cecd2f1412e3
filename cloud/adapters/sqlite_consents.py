"""What was pressed, in SQLite. Only the ledger writes here."""

from collections.abc import Iterable

from cloud.adapters.sqlite import Database
from cloud.consent.model import Consent
from cloud.registry.model import PersonId
from protocol.codes import Decision
from protocol.ids import FacilityCode, RequestId

_ALL = (
    "SELECT item, decision, pressed_at, decided_at, available_until, request_id"
    " FROM consents WHERE facility_code = ? AND person_id = ?"
    " ORDER BY item, pressed_at, request_id"
)
_PUT = "INSERT INTO consents VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_PUT_UNANSWERED = "INSERT INTO consents_unanswered VALUES (?, ?, ?, ?, ?)"


class SqliteConsents:
    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        rows = self._database.execute(_ALL, (facility, person))
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
    for one in consents:
        place = (one.facility, one.person, one.item)
        if one.decision is Decision.UNANSWERED:
            row = (*place, one.request, one.decided_at)
            database.execute(_PUT_UNANSWERED, row)
            continue
        answer = (one.decision, one.decided_at, one.available_until)
        database.execute(_PUT, (*place, one.pressed_at, one.request, *answer))
