"""Registries of a hundred thousand to ten million persons, made inside SQLite.

Only for measuring: the rows are numbers in the shape of people, made by the database
itself, because ten million real imports would take a quarter of an hour each time.
"""

import hashlib
from contextlib import closing
from pathlib import Path

from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.sqlite import SqliteDatabase

STEP = 250_000
INSURER = "06991004"
"""Fictitious: prefecture 99."""
_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT {low} UNION ALL SELECT i + 1 FROM n"
    " WHERE i + 1 < {high})"
)
_PERSONS = (
    "INSERT INTO persons (id, reference, name, name_kana, sex, birth_date, address,"
    " post_number, registered, hold)"
    " {numbers} SELECT i + 1, CAST(printf('%032d', i) AS BLOB), '架空　計測',"
    " 'カクウ　ケイソク', '1', '1970-01-02', '架空県見本市例示町1番地',"
    " '000-0000', 1, 0"
    " FROM n"
)
_INSURANCES = (
    "INSERT INTO insurances (person_id, position, card_classification, insurer_number,"
    " insurer_name, relationship, valid_from, symbol, number, branch, insured_name,"
    " loss_reason, copayment_ratio, copayment_limit, unregistered, lookup)"
    " {numbers} SELECT i + 1, 0, '01', '{insurer}', '架空健康保険組合', '1',"
    " '2020-04-01', CAST(i / 10000 + 1 AS TEXT), CAST(i % 10000 + 1 AS TEXT), '', '',"
    " '', '030', 'A03', 0, '{key}|' || (i % 10000 + 1) || '|' || (i / 10000 + 1) FROM n"
)
_CERTIFICATES = (
    "INSERT INTO certificates (value, kind, person_id)"
    " {numbers} SELECT CAST(printf('%032d', i) AS BLOB), 'certificate', i + 1 FROM n"
)


def filled(file: Path, persons: int) -> None:
    """A database of this schema with so many persons; one insurance and card each."""
    with closing(SqliteDatabase(file)) as database:
        migrate(database)
        # It is thrown away: nothing of it need survive a power cut.
        database.run_text("PRAGMA synchronous = OFF")
        for low in range(0, persons, STEP):
            numbers = _NUMBERS.format(low=low, high=min(low + STEP, persons))
            words = {"numbers": numbers, "insurer": INSURER, "key": INSURER.lstrip("0")}
            with database.transaction():
                for sql in (_PERSONS, _INSURANCES, _CERTIFICATES):
                    database.run_text(sql.format(**words))
        database.run_text("ANALYZE")


def mark(number: int) -> bytes:
    """The certificate mark of person `number` (from 0)."""
    return b"%032d" % number


def symbol_and_number(number: int) -> tuple[str, str]:
    return str(number // 10_000 + 1), str(number % 10_000 + 1)


def touched(file: Path) -> str:
    """Read it through once, so that the first questions do not pay for the disk."""
    digest = hashlib.blake2b()
    with file.open("rb", buffering=0) as raw:
        while piece := raw.read(1 << 24):
            digest.update(piece[:16])
    return digest.hexdigest()
