"""Readers in SQLite."""

from collections.abc import Iterable

from cloud.adapters.sqlite import Database, transaction
from cloud.facilities.model import Reader
from protocol.ids import FacilityCode, KeyId, ReaderId

_BY_KEY = (
    "SELECT id, facility_code, key_id, public_key, certificate_fingerprint,"
    " not_before, not_after, revoked FROM readers WHERE key_id = ?"
)
_PUT = "INSERT OR REPLACE INTO readers VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class SqliteFacilities:
    def __init__(self, database: Database) -> None:
        self._database = database

    def reader_by_key(self, key_id: KeyId) -> Reader | None:
        row = self._database.execute(_BY_KEY, (key_id,)).fetchone()
        if row is None:
            return None
        name, facility, key, public, fingerprint, start, end, revoked = row
        return Reader(
            ReaderId(name),
            FacilityCode(facility),
            KeyId(key),
            public,
            fingerprint,
            start,
            end,
            bool(revoked),
        )

    def put_readers(self, readers: Iterable[Reader]) -> int:
        rows = [
            (
                reader.id,
                reader.facility,
                reader.key_id,
                reader.public_key,
                reader.certificate_fingerprint,
                reader.not_before,
                reader.not_after,
                reader.revoked,
            )
            for reader in readers
        ]
        with transaction(self._database):
            self._database.executemany(_PUT, rows)
        return len(rows)
