"""Readers."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, upsert
from cloud.adapters.sql.tables import facility_settings
from cloud.adapters.sql.tables import readers as table
from cloud.facilities.model import Reader
from protocol.ids import FacilityCode, KeyId, ReaderId

_BY_KEY = Statement(
    select(
        table.c.id,
        table.c.facility_code,
        table.c.key_id,
        table.c.public_key,
        table.c.certificate_fingerprint,
        table.c.not_before,
        table.c.not_after,
        table.c.revoked,
    ).where(table.c.key_id == bindparam("key"))
)
_PUT = upsert(table)
_ITEMS = Statement(
    select(facility_settings.c.consent_items).where(
        facility_settings.c.facility_code == bindparam("facility")
    )
)
_PUT_ITEMS = upsert(facility_settings)


class SqlFacilities:
    def __init__(self, database: Database) -> None:
        self._database = database

    def reader_by_key(self, key_id: KeyId) -> Reader | None:
        row = self._database.run(_BY_KEY, key=key_id).fetchone()
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

    def consent_items(self, facility: FacilityCode) -> tuple[str, ...] | None:
        row = self._database.run(_ITEMS, facility=facility).fetchone()
        if row is None:
            return None
        return tuple(row[0].split(",")) if row[0] else ()

    def put_consent_items(self, facility: FacilityCode, items: tuple[str, ...]) -> None:
        chosen = ",".join(items)
        self._database.run(_PUT_ITEMS, facility_code=facility, consent_items=chosen)

    def put_readers(self, readers: Iterable[Reader]) -> int:
        with self._database.transaction():
            return write_readers(self._database, readers)


def write_readers(database: Database, readers: Iterable[Reader]) -> int:
    """Inside a transaction."""
    rows = [
        {
            "id": reader.id,
            "facility_code": reader.facility,
            "key_id": reader.key_id,
            "public_key": reader.public_key,
            "certificate_fingerprint": reader.certificate_fingerprint,
            "not_before": reader.not_before,
            "not_after": reader.not_after,
            "revoked": int(reader.revoked),
        }
        for reader in readers
    ]
    database.many(_PUT, rows)
    return len(rows)
