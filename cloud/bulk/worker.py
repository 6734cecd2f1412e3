"""Answering: a batch is opened, decided, sealed, and committed with its position.

Deciding happens before the transaction, so that a batch holds the database no longer
than its writing takes. Whoever is killed anywhere leaves the batch a question, or
answered: the position moves in the same transaction, and only from where it was.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic_core import from_json

from cloud.access.circumstances import Circumstances
from cloud.access.inquire import Inquiries
from cloud.audit import model as audit
from cloud.bulk import answer
from cloud.bulk.answer import Record
from cloud.bulk.model import Family, FaultyRow, Head, Job, Question, Reception
from cloud.bulk.ordinary import key_of, ordinary
from cloud.bulk.reading import head_of
from cloud.bulk.sealing import JobSeal
from cloud.bulk.store import Answered, Batch, BulkStore, GoneError, Step
from cloud.bulk.visitors import Visitors
from cloud.eligibility.inquiry import NumberQuery
from cloud.registry.model import PersonId
from cloud.registry.service import Registry
from protocol import proof
from protocol.catalogue import Code
from protocol.keys import Signer

_NAMES = 256

Decided = tuple[Record, PersonId | None]


@dataclass(frozen=True, slots=True)
class Worker:
    store: BulkStore
    registry: Registry
    inquiries: Inquiries
    visitors: Visitors
    secret: bytes
    signer: Signer
    random: Callable[[int], bytes]
    circumstances: Circumstances

    def turn(self, after: Reception | None, now_ms: int) -> Job | None:
        """Answer one batch of the next job behind `after`; the job as it is then.

        None: nothing is waiting.
        """
        found = self.store.waiting(after)
        if found is None:
            return None
        job, batch = found
        step = self.step(job, batch, now_ms)
        try:
            done = self.store.settle(step)
        except GoneError:
            # Somebody was erased between look and commit: they are not found now.
            done = self.store.settle(self.step(job, batch, now_ms))
        return step.after if done else job

    def opened(self, seal: JobSeal, batch: Batch) -> list[Any]:
        """Its rows, as `cloud.bulk.service` wrote them."""
        rows: list[Any] = from_json(seal.open_questions(batch.first, batch.sealed))
        return rows

    def decide(self, job: Job, rows: Sequence[Any], now_ms: int) -> list[Decided]:
        """The records of a batch's rows, in their order."""
        if job.family is not Family.NUMBERS:
            ids = [PersonId(person) for person in rows]
            return self.visitors.decide(job, self.head(job), ids, now_ms)
        return self._numbers(job.on, rows, now_ms)

    def head(self, job: Job) -> Head:
        seal = JobSeal(self.secret, job.reception, self.random)
        return head_of(seal.open_head(self.store.head(job.reception)))

    def step(self, job: Job, batch: Batch, now_ms: int) -> Step:
        """What answering the batch would write; nothing is written yet."""
        seal = JobSeal(self.secret, job.reception, self.random)
        decided = self.decide(job, self.opened(seal, batch), now_ms)
        mode = self.circumstances.facility(job.facility, now_ms).mode
        answers, entries, results = [], [], []
        for place, (record, person) in enumerate(decided, batch.first):
            plain = answer.written(record)
            result = hashlib.sha256(plain).digest()
            results.append(result)
            answers.append(Answered(place, person, seal.answer(place, plain)))
            shown = record[6] is not None
            said = _said(job.reception, shown, record[1], record[3], record[5], mode)
            kind = audit.Kind.INQUIRY
            entries.append(
                audit.Entry(job.facility, now_ms, kind, person, said, result)
            )
        return Step(job, self._after(job, decided, results, now_ms), answers, entries)

    def _after(
        self,
        job: Job,
        decided: Sequence[Decided],
        results: Sequence[bytes],
        now_ms: int,
    ) -> Job:
        answered = job.answered + len(decided)
        digest = answer.digest(job.digest, results)
        after = replace(
            job,
            answered=answered,
            faulty=job.faulty + sum(bool(record[1]) for record, _ in decided),
            started=job.started if job.started is not None else now_ms,
            digest=digest,
        )
        if answered < job.rows:
            return after
        number = proof.make(job.facility, now_ms, digest, self.signer)
        return replace(after, finished=now_ms, proof=number)

    # -- rows that ask by number -------------------------------------------------------
    def _numbers(self, on: date, rows: Sequence[Any], now_ms: int) -> list[Decided]:
        """Ordinary rows on the flat look-up; the others by the general rules."""
        day = on.isoformat()
        asked = [_asked(row) for row in rows]
        keys = [key_of(one) if isinstance(one, Question) else "" for one in asked]
        found = self.registry.held(sorted({key for key in keys if key}))
        decided: list[Decided | None] = []
        hard: list[tuple[int, Question]] = []
        for place, (one, key) in enumerate(zip(asked, keys, strict=True)):
            if isinstance(one, FaultyRow):
                decided.append((answer.faulty(one), None))
                continue
            plain = ordinary(one, key, found.get(key, ()), day)
            if plain is None:
                hard.append((place, one))
            decided.append(plain)
        for place, made in self._hard(hard, on, now_ms):
            decided[place] = made
        return [one for one in decided if one is not None]

    def _hard(
        self, rows: Sequence[tuple[int, Question]], on: date, now_ms: int
    ) -> list[tuple[int, Decided]]:
        if not rows:
            return []
        queries = [_query(question, on) for _, question in rows]
        answers = self.inquiries.numbers(queries, now_ms)
        return [
            (place, (answer.of(question, one), one.entry.id if one.entry else None))
            for (place, question), one in zip(rows, answers, strict=True)
        ]


def _asked(row: Sequence[Any]) -> Question | FaultyRow:
    if len(row) == len(Question._fields):
        return Question._make(row)
    identifier, code, field = row
    return FaultyRow(identifier, Code(code), field)


def _query(one: Question, on: date) -> NumberQuery:
    return NumberQuery(
        one.insurer,
        one.symbol,
        one.number,
        date.fromisoformat(one.birth_date),
        one.branch,
        one.limit,
        on,
    )


@lru_cache(_NAMES)
def _said(
    reception: Reception, shown: bool, code: str, validity: str, cause: str, mode: str
) -> str:
    return audit.detail(
        outcome="accepted" if shown else "refused",
        by="bulk",
        job=reception,
        code=code,
        validity=validity,
        cause=cause,
        mode=mode,
    )
