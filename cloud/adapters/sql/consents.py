"""What was pressed, and what is open because of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.emergencies import emergency_of, emergency_row
from cloud.adapters.sql.statement import Among, Statement, upsert
from cloud.adapters.sql.tables import (
    consent_presets,
    consents_unanswered,
    data_keys,
    emergencies,
    persons,
)
from cloud.adapters.sql.tables import consents as table
from cloud.consent.emergency import Emergency, Verdict
from cloud.consent.keys import DataKey, Scope
from cloud.consent.model import (
    NOBODYS_ANSWER,
    Consent,
    Ended,
    Origin,
    Preset,
    latest,
)
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId

FOR_EVER = 1 << 53


def _named(column: Column[Any], name: str) -> ColumnElement[bool]:
    """It is this one, or none is named: then all are meant."""
    given = bindparam(name, type_=Text)
    return or_(column == given, given == "")


_ANSWERS = Statement(
    select(
        table.c.item,
        table.c.decision,
        table.c.pressed_at,
        table.c.decided_at,
        table.c.available_until,
        table.c.request_id,
        table.c.care,
        table.c.origin,
        table.c.ended,
        table.c.facility_code,
    ).where(
        table.c.facility_code.in_([bindparam("facility", type_=Text), literal("")]),
        table.c.person_id == bindparam("person"),
        *(table.c.origin != one.value for one in sorted(NOBODYS_ANSWER)),
    )
)
_PUT = upsert(table)
_PUT_UNANSWERED = Statement(insert(consents_unanswered))
_KEYS = select(
    data_keys.c.facility_code,
    data_keys.c.person_id,
    data_keys.c.item,
    data_keys.c.care,
    data_keys.c.request_id,
    data_keys.c.pressed_at,
    data_keys.c.since,
    data_keys.c.until,
    data_keys.c.sealed,
).where(data_keys.c.person_id == bindparam("person"))
_OPENED = Statement(_KEYS)
_ANY = Statement(select(data_keys.c.item).limit(1))
_HERE = Statement(
    _KEYS.where(
        data_keys.c.facility_code == bindparam("facility"),
        data_keys.c.item == bindparam("item"),
    )
)
_PUT_KEY = upsert(data_keys)
# What was pressed later stays open; a withdrawal leaves nothing.
_CLOSE = Statement(
    delete(data_keys).where(
        _named(data_keys.c.facility_code, "facility_code"),
        data_keys.c.person_id == bindparam("person_id"),
        _named(data_keys.c.item, "item"),
        data_keys.c.pressed_at <= bindparam("up_to"),
    )
)
_DESTROY_OF = Statement(
    delete(data_keys).where(data_keys.c.request_id == bindparam("request"))
)
_DESTROY_EXPIRED = Statement(
    delete(data_keys).where(data_keys.c.until <= bindparam("now"))
)
_NEWER_NO = Statement(
    select(func.count()).where(
        table.c.facility_code.in_([bindparam("facility", type_=Text), literal("")]),
        table.c.person_id == bindparam("person"),
        table.c.item.in_([bindparam("item", type_=Text), literal("")]),
        table.c.decision == Decision.REFUSED.value,
        table.c.pressed_at >= bindparam("pressed_at"),
    )
)
# Two that change one person's consents wait for each other (on PostgreSQL; SQLite has
# one writer): a grant must see the withdrawal that was quicker.
_LOCK = Statement(
    select(persons.c.id)
    .where(Among(persons.c.id, "persons"))
    .order_by(persons.c.id)
    .with_for_update()
)
_PRESETS = Statement(
    select(
        consent_presets.c.item, consent_presets.c.decision, consent_presets.c.at
    ).where(
        consent_presets.c.facility_code == bindparam("facility"),
        consent_presets.c.person_id == bindparam("person"),
    )
)
_PUT_PRESET = upsert(consent_presets)
_PUT_EMERGENCY = Statement(insert(emergencies))
_EMERGENCIES = Statement(
    select(*emergencies.columns)
    .where(Among(emergencies.c.verdict, "verdicts"))
    .order_by(emergencies.c.at, emergencies.c.request_id)
)
_JUDGE = Statement(
    update(emergencies)
    .where(emergencies.c.request_id == bindparam("request"))
    .values(
        verdict=bindparam("found"),
        reviewer=bindparam("by"),
        reviewed_at=bindparam("when"),
    )
)


class SqlConsents:
    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, facility: FacilityCode, person: PersonId) -> dict[str, Consent]:
        rows = self._database.run(_ANSWERS, facility=facility, person=person)
        return latest(_consent(person, row) for row in rows)

    def presets(self, facility: FacilityCode, person: PersonId) -> dict[str, Preset]:
        rows = self._database.run(_PRESETS, facility=facility, person=person)
        return {
            item: Preset(facility, person, item, Decision(decision), at)
            for item, decision, at in rows
        }

    def put_preset(self, preset: Preset) -> None:
        self._database.run(
            _PUT_PRESET,
            facility_code=preset.facility,
            person_id=preset.person,
            item=preset.item,
            decision=preset.decision.value,
            at=preset.at,
        )

    def data_keys(
        self, facility: FacilityCode, person: PersonId, item: str
    ) -> tuple[DataKey, ...]:
        place = {"facility": facility, "person": person, "item": item}
        return tuple(map(_key, self._database.run(_HERE, **place)))

    def anything_open(self) -> bool:
        return self._database.run(_ANY).fetchone() is not None

    def opened(self, person: PersonId) -> tuple[DataKey, ...]:
        return tuple(map(_key, self._database.run(_OPENED, person=person)))

    def withdraw(self, withdrawals: Sequence[Consent]) -> None:
        with self._database.transaction():
            write_consents(self._database, withdrawals, ())

    def open_emergency(
        self, emergency: Emergency, consents: Sequence[Consent], keys: Sequence[DataKey]
    ) -> None:
        with self._database.transaction():
            write_emergency(self._database, emergency)
            write_consents(self._database, consents, keys)

    def emergencies(self, verdict: Verdict | None = None) -> list[Emergency]:
        wanted = [one.value for one in ([verdict] if verdict else Verdict)]
        listed = self._database.listed(wanted)
        return list(
            map(emergency_of, self._database.run(_EMERGENCIES, verdicts=listed))
        )

    def put_verdict(self, emergency: Emergency) -> None:
        with self._database.transaction():
            self._database.run(
                _JUDGE,
                request=emergency.request,
                found=emergency.verdict.value,
                by=emergency.reviewer,
                when=emergency.reviewed_at,
            )
            if emergency.verdict is Verdict.NOT_JUSTIFIED:
                self._database.run(_DESTROY_OF, request=emergency.request)

    def destroy_expired(self, now_ms: int) -> int:
        with self._database.transaction():
            return self._database.run(_DESTROY_EXPIRED, now=now_ms).rowcount


def write_emergency(database: Database, emergency: Emergency) -> None:
    """Inside a transaction."""
    database.run(_PUT_EMERGENCY, **emergency_row(emergency))


def close_requests(database: Database, requests: Iterable[RequestId]) -> None:
    """Inside a transaction: what was opened by these requests is closed."""
    database.many(_DESTROY_OF, [{"request": one} for one in requests])


def write_consents(
    database: Database, consents: Sequence[Consent], keys: Iterable[DataKey]
) -> None:
    """Inside a transaction: answers, what a no closes, and what a yes opens."""
    if not consents:
        return
    someone = sorted({one.person for one in consents})
    database.run(_LOCK, persons=database.listed(someone)).fetchall()
    answered = [one for one in consents if one.decision is not Decision.UNANSWERED]
    silent = [one for one in consents if one.decision is Decision.UNANSWERED]
    database.many(_PUT, [_row(one) for one in answered])
    database.many(
        _PUT_UNANSWERED,
        [
            {**_place(one), "request_id": one.request, "at": one.decided_at}
            for one in silent
        ],
    )
    refused = [one for one in answered if one.decision is Decision.REFUSED]
    database.many(_CLOSE, [{**_place(one), "up_to": _up_to(one)} for one in refused])
    standing = [key for key in keys if not _overtaken(database, key.scope)]
    database.many(_PUT_KEY, [_key_row(key) for key in standing])


def _up_to(refused: Consent) -> int:
    withdrawn = refused.origin is Origin.WITHDRAWN
    return FOR_EVER if withdrawn else refused.pressed_at


def _overtaken(database: Database, scope: Scope) -> bool:
    """Whether a no that is not older has been kept meanwhile."""
    (newer,) = database.run(
        _NEWER_NO,
        facility=scope.facility,
        person=scope.person,
        item=scope.item,
        pressed_at=scope.pressed_at,
    ).fetchone()
    return bool(newer)


def _place(one: Consent) -> dict[str, Any]:
    return {
        "facility_code": one.facility,
        "person_id": one.person,
        "item": one.item,
    }


def _row(one: Consent) -> dict[str, Any]:
    return {
        **_place(one),
        "request_id": one.request,
        "pressed_at": one.pressed_at,
        "decision": one.decision.value,
        "decided_at": one.decided_at,
        "available_until": one.available_until,
        "care": one.care.value,
        "origin": one.origin.value,
        "ended": one.ended.value if one.ended else "",
    }


def _consent(person: PersonId, row: Any) -> Consent:
    item, decision, pressed, decided, until, request, care, origin, ended = row[:9]
    return Consent(
        FacilityCode(row[9]),
        person,
        item,
        Decision(decision),
        pressed,
        decided,
        until,
        RequestId(request),
        CareKind(care),
        Origin(origin),
        Ended(ended) if ended else None,
    )


def _key_row(key: DataKey) -> dict[str, Any]:
    scope = key.scope
    return {
        "facility_code": scope.facility,
        "person_id": scope.person,
        "item": scope.item,
        "care": scope.care.value,
        "request_id": scope.request,
        "pressed_at": scope.pressed_at,
        "since": scope.since,
        "until": scope.until,
        "sealed": key.sealed,
    }


def _key(row: Any) -> DataKey:
    facility, person, item, care, request, pressed, since, until, sealed = row
    scope = Scope(
        FacilityCode(facility),
        PersonId(person),
        item,
        CareKind(care),
        RequestId(request),
        pressed,
        since,
        until,
    )
    return DataKey(scope, sealed)
