"""The audit log in a database."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import Integer, bindparam, delete, func, insert, select, union, update

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Among, Statement, insert_new, upsert
from cloud.adapters.sql.tables_audit import (
    audit_anchors,
    audit_checkpoints,
    audit_heads,
    audit_moved,
    audit_rows,
    audit_subjects,
)
from cloud.audit.anchor import Anchor, Checkpoint, anchored
from cloud.audit.check import Anchored
from cloud.audit.model import (
    NOBODY,
    START,
    TIE_BYTES,
    Entry,
    Head,
    Place,
    Row,
    chained,
    pseudonym,
    seal,
)
from cloud.registry.model import PersonId
from protocol.keys import Signer

_row, _head, _moved = audit_rows.c, audit_heads.c, audit_moved.c
_HERE = _row.facility_code == bindparam("facility")

_ROWS = Statement(select(audit_rows).where(_HERE).order_by(_row.seq))
_LAST = Statement(
    select(audit_rows)
    .where(_HERE)
    .order_by(_row.seq.desc())
    .limit(bindparam("count", type_=Integer))
)
_OF_SUBJECT = Statement(
    select(audit_rows)
    .where(_row.subject == bindparam("subject"))
    .order_by(_row.at, _row.facility_code, _row.seq)
)
_PUT_ROW = Statement(insert(audit_rows))
_FIRST_NEWER = Statement(
    select(_row.seq)
    .where(_HERE, _row.at >= bindparam("horizon"))
    .order_by(_row.seq)
    .limit(1)
)
_LAST_BELOW = Statement(
    select(_row.facility_code, _row.seq, _row.hash)
    .where(_HERE, _row.seq < bindparam("below"))
    .order_by(_row.seq.desc())
    .limit(1)
)
_PRUNE = Statement(delete(audit_rows).where(_HERE, _row.seq <= bindparam("upto")))

_HEAD_COLUMNS = (_head.facility_code, _head.seq, _head.hash, _head.seal)
_HEADS = Statement(
    select(_head.facility_code, _head.seq, _head.hash)
    .where(Among(_head.facility_code, "facilities"))
    .order_by(_head.facility_code)
    .with_for_update()
)
_HEAD = Statement(
    select(*_HEAD_COLUMNS).where(_head.facility_code == bindparam("facility"))
)
_NEW_HEAD = insert_new(audit_heads)
_MOVE_HEAD = Statement(
    update(audit_heads)
    .where(_head.facility_code == bindparam("facility"))
    .values(seq=bindparam("at_seq"), hash=bindparam("digest"), seal=bindparam("sealed"))
)

_TIES = Statement(
    select(audit_subjects.c.person_id, audit_subjects.c.tie).where(
        Among(audit_subjects.c.person_id, "persons")
    )
)
_NEW_TIE = insert_new(audit_subjects)

_ANCHORS = Statement(select(audit_anchors).order_by(audit_anchors.c.number))
_LAST_ANCHOR = Statement(
    select(audit_anchors).order_by(audit_anchors.c.number.desc()).limit(1)
)
_PUT_ANCHOR = Statement(insert(audit_anchors))
_MOVED_SINCE = Statement(
    select(_head.facility_code, _head.seq, _head.hash)
    .where(_head.seq > _head.anchored)
    .order_by(_head.facility_code)
)
_MARK = Statement(
    update(audit_heads)
    .where(_head.facility_code == bindparam("facility"))
    .values(anchored=bindparam("at_seq"))
)
_SINCE = Statement(
    select(func.coalesce(func.sum(_head.seq - _head.anchored), 0)).where(
        _head.seq > _head.anchored
    )
)
_TOTAL = Statement(select(func.coalesce(func.sum(_head.seq), 0)))
_PUT_MOVED = Statement(insert(audit_moved))
_MOVED = Statement(
    select(_moved.facility_code, _moved.seq, _moved.hash).where(
        _moved.number == bindparam("number")
    )
)
_ANCHORED = Statement(
    select(_moved.number, _moved.seq, _moved.hash)
    .where(_moved.facility_code == bindparam("facility"))
    .order_by(_moved.number)
)
_CHECKPOINT = Statement(
    select(audit_checkpoints).where(
        audit_checkpoints.c.facility_code == bindparam("facility")
    )
)
_PUT_CHECKPOINT = upsert(audit_checkpoints)
_FACILITIES = Statement(
    union(
        select(_row.facility_code),
        select(_head.facility_code),
        select(_moved.facility_code),
        select(audit_checkpoints.c.facility_code),
    )
)
_Heads = dict[str, Place]
_COLUMNS = tuple(column.name for column in audit_rows.columns)


class SqlAudit:
    """`secret` makes the pseudonyms and seals the heads."""

    def __init__(
        self,
        database: Database,
        secret: bytes,
        *,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._secret = secret
        self._random = random

    # -- writing -----------------------------------------------------------------------
    def append(self, entries: Sequence[Entry]) -> None:
        """Inside the caller's transaction, and its last lock (service.AuditLog)."""
        if not entries:
            return
        subjects = self._subjects({one.person for one in entries if one.person})
        ordered = sorted(entries, key=_facility)
        heads = self._heads(sorted({one.facility for one in entries}))
        written: list[Row] = []
        moved: list[dict[str, object]] = []
        for facility, group in groupby(ordered, key=_facility):
            mine = list(group)
            names = [subjects[one.person] if one.person else NOBODY for one in mine]
            rows = chained(heads[facility], mine, names)
            place = Place(facility, rows[-1].seq, rows[-1].hash)
            written += rows
            moved.append(
                {
                    "facility": facility,
                    "at_seq": place.seq,
                    "digest": place.hash,
                    "sealed": seal(self._secret, place),
                }
            )
        self._database.many(_PUT_ROW, [_row_values(row) for row in written])
        self._database.many(_MOVE_HEAD, moved)

    def _heads(self, facilities: list[str]) -> _Heads:
        """Locked in the order of their names: no two workers wait for each other."""
        found = self._locked(facilities)
        missing = [name for name in facilities if name not in found]
        if missing:
            self._database.many(_NEW_HEAD, [_new_head(name) for name in missing])
            found |= self._locked(missing)
        return found

    def _locked(self, facilities: list[str]) -> _Heads:
        listed = self._database.listed(facilities)
        rows = self._database.run(_HEADS, facilities=listed)
        return {row[0]: Place(*row) for row in rows}

    def _subjects(self, persons: set[PersonId]) -> dict[PersonId, bytes]:
        if not persons:
            return {}
        ties = self._ties(persons)
        missing = sorted(persons - ties.keys())
        if missing:
            rows = [
                {"person_id": person, "tie": self._random(TIE_BYTES)}
                for person in missing
            ]
            self._database.many(_NEW_TIE, rows)
            # Read again: another worker's may have been first.
            ties |= self._ties(set(missing))
        return {person: pseudonym(self._secret, tie) for person, tie in ties.items()}

    def _ties(self, persons: set[PersonId]) -> dict[PersonId, bytes]:
        listed = self._database.listed(sorted(persons))
        rows = self._database.run(_TIES, persons=listed)
        return {PersonId(person): bytes(tie) for person, tie in rows}

    # -- reading -----------------------------------------------------------------------
    def facilities(self) -> list[str]:
        return sorted(name for (name,) in self._database.run(_FACILITIES))

    def rows(self, facility: str) -> Iterator[Row]:
        return map(Row._make, self._database.stream(_ROWS, facility=facility))

    def last(self, facility: str, count: int) -> list[Row]:
        """The last so many rows, in order."""
        rows = self._database.run(_LAST, facility=facility, count=count).fetchall()
        return [Row._make(row) for row in reversed(rows)]

    def head(self, facility: str) -> Head | None:
        row = self._database.run(_HEAD, facility=facility).fetchone()
        return Head(*row) if row else None

    def of_person(self, person: PersonId) -> Iterable[Row]:
        tie = self._ties({person}).get(person)
        if tie is None:
            return []
        subject = pseudonym(self._secret, tie)
        return map(Row._make, self._database.stream(_OF_SUBJECT, subject=subject))

    # -- anchors -----------------------------------------------------------------------
    def anchors(self) -> list[Anchor]:
        return [Anchor(*row) for row in self._database.run(_ANCHORS)]

    def last_anchor(self) -> Anchor | None:
        row = self._database.run(_LAST_ANCHOR).fetchone()
        return Anchor(*row) if row else None

    def moved(self, number: int) -> list[Place]:
        return [Place(*row) for row in self._database.run(_MOVED, number=number)]

    def anchored(self, facility: str) -> list[Anchored]:
        rows = self._database.run(_ANCHORED, facility=facility)
        return [Anchored(*row) for row in rows]

    def unanchored(self) -> int:
        return int(self._database.run(_SINCE).fetchone()[0])

    def anchor(self, at: int, signer: Signer) -> Anchor:
        """Raises the driver's error when another one made it at the same time."""
        with self._database.transaction():
            found = self._database.run(_MOVED_SINCE).fetchall()
            moved = [Place(*row) for row in found]
            total = int(self._database.run(_TOTAL).fetchone()[0])
            made = anchored(self.last_anchor(), moved, total, at, signer)
            self._database.run(_PUT_ANCHOR, **_anchor_values(made))
            self._database.many(
                _PUT_MOVED, [_moved_values(made.number, place) for place in moved]
            )
            marks = [{"facility": one.facility, "at_seq": one.seq} for one in moved]
            self._database.many(_MARK, marks)
        return made

    # -- pruning -----------------------------------------------------------------------
    def checkpoint(self, facility: str) -> Checkpoint | None:
        row = self._database.run(_CHECKPOINT, facility=facility).fetchone()
        return Checkpoint(*row) if row else None

    def before(self, facility: str, horizon_ms: int) -> Place | None:
        run = self._database.run
        newer = run(_FIRST_NEWER, facility=facility, horizon=horizon_ms).fetchone()
        below = newer[0] if newer else 1 << 62
        row = run(_LAST_BELOW, facility=facility, below=below).fetchone()
        return Place(*row) if row else None

    def prune(self, checkpoint: Checkpoint) -> int:
        """Inside the caller's transaction."""
        place = checkpoint.place
        gone = self._database.run(_PRUNE, facility=place.facility, upto=place.seq)
        count = gone.rowcount
        self._database.run(
            _PUT_CHECKPOINT,
            facility_code=place.facility,
            seq=place.seq,
            hash=place.hash,
            at=checkpoint.at,
            key_id=checkpoint.key_id,
            signature=checkpoint.signature,
        )
        return count


def _facility(entry: Entry) -> str:
    return entry.facility


def _new_head(facility: str) -> dict[str, object]:
    place = {"facility_code": facility, "seq": 0, "hash": START}
    return {**place, "seal": b"", "anchored": 0}


def _row_values(row: Row) -> dict[str, object]:
    return dict(zip(_COLUMNS, row, strict=True))


def _anchor_values(anchor: Anchor) -> dict[str, object]:
    return {
        "number": anchor.number,
        "at": anchor.at,
        "total": anchor.total,
        "previous": anchor.previous,
        "root": anchor.root,
        "key_id": anchor.key_id,
        "signature": anchor.signature,
    }


def _moved_values(number: int, place: Place) -> dict[str, object]:
    return {
        "number": number,
        "facility_code": place.facility,
        "seq": place.seq,
        "hash": place.hash,
    }
