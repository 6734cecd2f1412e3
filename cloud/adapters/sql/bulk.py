"""Bulk inquiries in a database: a job's position makes a batch happen once."""

from collections.abc import Generator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.statement import Statement, insert_new
from cloud.adapters.sql.tables import consents, continuing_care, data_keys
from cloud.adapters.sql.tables_bulk import bulk_answers, bulk_jobs, bulk_questions
from cloud.audit.model import Entry
from cloud.audit.service import AuditLog
from cloud.bulk.model import By, Family, Job, Reception, Selection
from cloud.bulk.store import Answered, Batch, GoneError, Step
from cloud.registry.model import PersonId
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode

_job, _question, _answer = bulk_jobs.c, bulk_questions.c, bulk_answers.c
_JOB = select(
    _job.reception,
    _job.facility_code,
    _job.family,
    _job.received,
    _job.rows,
    _job.on_day,
    _job.until,
    _job.answered,
    _job.faulty,
    _job.started,
    _job.finished,
    _job.digest,
    _job.proof,
)
_PUT_JOB = insert_new(bulk_jobs)
_PUT_QUESTIONS = Statement(insert(bulk_questions))
_HERE = (
    _job.reception == bindparam("reception"),
    _job.facility_code == bindparam("facility"),
)
_OF_FACILITY = Statement(
    _JOB.where(_job.facility_code == bindparam("facility")).order_by(
        _job.received.desc(), _job.reception.desc()
    )
)
_ONE = Statement(_JOB.where(*_HERE))
_HEAD = Statement(select(_job.head).where(_job.reception == bindparam("reception")))
_NEXT = Statement(
    _JOB.where(_job.finished.is_(None), _job.reception > bindparam("after"))
    .order_by(_job.reception)
    .limit(1)
)
_BATCH = Statement(
    select(_question.first, _question.size, _question.sealed).where(
        _question.reception == bindparam("reception"),
        _question.first == bindparam("place"),
    )
)
_MOVE = Statement(
    update(bulk_jobs)
    .where(
        _job.reception == bindparam("name"),
        _job.answered == bindparam("position"),
        _job.finished.is_(None),
    )
    .values(
        answered=bindparam("now_answered"),
        faulty=bindparam("now_faulty"),
        started=bindparam("begun"),
        finished=bindparam("ended"),
        digest=bindparam("so_far"),
        proof=bindparam("number"),
    )
)
_ANSWERED = Statement(
    delete(bulk_questions).where(
        _question.reception == bindparam("reception"),
        _question.first == bindparam("place"),
    )
)
_PUT_ANSWER = Statement(insert(bulk_answers))
_ANSWERS = Statement(
    select(_answer.place, _answer.person_id, _answer.sealed)
    .where(_answer.reception == bindparam("reception"))
    .order_by(_answer.place)
)
_ANY = Statement(select(_job.reception).limit(1))
_DELETE = Statement(delete(bulk_jobs).where(*_HERE))
_IN_CARE = Statement(
    select(continuing_care.c.person_id)
    .where(
        continuing_care.c.facility_code == bindparam("facility"),
        continuing_care.c.since >= bindparam("low"),
        continuing_care.c.since < bindparam("high"),
        continuing_care.c.ended.is_(None),
    )
    .order_by(continuing_care.c.person_id)
)
_OPEN_ONLINE = Statement(
    select(data_keys.c.person_id)
    .distinct()
    .where(
        data_keys.c.facility_code == bindparam("facility"),
        data_keys.c.care == CareKind.ONLINE.value,
        data_keys.c.since >= bindparam("low"),
        data_keys.c.since < bindparam("high"),
        or_(data_keys.c.until.is_(None), data_keys.c.until > bindparam("now")),
    )
    .order_by(data_keys.c.person_id)
)
_CARED_FOR = Statement(
    select(continuing_care.c.person_id).where(
        continuing_care.c.facility_code == bindparam("facility"),
        continuing_care.c.since < bindparam("high"),
        or_(
            continuing_care.c.ended.is_(None),
            continuing_care.c.ended >= bindparam("low"),
        ),
    )
)
_CONSENTED = Statement(
    select(consents.c.person_id)
    .distinct()
    .where(
        consents.c.facility_code == bindparam("facility"),
        consents.c.decision == Decision.GRANTED.value,
        consents.c.decided_at >= bindparam("low"),
        consents.c.decided_at < bindparam("high"),
    )
)


class SqlBulk:
    def __init__(self, database: Database, log: AuditLog) -> None:
        self._database = database
        self._log = log

    def begin(
        self, job: Job, head: bytes, batches: Sequence[Batch], entry: Entry
    ) -> bool:
        with self._database.transaction():
            values = {**_columns(job), "head": head}
            if not self._database.run(_PUT_JOB, **values).rowcount:
                return False
            self._database.many(
                _PUT_QUESTIONS,
                [{"reception": job.reception, **one._asdict()} for one in batches],
            )
            self._log.append([entry])
        return True

    def jobs(self, facility: FacilityCode) -> list[Job]:
        return list(map(_read, self._database.run(_OF_FACILITY, facility=facility)))

    def job(self, facility: FacilityCode, reception: Reception) -> Job | None:
        found = self._database.run(_ONE, facility=facility, reception=reception)
        row = found.fetchone()
        return _read(row) if row else None

    def head(self, reception: Reception) -> bytes:
        row = self._database.run(_HEAD, reception=reception).fetchone()
        return bytes(row[0])

    def waiting(self, after: Reception | None) -> tuple[Job, Batch] | None:
        run = self._database.run
        row = run(_NEXT, after=after or "").fetchone()
        row = row or (run(_NEXT, after="").fetchone() if after else None)
        if row is None:
            return None
        job = _read(row)
        place = job.answered + 1
        found = run(_BATCH, reception=job.reception, place=place).fetchone()
        if found is None:
            # Answered by another worker between the two looks.
            return None
        return job, Batch(found[0], found[1], bytes(found[2]))

    def settle(self, step: Step) -> bool:
        before, after = step.before, step.after
        try:
            with self._database.transaction():
                if not self._move(before, after):
                    return False
                name = before.reception
                place = before.answered + 1
                self._database.run(_ANSWERED, reception=name, place=place)
                self._database.many(
                    _PUT_ANSWER,
                    [
                        {
                            "reception": name,
                            "place": one.place,
                            "person_id": one.person,
                            "sealed": one.sealed,
                        }
                        for one in step.answers
                    ],
                )
                self._log.append(step.entries)
        except self._database.reference_error as error:
            raise GoneError from error
        return True

    def _move(self, before: Job, after: Job) -> int:
        return self._database.run(
            _MOVE,
            name=before.reception,
            position=before.answered,
            now_answered=after.answered,
            now_faulty=after.faulty,
            begun=after.started,
            ended=after.finished,
            so_far=after.digest,
            number=after.proof,
        ).rowcount

    def answers(self, reception: Reception) -> Generator[Answered, None, None]:
        for place, person, sealed in self._database.stream(
            _ANSWERS, reception=reception
        ):
            yield Answered(place, person, bytes(sealed))

    def delete(
        self, facility: FacilityCode, reception: Reception, entry: Entry
    ) -> bool:
        with self._database.transaction():
            values = {"facility": facility, "reception": reception}
            if not self._database.run(_DELETE, **values).rowcount:
                return False
            self._log.append([entry])
        return True

    def anything(self) -> bool:
        """Whether anything rests under the secret of bulk jobs."""
        return self._database.run(_ANY).fetchone() is not None

    def people(
        self,
        facility: FacilityCode,
        family: Family,
        selection: Selection,
        now_ms: int,
    ) -> list[PersonId]:
        low, high = selection.span
        values = {"facility": facility, "low": low, "high": high}
        run = self._database.run
        match family:
            case Family.HOME_VISITS:
                if selection.by is By.EXAMINATION:
                    values["low"] = 0
                rows = run(_IN_CARE, **values).fetchall()
            case Family.ONLINE:
                rows = run(_OPEN_ONLINE, **values, now=now_ms).fetchall()
            case _:
                rows = run(_CARED_FOR, **values).fetchall()
                rows += run(_CONSENTED, **values).fetchall()
        return [PersonId(person) for person in sorted({person for (person,) in rows})]


def _columns(job: Job) -> dict[str, Any]:
    values = asdict(job)
    values["facility_code"] = values.pop("facility")
    values["on_day"] = values.pop("on").isoformat()
    values["family"] = job.family.value
    return values


def _read(row: Any) -> Job:
    name, facility, family, received, rows, on, until = row[:7]
    answered, faulty, started, finished, digest, proof = row[7:]
    return Job(
        Reception(name),
        FacilityCode(facility),
        Family(family),
        received,
        rows,
        date.fromisoformat(on),
        until,
        answered,
        faulty,
        started,
        finished,
        bytes(digest),
        proof,
    )
