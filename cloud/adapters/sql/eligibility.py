"""Open questions, notices, continuing care."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, upsert
from cloud.adapters.sql.tables import continuing_care, notices, watches
from cloud.eligibility.cause import Cause
from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import Notice, NoticeKind, Target, Watch
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId

_PUT = upsert(watches)
_WATCHES = select(
    watches.c.facility_code,
    watches.c.handle,
    watches.c.target,
    watches.c.value,
    watches.c.cause,
    watches.c.since,
    watches.c.next_at,
)
_ALL = Statement(_WATCHES.order_by(watches.c.since, watches.c.handle))
_DUE = Statement(
    _WATCHES.where(watches.c.next_at <= bindparam("now"))
    .order_by(watches.c.next_at)
    .limit(bindparam("most"))
)
_END = Statement(
    delete(watches).where(
        watches.c.facility_code == bindparam("facility"),
        watches.c.target == bindparam("by"),
        watches.c.value == bindparam("what"),
    )
)
_TELL = Statement(
    insert(notices).values(
        {one: bindparam(one) for one in ("facility_code", "handle", "kind", "at")}
    )
)
_NOTICES = Statement(
    select(notices.c.id, notices.c.handle, notices.c.kind, notices.c.at)
    .where(
        notices.c.facility_code == bindparam("facility"),
        notices.c.id > bindparam("after"),
    )
    .order_by(notices.c.id)
)
_CARE = Statement(
    select(
        continuing_care.c.person_id, continuing_care.c.since, continuing_care.c.ended
    ).where(
        continuing_care.c.handle == bindparam("handle"),
        continuing_care.c.facility_code == bindparam("facility"),
    )
)
_PUT_CARE = upsert(continuing_care)


class SqlEligibility:
    def __init__(self, database: Database) -> None:
        self._database = database

    def watch(self, watch: Watch) -> None:
        with self._database.transaction():
            write_watches(self._database, [watch])

    def watches(self, facility: FacilityCode | None = None) -> list[Watch]:
        found = map(_watch, self._database.run(_ALL))
        return [one for one in found if facility in {None, one.facility}]

    def due(self, now_ms: int, limit: int) -> list[Watch]:
        return list(map(_watch, self._database.run(_DUE, now=now_ms, most=limit)))

    def settle_watches(
        self, kept: Sequence[Watch], ended: Sequence[tuple[Watch, Notice]]
    ) -> None:
        with self._database.transaction():
            write_watches(self._database, kept)
            over = [
                {"facility": one.facility, "by": one.target.value, "what": one.value}
                for one, _ in ended
            ]
            self._database.many(_END, over)
            self._database.many(_TELL, [_notice_row(notice) for _, notice in ended])

    def notices(self, facility: FacilityCode, after: int) -> list[tuple[int, Notice]]:
        rows = self._database.run(_NOTICES, facility=facility, after=after)
        return [
            (number, Notice(facility, RequestId(handle), NoticeKind(kind), at))
            for number, handle, kind, at in rows
        ]

    def continuing(
        self, facility: FacilityCode, handle: RequestId
    ) -> ContinuingCare | None:
        row = self._database.run(_CARE, facility=facility, handle=handle).fetchone()
        if row is None:
            return None
        person, since, ended = row
        return ContinuingCare(facility, PersonId(person), handle, since, ended)

    def put_continuing(self, care: ContinuingCare) -> None:
        with self._database.transaction():
            write_continuing(self._database, [care])


def write_watches(database: Database, begun: Iterable[Watch]) -> None:
    """Inside a transaction."""
    rows = [
        {
            "facility_code": one.facility,
            "target": one.target.value,
            "value": one.value,
            "handle": one.handle,
            "cause": one.cause.value,
            "since": one.since,
            "next_at": one.next_at,
        }
        for one in begun
    ]
    database.many(_PUT, rows)


def write_continuing(database: Database, cares: Iterable[ContinuingCare]) -> None:
    """Inside a transaction."""
    rows = [
        {
            "facility_code": one.facility,
            "person_id": one.person,
            "handle": one.handle,
            "since": one.since,
            "ended": one.ended,
        }
        for one in cares
    ]
    database.many(_PUT_CARE, rows)


def _watch(row: Any) -> Watch:
    facility, handle, target, value, cause, since, next_at = row
    return Watch(
        FacilityCode(facility),
        RequestId(handle),
        Target(target),
        value,
        Cause(cause),
        since,
        next_at,
    )


def _notice_row(one: Notice) -> dict[str, Any]:
    return {
        "facility_code": one.facility,
        "handle": one.handle,
        "kind": one.kind.value,
        "at": one.at,
    }
