"""A batch of a load file in one transaction: look up, decide, write.

Everything a batch names is asked for in a handful of questions, and written in a
handful of `many`: a statement per line would cost more than the line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update

from cloud.adapters.benefits_json import benefits, benefits_text
from cloud.adapters.sql import tables_registry as kept
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Among, Statement, insert_new, upsert
from cloud.adapters.sql.tables import certificates, insurances, persons
from cloud.eligibility.model import JST
from cloud.registry.apply import FAULTY, Applied
from cloud.registry.faults import Fault, FaultCode
from cloud.registry.lines import START, Batch, LineFault, Place
from cloud.registry.load import AlreadyLoadingError, Decide, Load
from cloud.registry.model import LinkKind
from cloud.registry.resident import HoldKind
from cloud.registry.rows import END, CoverKey, Row
from cloud.registry.standing import Claim, Cover, Details, Known, Standing
from cloud.registry.values import folded, folded_number, insurer_key

AT_ONCE = 500
"""Values of one question: more would be another statement for every number of them."""
CACHE_KIB = 256 * 1024
LOCK = 0x7368696B616B75
"""PostgreSQL's name of the lock that loads take: one batch at a time."""

_NAMES = [f"v{place}" for place in range(AT_ONCE)]
_VALUES: list[Any] = [bindparam(name) for name in _NAMES]
_PERSONS = Statement(
    select(
        persons.c.reference,
        persons.c.id,
        persons.c.hold,
        persons.c.name,
        persons.c.name_kana,
        persons.c.sex,
        persons.c.birth_date,
        persons.c.address,
        persons.c.post_number,
    ).where(persons.c.reference.in_(_VALUES))
)
_LINKS = Statement(
    select(certificates.c.value, certificates.c.person_id).where(
        certificates.c.value.in_(_VALUES),
        certificates.c.kind == LinkKind.CERTIFICATE.value,
    )
)
_COVER = (
    insurances.c.person_id,
    insurances.c.valid_from,
    insurances.c.valid_until,
    insurances.c.card_classification,
    insurances.c.insurer_number,
    insurances.c.relationship,
    insurances.c.symbol,
    insurances.c.number,
    insurances.c.branch,
    insurances.c.insured_name,
    insurances.c.loss_reason,
    insurances.c.copayment_ratio,
    insurances.c.copayment_limit,
    insurances.c.benefits,
)
_COVERS = Statement(
    select(*_COVER)
    .where(Among(insurances.c.person_id, "persons"))
    .order_by(insurances.c.person_id, insurances.c.position)
)
_OPEN_HOLDS = Statement(
    select(kept.holds.c.person_id, kept.holds.c.insurer_key, kept.holds.c.kind).where(
        Among(kept.holds.c.person_id, "persons"), kept.holds.c.ended.is_(None)
    )
)


_SAME_NUMBER = Statement(select(*_COVER).where(Among(insurances.c.lookup, "lookups")))
_LAST_PERSON = Statement(select(func.max(persons.c.id)))
_NEXT_PERSONS = Statement(
    text(
        "SELECT nextval(pg_get_serial_sequence('persons', 'id'))"
        " FROM generate_series(1, :count)"
    )
)
_TAKE_LOCK = Statement(text("SELECT pg_advisory_xact_lock(:name)"))

_NEW_PERSON = Statement(insert(persons))
_CHANGED_PERSON = Statement(
    update(persons)
    .where(persons.c.id == bindparam("person"))
    .values({name: bindparam(f"new_{name}") for name in (*Details._fields, "hold")})
)
_PUT_COVER = upsert(insurances)
_NEW_LINK = insert_new(certificates)
_OPEN_HOLD = Statement(
    insert(kept.holds).values(
        {
            name: bindparam(name)
            for name in ("person_id", "insurer_key", "kind", "since", "how")
        }
    )
)
_CLOSE_HOLD = Statement(
    update(kept.holds)
    .where(
        kept.holds.c.person_id == bindparam("person"),
        kept.holds.c.insurer_key == bindparam("insurer"),
        kept.holds.c.ended.is_(None),
    )
    .values(ended=bindparam("at"), how="corrected")
)
_INSURERS = Statement(select(kept.insurers.c.key, kept.insurers.c.name))
_BEGIN = insert_new(kept.loads)
_LOAD = Statement(
    select(
        kept.loads.c.finished,
        kept.loads.c.position,
        kept.loads.c.line,
        *(kept.loads.c[f"n_{name}"] for name in kept.COUNTS),
    ).where(kept.loads.c.digest == bindparam("load"))
)
_ADVANCE = Statement(
    update(kept.loads)
    .where(
        kept.loads.c.digest == bindparam("load"),
        or_(
            kept.loads.c.line == bindparam("first"), kept.loads.c.finished.is_not(None)
        ),
    )
    .values(
        {
            "position": bindparam("offset"),
            "line": bindparam("last"),
            **{
                f"n_{name}": kept.loads.c[f"n_{name}"] + bindparam(f"more_{name}")
                for name in kept.COUNTS
            },
        }
    )
)
_FINISH = Statement(
    update(kept.loads)
    .where(kept.loads.c.digest == bindparam("load"))
    .values(finished=bindparam("at"))
)
_DROP_FAULTS = Statement(
    delete(kept.load_faults).where(
        kept.load_faults.c.digest == bindparam("load"),
        kept.load_faults.c.line > bindparam("after"),
        kept.load_faults.c.line <= bindparam("until"),
    )
)
_NEW_FAULT = Statement(insert(kept.load_faults))
_FAULTS = Statement(
    select(
        kept.load_faults.c.line,
        kept.load_faults.c.field,
        kept.load_faults.c.code,
        kept.load_faults.c.detail,
    )
    .where(kept.load_faults.c.digest == bindparam("load"))
    .order_by(kept.load_faults.c.line, kept.load_faults.c.place)
)
_REFUSED_AMONG = Statement(
    select(func.count(kept.load_faults.c.line.distinct())).where(
        kept.load_faults.c.digest == bindparam("load"),
        kept.load_faults.c.line > bindparam("after"),
        kept.load_faults.c.line <= bindparam("until"),
    )
)
_REFUSED = Statement(
    select(kept.load_faults.c.line)
    .distinct()
    .where(kept.load_faults.c.digest == bindparam("load"))
)

_Rows = list[dict[str, Any]]


class SqlRegistryLoad:
    def __init__(self, database: Database) -> None:
        self._database = database
        if database.dialect.name == "sqlite":
            # Kibibytes. Random keys touch most pages of an index in every batch: with
            # the usual 2 MiB each would be written to the log and read again.
            database.run_text(f"PRAGMA cache_size = -{CACHE_KIB}")

    # -- LoadStore -----------------------------------------------------------------
    def insurers(self) -> Mapping[str, str]:
        return dict(self._database.run(_INSURERS).fetchall())

    def begin(self, digest: bytes, now_ms: int) -> Load:
        counts = {f"n_{name}": 0 for name in kept.COUNTS}
        new = {"finished": None, "position": 0, "line": 0, **counts}
        self._database.run(_BEGIN, digest=digest, started=now_ms, **new)
        row = self._database.run(_LOAD, load=digest).fetchone()
        finished, position, line, *found = row
        told = dict(zip(kept.COUNTS, found, strict=True))
        place = Place(position, line) if finished is None else START
        return Load(digest, finished is not None, place, told)

    def settle(
        self,
        digest: bytes | None,
        batch: Batch,
        decide: Decide,
        now_ms: int,
        *,
        again: bool = False,
    ) -> Counter[str]:
        with self._database.transaction():
            self._lock()
            applied = decide(self.known(batch.rows))
            self._write(applied, now_ms)
            faults = sorted([*batch.faults, *applied.faults])
            applied.counts[FAULTY] = len({one.line for one in faults})
            if digest is not None:
                self._advance(digest, batch, applied.counts, faults, again=again)
        return applied.counts

    def finish(self, digest: bytes, now_ms: int) -> None:
        self._database.run(_FINISH, load=digest, at=now_ms)

    def refused_lines(self, digest: bytes) -> frozenset[int]:
        rows = self._database.run(_REFUSED, load=digest)
        return frozenset(line for (line,) in rows)

    def faults(self, digest: bytes) -> Iterator[LineFault]:
        for line, column, code, detail in self._database.stream(_FAULTS, load=digest):
            yield LineFault(line, Fault(column, FaultCode(code), detail))

    # -- what is there ---------------------------------------------------------------
    def known(self, rows: Iterable[Row]) -> Known:
        asked = list(rows)
        found = self._persons({row.reference for row in asked})
        by_id = {one.id: one for one in found.values()}
        if by_id:
            self._fill(by_id)
        news = [row for row in asked if row.action != END]
        return Known(
            found,
            self._numbers(news),
            self._certificates({row.certificate for row in news if row.certificate}),
        )

    def _persons(self, references: Iterable[bytes]) -> dict[bytes, Standing]:
        return {
            bytes(reference): Standing(
                bytes(reference), Details(*details), person, held=bool(hold)
            )
            for reference, person, hold, *details in self._each(_PERSONS, references)
        }

    def _fill(self, by_id: dict[int, Standing]) -> None:
        people = self._database.listed(list(by_id))
        for row in self._database.run(_COVERS, persons=people):
            by_id[row[0]].covers.append(_cover(row))
        for person, insurer, kind in self._database.run(_OPEN_HOLDS, persons=people):
            by_id[person].holds[insurer] = HoldKind(kind)
        for standing in by_id.values():
            if standing.held and not standing.holds:
                standing.holds[""] = standing.opened[""] = HoldKind.IMPORTED

    def _numbers(self, rows: Iterable[Row]) -> dict[CoverKey, list[Claim]]:
        """Only of numbers with a branch: the others are a household's."""
        lookups = {_lookup(row.key) for row in rows if row.branch_key}
        claims: dict[CoverKey, list[Claim]] = {}
        if lookups:
            asked = self._database.listed(sorted(lookups))
            for row in self._database.run(_SAME_NUMBER, lookups=asked):
                cover = _cover(row)
                claims.setdefault(cover.key, []).append(Claim(row[0], cover))
        return claims

    def _certificates(self, values: Iterable[bytes]) -> dict[bytes, int | bytes]:
        return {bytes(value): person for value, person in self._each(_LINKS, values)}

    def _each(self, statement: Statement, values: Iterable[bytes]) -> Iterator[Any]:
        # In order, so that neighbours in the index are asked together.
        asked = sorted(values)
        for first in range(0, len(asked), AT_ONCE):
            some = asked[first : first + AT_ONCE]
            some += some[-1:] * (AT_ONCE - len(some))
            named = dict(zip(_NAMES, some, strict=True))
            yield from self._database.run(statement, **named)

    # -- what becomes of it ------------------------------------------------------------
    def _write(self, applied: Applied, now_ms: int) -> None:
        names = self.insurers()
        many = self._database.many
        self._write_fresh(applied.fresh, names, now_ms)
        standings = list(applied.standings)
        # After those, because a number is taken only when it is written.
        new = [one for one in standings if not one.id]
        for standing, number in zip(new, self._ids(len(new)), strict=True):
            standing.id = number
        many(_NEW_PERSON, [_new_person(one) for one in new])
        fresh = {one.id for one in new}
        changed = [
            one
            for one in standings
            if one.id not in fresh and (one.rewritten or one.opened or one.closed)
        ]
        many(_CHANGED_PERSON, [_changed_person(one) for one in changed])
        many(_PUT_COVER, [row for one in standings for row in _covers(one, names)])
        many(_NEW_LINK, [row for one in standings for row in _links(one)])
        many(_CLOSE_HOLD, [row for one in standings for row in _closed(one, now_ms)])
        many(_OPEN_HOLD, [row for one in standings for row in _opened(one, now_ms)])

    def _write_fresh(
        self,
        fresh: list[tuple[Row, HoldKind | None]],
        names: Mapping[str, str],
        now_ms: int,
    ) -> None:
        # In the order of the reference's index: its pages are then filled in turn.
        fresh.sort(key=_reference)
        ids = self._ids(len(fresh))
        people, covers, links, held = [], [], [], []
        for person, (row, kind) in zip(ids, fresh, strict=True):
            people.append(_fresh_person(person, row, kind))
            covers.append(_fresh_cover(person, row, names))
            if row.certificate:
                links.append(_link(person, row.certificate, row.certificate_until))
            if kind is not None:
                held.append(_hold(person, row.insurer_key, kind, now_ms))
        many = self._database.many
        many(_NEW_PERSON, people)
        many(_PUT_COVER, covers)
        many(_NEW_LINK, sorted(links, key=itemgetter("value")))
        many(_OPEN_HOLD, held)

    def _ids(self, count: int) -> Sequence[int]:
        """Numbers nobody has; other writers wait for this transaction."""
        if not count:
            return ()
        if self._database.dialect.name == "sqlite":
            (last,) = self._database.run(_LAST_PERSON).fetchone()
            return range((last or 0) + 1, (last or 0) + 1 + count)
        rows = self._database.run(_NEXT_PERSONS, count=count)
        return [number for (number,) in rows]

    def _lock(self) -> None:
        # SQLite has one writer as it is.
        if self._database.dialect.name != "sqlite":
            self._database.run(_TAKE_LOCK, name=LOCK)

    def _advance(
        self,
        digest: bytes,
        batch: Batch,
        counts: Counter[str],
        faults: Sequence[LineFault],
        *,
        again: bool,
    ) -> None:
        more = {f"more_{name}": counts[name] for name in kept.COUNTS}
        if again:
            more["more_faulty"] -= self._forget_faults(digest, batch)
        advanced = self._database.run(
            _ADVANCE,
            load=digest,
            first=batch.start.line if batch.start.line > 1 else 0,
            offset=batch.end.offset,
            last=batch.end.line,
            **more,
        )
        if advanced.rowcount != 1:
            raise AlreadyLoadingError
        rows = [
            {
                "digest": digest,
                "line": line,
                "place": place,
                "field": fault.column,
                "code": fault.code.value,
                "detail": fault.detail,
            }
            for place, (line, fault) in enumerate(faults)
        ]
        self._database.many(_NEW_FAULT, rows)

    def _forget_faults(self, digest: bytes, batch: Batch) -> int:
        """Of lines that come again; how many lines those were."""
        span = {"load": digest, "after": batch.start.line, "until": batch.end.line}
        (count,) = self._database.run(_REFUSED_AMONG, **span).fetchone()
        self._database.run(_DROP_FAULTS, **span)
        return int(count)


def _lookup(key: CoverKey) -> str:
    """As registry.model.lookup_key, of what is folded already."""
    insurer, symbol, number, _ = key
    return f"{insurer}|{number.lstrip('0')}|{symbol}"


def _cover(row: Sequence[Any]) -> Cover:
    _, start, end, kind, insurer, relationship, symbol, number, branch = row[:9]
    insured, loss, ratio, limit, more = row[9:]
    key = (
        insurer_key(insurer),
        folded(symbol),
        folded_number(number),
        folded(branch),
    )
    return Cover(
        key,
        start,
        end,
        kind,
        insurer,
        relationship,
        symbol,
        number,
        branch,
        insured,
        loss,
        ratio,
        limit,
        benefits(more),
    )


def _reference(fresh: tuple[Row, HoldKind | None]) -> bytes:
    return fresh[0].reference


def _fresh_person(person: int, row: Row, kind: HoldKind | None) -> dict[str, Any]:
    return {
        "id": person,
        "reference": row.reference,
        "name": row.name,
        "name_kana": row.name_kana,
        "sex": row.sex,
        "birth_date": row.birth_date,
        "address": row.address or "",
        "post_number": row.post_number or "",
        "registered": 0,
        "hold": int(kind is not None),
        "registered_until": None,
    }


def _fresh_cover(person: int, row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "person_id": person,
        "position": 0,
        "card_classification": row.card_classification,
        "insurer_number": row.insurer_number,
        "insurer_name": names[row.insurer_key],
        "relationship": row.relationship,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "symbol": row.symbol,
        "number": row.number,
        "branch": row.branch,
        "insured_name": row.insured_name or "",
        "loss_reason": row.loss_reason,
        "copayment_ratio": row.copayment_ratio or "",
        "copayment_limit": row.copayment_limit or "",
        "unregistered": 0,
        "benefits": benefits_text(row.benefits) if row.benefits else "",
        "lookup": _lookup(row.key),
    }


def _new_person(one: Standing) -> dict[str, Any]:
    name, kana, sex, born, address, post = one.details
    return {
        "id": one.id,
        "reference": one.reference,
        "name": name,
        "name_kana": kana,
        "sex": sex,
        "birth_date": born,
        "address": address,
        "post_number": post,
        # Nobody is registered for use by being insured: the person does that.
        "registered": 0,
        "hold": int(bool(one.holds)),
        "registered_until": None,
    }


def _changed_person(one: Standing) -> dict[str, Any]:
    details = {f"new_{name}": value for name, value in one.details._asdict().items()}
    return {"person": one.id, "new_hold": int(bool(one.holds)), **details}


def _covers(one: Standing, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for place in one.touched:
        cover = one.covers[place]
        key = cover.key
        yield {
            "person_id": one.id,
            "position": place,
            "card_classification": cover.card_classification,
            "insurer_number": cover.insurer_number,
            "insurer_name": names[key[0]],
            "relationship": cover.relationship,
            "valid_from": cover.valid_from,
            "valid_until": cover.valid_until,
            "symbol": cover.symbol,
            "number": cover.number,
            "branch": cover.branch,
            "insured_name": cover.insured_name,
            "loss_reason": cover.loss_reason,
            "copayment_ratio": cover.copayment_ratio,
            "copayment_limit": cover.copayment_limit,
            "unregistered": 0,
            "benefits": benefits_text(cover.benefits),
            "lookup": _lookup(key),
        }


def _links(one: Standing) -> Iterator[dict[str, Any]]:
    for value, last_day in one.links:
        yield _link(one.id, value, last_day)


def _link(person: int, value: bytes, last_day: str | None) -> dict[str, Any]:
    return {
        "value": value,
        "kind": LinkKind.CERTIFICATE.value,
        "person_id": person,
        "not_after": end_of(last_day) if last_day else None,
    }


@lru_cache(1 << 16)
def end_of(day: str) -> int:
    """The last second of an ISO day in Japan, as certificates end (ms)."""
    last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), JST)
    return int(last.timestamp()) * 1000


def _opened(one: Standing, now_ms: int) -> Iterator[dict[str, Any]]:
    for insurer, kind in one.opened.items():
        yield _hold(one.id, insurer, kind, now_ms)


def _hold(person: int, insurer: str, kind: HoldKind, now_ms: int) -> dict[str, Any]:
    return {
        "person_id": person,
        "insurer_key": insurer,
        "kind": kind.value,
        "since": now_ms,
        "how": "",
    }


def _closed(one: Standing, now_ms: int) -> Iterator[dict[str, Any]]:
    for insurer in one.closed:
        yield {"person": one.id, "insurer": insurer, "at": now_ms}
