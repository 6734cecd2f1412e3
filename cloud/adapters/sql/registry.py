"""The registry: whose certificate, whose number, and what that person holds."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select

from cloud.adapters.benefits_json import benefits, benefits_text
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Among, Statement, upsert
from cloud.adapters.sql.tables import certificates, insurances, persons
from cloud.registry.held import Held
from cloud.registry.model import (
    CertificateLink,
    Entry,
    Insurance,
    Person,
    PersonId,
    lookup_key,
)
from cloud.registry.service import Record
from protocol.codes import Relationship, Sex

_PERSON = select(
    persons.c.id,
    persons.c.name,
    persons.c.name_kana,
    persons.c.sex,
    persons.c.birth_date,
    persons.c.address,
    persons.c.post_number,
    persons.c.registered,
    persons.c.hold,
    persons.c.registered_until,
)
_LINKED = Statement(
    _PERSON.join(certificates, certificates.c.person_id == persons.c.id).where(
        certificates.c.value == bindparam("value"),
        certificates.c.kind == bindparam("kind"),
    )
)
_BY_ID = Statement(_PERSON.where(persons.c.id == bindparam("person")))
_INSURANCE = (
    insurances.c.card_classification,
    insurances.c.insurer_number,
    insurances.c.insurer_name,
    insurances.c.relationship,
    insurances.c.valid_from,
    insurances.c.valid_until,
    insurances.c.symbol,
    insurances.c.number,
    insurances.c.branch,
    insurances.c.insured_name,
    insurances.c.loss_reason,
    insurances.c.copayment_ratio,
    insurances.c.copayment_limit,
    insurances.c.unregistered,
    insurances.c.benefits,
)
_INSURANCES = Statement(
    select(*_INSURANCE)
    .where(insurances.c.person_id == bindparam("person"))
    .order_by(insurances.c.position)
)
_NUMBERED = Statement(
    select(insurances.c.lookup, *_PERSON.selected_columns)
    .join(persons, persons.c.id == insurances.c.person_id)
    .where(Among(insurances.c.lookup, "lookups"))
)
_asked = insurances.alias("asked")
_FLAT = Statement(
    select(
        _asked.c.lookup.label("key"),
        persons.c.id,
        persons.c.name,
        persons.c.name_kana,
        persons.c.sex,
        persons.c.birth_date,
        persons.c.address,
        persons.c.post_number,
        persons.c.hold,
        insurances.c.lookup,
        *_INSURANCE,
    )
    .join(persons, persons.c.id == _asked.c.person_id)
    .join(insurances, insurances.c.person_id == _asked.c.person_id)
    .where(Among(_asked.c.lookup, "lookups"))
)
_PERSONS = Statement(_PERSON.where(Among(persons.c.id, "people")))
_ALIKE = Statement(
    select(insurances.c.lookup, *_PERSON.selected_columns)
    .join(persons, persons.c.id == insurances.c.person_id)
    .where(
        insurances.c.lookup >= bindparam("low"), insurances.c.lookup < bindparam("high")
    )
    .order_by(persons.c.id)
    .limit(bindparam("most"))
)
_HELD = Statement(
    select(insurances.c.person_id, *_INSURANCE)
    .where(Among(insurances.c.person_id, "people"))
    .order_by(insurances.c.person_id, insurances.c.position)
)
_COLUMNS = [column.name for column in persons.columns if column.name != "id"]
_PUT_PERSON = upsert(persons, key=["reference"], columns=_COLUMNS, returning="id")
_DROP_INSURANCES = Statement(
    delete(insurances).where(insurances.c.person_id == bindparam("person"))
)
_PUT_INSURANCE = upsert(insurances)
_PUT_LINK = upsert(certificates, columns=["value", "kind", "person_id"])

_Row = tuple[Any, ...]


class SqlRegistry:
    def __init__(self, database: Database) -> None:
        self._database = database

    def linked(self, link: CertificateLink) -> Entry | None:
        run = self._database.run
        return self._entry(run(_LINKED, value=link.value, kind=link.kind).fetchone())

    def person(self, person_id: PersonId) -> Entry | None:
        return self._entry(self._database.run(_BY_ID, person=person_id).fetchone())

    def numbered(self, lookups: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
        asked = self._database.listed(lookups)
        return self._together(self._database.run(_NUMBERED, lookups=asked).fetchall())

    def held(self, lookups: Sequence[str]) -> dict[str, list[Held]]:
        asked = self._database.listed(lookups)
        found: dict[str, list[Held]] = {}
        for row in map(Held._make, self._database.run(_FLAT, lookups=asked)):
            found.setdefault(row.key, []).append(row)
        return found

    def persons(self, ids: Sequence[PersonId]) -> dict[PersonId, Entry]:
        asked = self._database.listed(ids)
        rows = self._database.run(_PERSONS, people=asked).fetchall()
        found = self._together([(row[0], *row) for row in rows])
        return {one.id: one for entries in found.values() for one in entries}

    def numbered_alike(self, beginning: str, limit: int) -> tuple[Entry, ...]:
        high = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        rows = self._database.run(_ALIKE, low=beginning, high=high, most=limit)
        found = self._together(rows.fetchall())
        return tuple(entry for entries in found.values() for entry in entries)

    def _together(self, rows: Sequence[_Row]) -> dict[Any, tuple[Entry, ...]]:
        """Persons by lookup key, with all that they hold: two looks for any number."""
        people = self._database.listed(sorted({row[1] for row in rows}))
        held: dict[int, list[_Row]] = {}
        for row in self._database.run(_HELD, people=people) if rows else ():
            held.setdefault(row[0], []).append(row[1:])
        found: dict[Any, dict[int, Entry]] = {}
        for key, person_id, *columns in rows:
            person = _person(tuple(columns), held.get(person_id, ()))
            found.setdefault(key, {})[person_id] = Entry(PersonId(person_id), person)
        return {key: tuple(entries.values()) for key, entries in found.items()}

    def put(self, records: Iterable[Record]) -> int:
        count = 0
        with self._database.transaction():
            for record in records:
                self._put(record)
                count += 1
        return count

    def _entry(self, row: _Row | None) -> Entry | None:
        if row is None:
            return None
        held = self._database.run(_INSURANCES, person=row[0])
        return Entry(PersonId(row[0]), _person(row[1:], held))

    def _put(self, record: Record) -> None:
        columns = {"reference": record.reference, **_columns(record.person)}
        (person_id,) = self._database.run(_PUT_PERSON, **columns).fetchone()
        self._database.run(_DROP_INSURANCES, person=person_id)
        self._database.many(
            _PUT_INSURANCE,
            [
                {"person_id": person_id, "position": place, **insurance_columns(one)}
                for place, one in enumerate(record.person.insurances)
            ],
        )
        self._database.many(
            _PUT_LINK,
            [
                {"value": link.value, "kind": link.kind, "person_id": person_id}
                for link in record.links
            ],
        )


def _person(row: _Row, held: Iterable[_Row]) -> Person:
    name, kana, sex, born, address, post, registered, hold, until = row
    return Person(
        name,
        kana,
        Sex(sex),
        date.fromisoformat(born),
        address,
        post,
        registered=bool(registered),
        hold=bool(hold),
        insurances=tuple(map(_insurance, held)),
        registered_until=date.fromisoformat(until) if until else None,
    )


def _insurance(row: _Row) -> Insurance:
    classification, insurer, name, relationship, start, end = row[:6]
    symbol, number, branch, holder, loss, ratio, limit, unregistered, more = row[6:]
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
        benefits(more),
    )


def _columns(person: Person) -> dict[str, object]:
    return {
        "name": person.name,
        "name_kana": person.name_kana,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "address": person.address,
        "post_number": person.post_number,
        "registered": int(person.registered),
        "hold": int(person.hold),
        "registered_until": person.registered_until.isoformat()
        if person.registered_until
        else None,
    }


def insurance_columns(insurance: Insurance) -> dict[str, object]:
    until = insurance.valid_until
    return {
        "card_classification": insurance.card_classification,
        "insurer_number": insurance.insurer_number,
        "insurer_name": insurance.insurer_name,
        "relationship": insurance.relationship,
        "valid_from": insurance.valid_from.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "symbol": insurance.symbol,
        "number": insurance.number,
        "branch": insurance.branch,
        "insured_name": insurance.insured_name,
        "loss_reason": insurance.loss_reason,
        "copayment_ratio": insurance.copayment_ratio,
        "copayment_limit": insurance.copayment_limit,
        "unregistered": int(insurance.unregistered),
        "benefits": benefits_text(insurance.benefits),
        "lookup": lookup_key(
            insurance.insurer_number, insurance.symbol, insurance.number
        ),
    }
