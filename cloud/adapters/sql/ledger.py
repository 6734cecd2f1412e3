"""The ledger: one transaction and one wait for the disk for a whole batch."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update

from cloud.access.certificate import moment
from cloud.access.ledger import (
    VERIFICATION_STANDS_MS,
    Audit,
    Kept,
    LedgerError,
    Settled,
    Usage,
    Verification,
)
from cloud.access.reused import entries
from cloud.adapters.sql.consents import write_consents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.eligibility import write_continuing, write_watches
from cloud.adapters.sql.page import write_links
from cloud.adapters.sql.statement import Statement, insert_new, upsert
from cloud.adapters.sql.tables import (
    counts,
    envelopes,
    persons,
    readers,
    refusals,
    requests,
    usage,
    verifications,
)
from cloud.adapters.sql.tables_registry import use_events
from cloud.audit.service import AuditLog
from cloud.eligibility.model import JST
from cloud.registry.model import PersonId
from protocol.catalogue import Code
from protocol.codes import CareKind, Outcome
from protocol.freshness import WINDOW_MS
from protocol.ids import FacilityCode, ReaderId, RequestId

_ENVELOPE = insert_new(envelopes)
_REQUEST = insert_new(requests)
_KNOWN = Statement(
    select(requests.c.envelope, requests.c.request_hash, requests.c.answer).where(
        requests.c.request_id == bindparam("request"),
        requests.c.reader_id == bindparam("reader"),
    )
)
_VERIFICATION = upsert(verifications)
_FIND = Statement(
    select(
        verifications.c.person_id,
        verifications.c.outcome,
        verifications.c.asked,
        verifications.c.at,
        verifications.c.certificate_expires,
        verifications.c.care,
    ).where(
        verifications.c.request_id == bindparam("request"),
        verifications.c.reader_id == bindparam("reader"),
    )
)
_OF_FACILITY = verifications.c.reader_id.in_(
    select(readers.c.id).where(readers.c.facility_code == bindparam("facility"))
)
_PLACED = (
    verifications.c.request_id,
    verifications.c.reader_id,
    verifications.c.person_id,
    verifications.c.outcome,
    verifications.c.asked,
    verifications.c.at,
    verifications.c.certificate_expires,
    verifications.c.care,
)
_FIND_AT = Statement(
    select(*_PLACED).where(
        verifications.c.request_id == bindparam("request"), _OF_FACILITY
    )
)
_LIST_AT = Statement(
    select(*_PLACED)
    .where(_OF_FACILITY)
    .order_by(verifications.c.at.desc(), verifications.c.request_id)
)
_USAGE_COLUMNS = [column.name for column in usage.columns if column.name != "id"]
_USAGE = Statement(
    insert(usage).values({one: bindparam(one) for one in _USAGE_COLUMNS})
)
_COUNT = upsert(counts, add=["n"])
_REFUSAL = upsert(refusals, add=["n"])
_REGISTER = Statement(
    update(persons)
    .where(persons.c.id == bindparam("person"))
    .values(registered=1, registered_until=None)
)
_REGISTERED = Statement(
    insert(use_events).values(
        person_id=bindparam("person"), kind="registered", received=bindparam("day")
    )
)
_COUNTED = Statement(
    select(counts.c.kind, counts.c.outcome, counts.c.code, counts.c.n).order_by(
        counts.c.kind, counts.c.outcome, counts.c.code
    )
)
_REFUSED = Statement(
    select(refusals.c.code, func.sum(refusals.c.n))
    .group_by(refusals.c.code)
    .order_by(refusals.c.code)
)
_HORIZON: BindParameter[int] = bindparam("horizon")
_FORGET = (
    (
        Statement(delete(requests).where(requests.c.expires_at <= _HORIZON)),
        2 * WINDOW_MS,
    ),
    (Statement(delete(envelopes).where(envelopes.c.seen < _HORIZON)), 2 * WINDOW_MS),
    (
        Statement(delete(verifications).where(verifications.c.at < _HORIZON)),
        VERIFICATION_STANDS_MS,
    ),
)


class SqlCounts:
    """What statistics are made of; all that operators' pages need."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self) -> list[tuple[str, str, str, int]]:
        return [tuple(row) for row in self._database.run(_COUNTED)]

    def refusals(self) -> list[tuple[str, int]]:
        return [(code, int(n)) for code, n in self._database.run(_REFUSED)]


class SqlLedger(SqlCounts):
    def __init__(self, database: Database, log: AuditLog) -> None:
        super().__init__(database)
        self._log = log

    def commit(self, settled: Sequence[Settled], audits: Sequence[Audit]) -> list[Kept]:
        try:
            with self._database.transaction():
                kept = [self._keep(one) for one in settled]
                new = [
                    one
                    for one, fate in zip(settled, kept, strict=True)
                    if fate.answer is not None and not fate.repeated
                ]
                self._write(new)
                self._audit([*audits, *_refused(settled, kept)])
                # Last: whoever holds the head of a chain waits for nothing more.
                self._log.append(list(entries(settled, kept)))
        except self._database.error as error:
            raise LedgerError(type(error).__name__) from error
        return kept

    def verification(self, reader: ReaderId, request: RequestId) -> Verification | None:
        row = self._database.run(_FIND, request=request, reader=reader).fetchone()
        return _verification(reader, request, row) if row else None

    def verification_at(
        self, facility: FacilityCode, request: RequestId
    ) -> Verification | None:
        found = self._database.run(_FIND_AT, request=request, facility=facility)
        row = found.fetchone()
        return _placed(row) if row else None

    def verifications(self, facility: FacilityCode) -> list[Verification]:
        return [_placed(row) for row in self._database.run(_LIST_AT, facility=facility)]

    def forget(self, now_ms: int) -> int:
        count = 0
        with self._database.transaction():
            for statement, age in _FORGET:
                count += self._database.run(statement, horizon=now_ms - age).rowcount
        return count

    def _keep(self, one: Settled) -> Kept:
        """Alone, because what was there already decides what else is written."""
        if not self._database.run(_REQUEST, **_request_row(one)).rowcount:
            return self._again(one)
        return Kept(one.answer)

    def _again(self, one: Settled) -> Kept:
        run = self._database.run
        found = run(_KNOWN, request=one.request, reader=one.reader).fetchone()
        envelope, request_hash, answer = found
        another = {"id": one.envelope, "seen": one.usage.at}
        if envelope == one.envelope or not run(_ENVELOPE, **another).rowcount:
            return Kept(None, Code.REPLAYED)
        if request_hash != one.request_hash:
            return Kept(None, Code.REQUEST_ID_REUSED)
        return Kept(answer, repeated=True)

    def _write(self, new: Sequence[Settled]) -> None:
        """What comes with the requests that are kept."""
        many = self._database.many
        many(
            _VERIFICATION,
            [_verification_row(entry) for one in new for entry in one.verifications],
        )
        write_consents(
            self._database,
            [consent for one in new for consent in one.consents],
            [key for one in new for key in one.data_keys],
        )
        registered = [
            {"person": one.registers, "day": _day(one.usage.at)}
            for one in new
            if one.registers is not None
        ]
        many(_REGISTER, registered)
        many(_REGISTERED, registered)
        write_watches(self._database, [one.watch for one in new if one.watch])
        cares = [one.continuing for one in new if one.continuing]
        write_continuing(self._database, cares)
        write_links(self._database, [one.link for one in new if one.link])
        self._count([one.usage for one in new])

    def _count(self, usages: Sequence[Usage]) -> None:
        self._database.many(_USAGE, [_usage_row(one) for one in usages])
        counted = Counter((one.kind, one.outcome, one.code) for one in usages)
        # In one order everywhere: two workers must not wait for each other's rows.
        rows = [
            {"kind": kind, "outcome": outcome, "code": code, "n": n}
            for (kind, outcome, code), n in sorted(counted.items())
        ]
        self._database.many(_COUNT, rows)

    def _audit(self, audits: Sequence[Audit]) -> None:
        counted = Counter((_day(one.at), one.code.value, one.reader) for one in audits)
        rows = [
            {"day": day, "code": code, "reader_id": reader, "n": n}
            for (day, code, reader), n in sorted(counted.items())
        ]
        self._database.many(_REFUSAL, rows)


def _refused(settled: Sequence[Settled], kept: Sequence[Kept]) -> list[Audit]:
    return [
        Audit(one.usage.at, fate.refused, one.reader)
        for one, fate in zip(settled, kept, strict=True)
        if fate.refused is not None
    ]


def _request_row(one: Settled) -> dict[str, object]:
    return {
        "request_id": one.request,
        "reader_id": one.reader,
        "envelope": one.envelope,
        "request_hash": one.request_hash,
        "answer": one.answer,
        "expires_at": one.expires_at,
    }


def _verification(
    reader: ReaderId, request: RequestId, row: Sequence[Any]
) -> Verification:
    person, outcome, asked, at, expires, care = row
    return Verification(
        reader,
        request,
        PersonId(person),
        Outcome(outcome),
        tuple(asked.split(",")) if asked else (),
        at,
        expires,
        CareKind(care),
    )


def _placed(row: Sequence[Any]) -> Verification:
    return _verification(ReaderId(row[1]), RequestId(row[0]), row[2:])


def _verification_row(one: Verification) -> dict[str, object]:
    return {
        "request_id": one.request,
        "reader_id": one.reader,
        "person_id": one.person,
        "outcome": one.outcome,
        "asked": ",".join(one.asked),
        "at": one.at,
        "certificate_expires": one.certificate_expires,
        "care": one.care.value,
    }


def _usage_row(one: Usage) -> dict[str, object]:
    return {
        "at": one.at,
        "reader_id": one.reader,
        "facility_code": one.facility,
        "kind": one.kind,
        "method": one.method,
        "care": one.care,
        "outcome": one.outcome,
        "code": one.code,
        "waited_ms": one.waited_ms,
    }


def _day(unix_ms: int) -> str:
    return moment(unix_ms).astimezone(JST).date().isoformat()
