"""Use, cards and holds of single persons; and what the lists are made of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from cloud.adapters.sql import tables_registry as kept
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Among, Statement, insert_new, upsert
from cloud.adapters.sql.tables import certificates, insurances, persons
from cloud.eligibility.model import JST
from cloud.registry.lists import Facts, Month
from cloud.registry.model import PersonId
from cloud.registry.office import Hold, HoldCount, Use
from cloud.registry.resident import HoldKind
from cloud.registry.values import insurer_key

_USE = Statement(
    select(persons.c.id, persons.c.registered, persons.c.registered_until).where(
        persons.c.reference == bindparam("reference")
    )
)
_SET_USE = Statement(
    update(persons)
    .where(persons.c.id == bindparam("person"))
    .values(registered=bindparam("is_in_use"), registered_until=bindparam("last_day"))
)
_USED = Statement(
    insert(kept.use_events).values(
        {
            name: bindparam(name)
            for name in ("person_id", "kind", "received", "last_day")
        }
    )
)
_UNLINK = Statement(
    delete(certificates).where(certificates.c.person_id == bindparam("person"))
)
_RETURNED = insert_new(kept.returned_cards)
_HOLD_COUNTS = Statement(
    select(
        kept.holds.c.insurer_key,
        kept.holds.c.kind,
        func.count() - func.count(kept.holds.c.ended),
        func.count(kept.holds.c.ended),
    )
    .group_by(kept.holds.c.insurer_key, kept.holds.c.kind)
    .order_by(kept.holds.c.insurer_key, kept.holds.c.kind)
)
_OPEN_HOLDS = Statement(
    select(
        kept.holds.c.id,
        kept.holds.c.kind,
        kept.holds.c.since,
        insurances.c.insurer_number,
        insurances.c.symbol,
        insurances.c.number,
        insurances.c.branch,
    )
    .join(insurances, insurances.c.person_id == kept.holds.c.person_id)
    .where(kept.holds.c.insurer_key == bindparam("insurer"))
    .where(kept.holds.c.ended.is_(None))
    .order_by(kept.holds.c.id, insurances.c.position.desc())
)
_OURS = and_(
    Among(kept.holds.c.id, "holds"),
    kept.holds.c.insurer_key == bindparam("insurer"),
    kept.holds.c.ended.is_(None),
)
_HELD = Statement(select(kept.holds.c.person_id).where(_OURS))
_RELEASE = Statement(
    update(kept.holds).where(_OURS).values(ended=bindparam("at"), how="confirmed")
)
_STILL_HELD = (
    select(kept.holds.c.person_id)
    .where(kept.holds.c.person_id == persons.c.id, kept.holds.c.ended.is_(None))
    .exists()
)
_DISCLOSE = Statement(
    update(persons).where(Among(persons.c.id, "people"), ~_STILL_HELD).values(hold=0)
)
_PUT_INSURER = upsert(kept.insurers)

_CARD = (
    select(
        certificates.c.person_id.label("person_id"),
        func.count().label("cards"),
        func.count(certificates.c.not_after).label("dated"),
        func.max(certificates.c.not_after).label("latest"),
    )
    .group_by(certificates.c.person_id)
    .subquery("card")
)
_GIVEN_BACK = (
    select(kept.returned_cards.c.person_id.label("person_id"))
    .where(
        kept.returned_cards.c.returned_on >= bindparam("first"),
        kept.returned_cards.c.returned_on <= bindparam("last"),
    )
    .distinct()
    .subquery("given_back")
)
_VALID = and_(
    persons.c.hold == 0,
    insurances.c.valid_from <= bindparam("last"),
    (insurances.c.valid_until.is_(None))
    | (insurances.c.valid_until >= bindparam("last")),
)
_WHAT = select(
    insurances.c.insurer_number,
    insurances.c.symbol,
    insurances.c.number,
    insurances.c.branch,
    persons.c.registered,
    persons.c.registered_until,
    _CARD.c.cards,
    _CARD.c.dated,
    _CARD.c.latest,
    _GIVEN_BACK.c.person_id,
).join(persons, persons.c.id == insurances.c.person_id)
_FACTS = Statement(
    _WHAT.outerjoin(_CARD, _CARD.c.person_id == persons.c.id)
    .outerjoin(_GIVEN_BACK, _GIVEN_BACK.c.person_id == persons.c.id)
    .where(_VALID)
    .order_by(insurances.c.insurer_number, insurances.c.lookup, insurances.c.branch)
)
_FACTS_RETURNED = Statement(
    _WHAT.outerjoin(_CARD, _CARD.c.person_id == persons.c.id)
    .join(_GIVEN_BACK, _GIVEN_BACK.c.person_id == persons.c.id)
    .where(_VALID)
    .order_by(insurances.c.insurer_number, insurances.c.lookup, insurances.c.branch)
)


class SqlRegistryOffice:
    def __init__(self, database: Database) -> None:
        self._database = database

    # -- OfficeStore -----------------------------------------------------------------
    def use(self, reference: bytes) -> Use | None:
        row = self._database.run(_USE, reference=reference).fetchone()
        if row is None:
            return None
        person, registered, until = row
        return Use(PersonId(person), bool(registered), _date(until))

    def set_use(self, use: Use, received: date, *, cancels: bool) -> None:
        last_day = use.until.isoformat() if use.until else None
        with self._database.transaction():
            self._database.run(
                _SET_USE,
                person=use.person,
                is_in_use=int(use.registered),
                last_day=last_day,
            )
            self._database.run(
                _USED,
                person_id=use.person,
                kind="cancelled" if cancels else "registered",
                received=received.isoformat(),
                last_day=last_day,
            )

    def give_back(self, person: PersonId, day: date) -> int:
        with self._database.transaction():
            gone = self._database.run(_UNLINK, person=person).rowcount
            self._database.run(_RETURNED, person_id=person, returned_on=day.isoformat())
        return gone

    def hold_counts(self) -> Sequence[HoldCount]:
        return [
            HoldCount(insurer, HoldKind(kind), still, ended)
            for insurer, kind, still, ended in self._database.run(_HOLD_COUNTS)
        ]

    def open_holds(self, insurer: str) -> Iterator[Hold]:
        asked = insurer_key(insurer)
        told = 0
        for number, kind, since, *printed in self._database.stream(
            _OPEN_HOLDS, insurer=asked
        ):
            # Of several insurances the insurer's own newest says who it is.
            if number != told and asked in ("", insurer_key(printed[0])):
                told = number
                yield Hold(number, HoldKind(kind), since, *printed)

    def release(self, holds: Sequence[int], insurer: str, now_ms: int) -> int:
        run = self._database.run
        asked = {"holds": self._database.listed(list(holds)), "insurer": insurer}
        with self._database.transaction():
            people = [person for (person,) in run(_HELD, **asked)]
            ended = run(_RELEASE, at=now_ms, **asked).rowcount
            run(_DISCLOSE, people=self._database.listed(people))
        return ended

    def put_insurers(self, names: Mapping[str, tuple[str, str]]) -> None:
        rows = [
            {"key": key, "number": number, "name": name}
            for key, (number, name) in names.items()
        ]
        with self._database.transaction():
            self._database.many(_PUT_INSURER, rows)

    # -- ListStore -------------------------------------------------------------------
    def facts(self, month: Month) -> Iterator[Facts]:
        span = {"first": month.first.isoformat(), "last": month.last.isoformat()}
        for row in self._database.stream(_FACTS, **span):
            yield _facts(row)

    def returned(self, day: date) -> Iterator[Facts]:
        span = {"first": day.isoformat(), "last": day.isoformat()}
        for row in self._database.stream(_FACTS_RETURNED, **span):
            yield _facts(row)


def _facts(row: Sequence[Any]) -> Facts:
    insurer, symbol, number, branch, registered, until, *card, given_back = row
    cards, dated, latest = card
    # One whose end is not known may last longest.
    known = cards is not None and cards == dated
    return Facts(
        insurer,
        symbol,
        number,
        branch,
        bool(registered),
        _date(until),
        bool(cards),
        _day(latest) if known else None,
        given_back is not None,
    )


def _day(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, JST).date()


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
