"""The registry in SQLite."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from cloud.adapters.sqlite import Database, transaction
from cloud.registry.model import (
    CertificateLink,
    Entry,
    Insurance,
    Person,
    PersonId,
)
from cloud.registry.service import Record
from protocol.codes import Relationship, Sex

_PERSON = (
    "SELECT p.id, p.name, p.name_kana, p.sex, p.birth_date, p.address,"
    " p.post_number, p.registered, p.hold FROM persons p"
)
_LINKED = (
    f"{_PERSON} JOIN certificates c ON c.person_id = p.id"
    " WHERE c.value = ? AND c.kind = ?"
)
_BY_ID = f"{_PERSON} WHERE p.id = ?"
_INSURANCES = (
    "SELECT card_classification, insurer_number, insurer_name, relationship,"
    " valid_from, valid_until, symbol, number, branch, insured_name, loss_reason,"
    " copayment_ratio, copayment_limit, unregistered"
    " FROM insurances WHERE person_id = ? ORDER BY position"
)
_PUT_PERSON = (
    "INSERT INTO persons (reference, name, name_kana, sex, birth_date, address,"
    " post_number, registered, hold) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (reference) DO UPDATE SET name = excluded.name,"
    " name_kana = excluded.name_kana, sex = excluded.sex,"
    " birth_date = excluded.birth_date, address = excluded.address,"
    " post_number = excluded.post_number, registered = excluded.registered,"
    " hold = excluded.hold RETURNING id"
)
_PUT_INSURANCE = (
    "INSERT INTO insurances VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PUT_LINK = "INSERT OR REPLACE INTO certificates VALUES (?, ?, ?)"

_Row = tuple[Any, ...]


class SqliteRegistry:
    def __init__(self, database: Database) -> None:
        self._database = database

    def linked(self, link: CertificateLink) -> Entry | None:
        return self._entry(_LINKED, (link.value, link.kind))

    def person(self, person_id: PersonId) -> Entry | None:
        return self._entry(_BY_ID, (person_id,))

    def put(self, records: Iterable[Record]) -> int:
        count = 0
        with transaction(self._database):
            for record in records:
                self._put(record)
                count += 1
        return count

    def _entry(self, sql: str, arguments: tuple[object, ...]) -> Entry | None:
        row = self._database.execute(sql, arguments).fetchone()
        if row is None:
            return None
        insurances = self._database.execute(_INSURANCES, (row[0],))
        return Entry(PersonId(row[0]), _person(row[1:], insurances))

    def _put(self, record: Record) -> None:
        execute = self._database.execute
        row = execute(_PUT_PERSON, (record.reference, *_columns(record.person)))
        (person_id,) = row.fetchone()
        execute("DELETE FROM insurances WHERE person_id = ?", (person_id,))
        for position, insurance in enumerate(record.person.insurances):
            execute(
                _PUT_INSURANCE, (person_id, position, *_insurance_columns(insurance))
            )
        for link in record.links:
            execute(_PUT_LINK, (link.value, link.kind, person_id))


def _person(row: _Row, insurances: Iterable[_Row]) -> Person:
    name, kana, sex, born, address, post, registered, hold = row
    return Person(
        name,
        kana,
        Sex(sex),
        date.fromisoformat(born),
        address,
        post,
        registered=bool(registered),
        hold=bool(hold),
        insurances=tuple(map(_insurance, insurances)),
    )


def _insurance(row: _Row) -> Insurance:
    classification, insurer, name, relationship, start, end = row[:6]
    symbol, number, branch, holder, loss, ratio, limit, unregistered = row[6:]
    return Insurance(
        classification,
        insurer,
        name,
        Relationship(relationship),
        date.fromisoformat(start),
        date.fromisoformat(end) if end else None,
        symbol,
        number,
        branch,
        holder,
        loss,
        ratio,
        limit,
        bool(unregistered),
    )


def _columns(person: Person) -> tuple[object, ...]:
    return (
        person.name,
        person.name_kana,
        person.sex,
        person.birth_date.isoformat(),
        person.address,
        person.post_number,
        person.registered,
        person.hold,
    )


def _insurance_columns(insurance: Insurance) -> tuple[object, ...]:
    until = insurance.valid_until
    return (
        insurance.card_classification,
        insurance.insurer_number,
        insurance.insurer_name,
        insurance.relationship,
        insurance.valid_from.isoformat(),
        until.isoformat() if until else None,
        insurance.symbol,
        insurance.number,
        insurance.branch,
        insurance.insured_name,
        insurance.loss_reason,
        insurance.copayment_ratio,
        insurance.copayment_limit,
        insurance.unregistered,
    )
