"""The ledger in SQLite: one transaction and one fsync for a whole batch."""

import sqlite3
from collections import Counter
from collections.abc import Sequence

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
from cloud.adapters.sqlite import Database, transaction
from cloud.adapters.sqlite_consents import write_consents
from cloud.eligibility.model import JST
from cloud.registry.model import PersonId
from protocol.catalogue import Code
from protocol.codes import Outcome
from protocol.freshness import WINDOW_MS
from protocol.ids import ReaderId, RequestId

_ENVELOPE = "INSERT OR IGNORE INTO envelopes VALUES (?, ?)"
_REQUEST = "INSERT OR IGNORE INTO requests VALUES (?, ?, ?, ?, ?, ?)"
_KNOWN = (
    "SELECT envelope, request_hash, answer FROM requests"
    " WHERE request_id = ? AND reader_id = ?"
)
_VERIFICATION = "INSERT OR REPLACE INTO verifications VALUES (?, ?, ?, ?, ?, ?, ?)"
_FIND = (
    "SELECT person_id, outcome, asked, at, certificate_expires FROM verifications"
    " WHERE request_id = ? AND reader_id = ?"
)
_USAGE = (
    "INSERT INTO usage (at, reader_id, facility_code, kind, method, care, outcome,"
    " code, waited_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COUNT = (
    "INSERT INTO counts VALUES (?, ?, ?, ?)"
    " ON CONFLICT (kind, outcome, code) DO UPDATE SET n = n + excluded.n"
)
_REFUSAL = (
    "INSERT INTO refusals VALUES (?, ?, ?, ?)"
    " ON CONFLICT (day, code, reader_id) DO UPDATE SET n = n + excluded.n"
)
_REGISTER = "UPDATE persons SET registered = 1 WHERE id = ?"
_FORGET = (
    ("DELETE FROM requests WHERE expires_at <= ?", 2 * WINDOW_MS),
    ("DELETE FROM envelopes WHERE seen < ?", 2 * WINDOW_MS),
    ("DELETE FROM verifications WHERE at < ?", VERIFICATION_STANDS_MS),
)


class SqliteLedger:
    def __init__(self, database: Database) -> None:
        self._database = database

    def commit(self, settled: Sequence[Settled], audits: Sequence[Audit]) -> list[Kept]:
        try:
            with transaction(self._database):
                kept = [self._keep(one) for one in settled]
                new = [
                    one.usage
                    for one, fate in zip(settled, kept, strict=True)
                    if fate.answer is not None and not fate.repeated
                ]
                self._count(new)
                self._audit([*audits, *_refused(settled, kept)])
        except sqlite3.Error as error:
            raise LedgerError(type(error).__name__) from error
        return kept

    def verification(self, reader: ReaderId, request: RequestId) -> Verification | None:
        row = self._database.execute(_FIND, (request, reader)).fetchone()
        if row is None:
            return None
        person, outcome, asked, at, expires = row
        items = tuple(asked.split(",")) if asked else ()
        return Verification(
            reader, request, PersonId(person), Outcome(outcome), items, at, expires
        )

    def forget(self, now_ms: int) -> int:
        count = 0
        with transaction(self._database):
            for sql, age in _FORGET:
                count += self._database.execute(sql, (now_ms - age,)).rowcount
        return count

    def counts(self) -> list[tuple[str, str, str, int]]:
        return self._database.execute(
            "SELECT kind, outcome, code, n FROM counts ORDER BY 1, 2, 3"
        ).fetchall()

    def refusals(self) -> list[tuple[str, int]]:
        return self._database.execute(
            "SELECT code, SUM(n) FROM refusals GROUP BY code ORDER BY code"
        ).fetchall()

    def _keep(self, one: Settled) -> Kept:
        execute = self._database.execute
        if not execute(_REQUEST, _request_row(one)).rowcount:
            return self._again(one)
        for verification in one.verifications:
            execute(_VERIFICATION, _verification_row(verification))
        write_consents(self._database, one.consents)
        if one.registers is not None:
            execute(_REGISTER, (one.registers,))
        return Kept(one.answer)

    def _again(self, one: Settled) -> Kept:
        execute = self._database.execute
        found = execute(_KNOWN, (one.request, one.reader)).fetchone()
        envelope, request_hash, answer = found
        another = (one.envelope, one.usage.at)
        if envelope == one.envelope or not execute(_ENVELOPE, another).rowcount:
            return Kept(None, Code.REPLAYED)
        if request_hash != one.request_hash:
            return Kept(None, Code.REQUEST_ID_REUSED)
        return Kept(answer, repeated=True)

    def _count(self, usages: Sequence[Usage]) -> None:
        self._database.executemany(_USAGE, map(_usage_row, usages))
        counted = Counter((one.kind, one.outcome, one.code) for one in usages)
        rows = [(*key, n) for key, n in counted.items()]
        self._database.executemany(_COUNT, rows)

    def _audit(self, audits: Sequence[Audit]) -> None:
        counted = Counter((_day(one.at), one.code.value, one.reader) for one in audits)
        rows = [(*key, n) for key, n in counted.items()]
        self._database.executemany(_REFUSAL, rows)


def _refused(settled: Sequence[Settled], kept: Sequence[Kept]) -> list[Audit]:
    return [
        Audit(one.usage.at, fate.refused, one.reader)
        for one, fate in zip(settled, kept, strict=True)
        if fate.refused is not None
    ]


def _request_row(one: Settled) -> tuple[object, ...]:
    return (
        one.request,
        one.reader,
        one.envelope,
        one.request_hash,
        one.answer,
        one.expires_at,
    )


def _verification_row(one: Verification) -> tuple[object, ...]:
    return (
        one.request,
        one.reader,
        one.person,
        one.outcome,
        ",".join(one.asked),
        one.at,
        one.certificate_expires,
    )


def _usage_row(one: Usage) -> tuple[object, ...]:
    return (
        one.at,
        one.reader,
        one.facility,
        one.kind,
        one.method,
        one.care,
        one.outcome,
        one.code,
        one.waited_ms,
    )


def _day(unix_ms: int) -> str:
    return moment(unix_ms).astimezone(JST).date().isoformat()
