"""What a facility does with bulk inquiries: hand in, look, fetch, delete.

The whole file is read before anything of it is kept: it is taken or refused at once,
and a reception number means that every row of it will be answered.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from pydantic_core import to_json

from cloud.access.certificate import moment
from cloud.audit import model as audit
from cloud.bulk import answer
from cloud.bulk.model import (
    BATCH,
    FORMS,
    KEEP_MS,
    ROWS,
    WAITING,
    Family,
    Head,
    Job,
    Reception,
    Span,
    reception,
)
from cloud.bulk.reading import head, head_of, head_text, rows
from cloud.bulk.sealing import JobSeal
from cloud.bulk.store import Batch, BulkStore
from cloud.bulk.visitors import on_assistance
from cloud.bulk.writing import Media, write
from cloud.eligibility.model import JST
from cloud.registry.model import PersonId
from cloud.registry.service import Registry
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.oqs.bulk import LIMIT_BYTES, SEARCH, document
from protocol.oqs.document import BODY, Element, Reading
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding
from protocol.oqs.values import jst_time

TRIES = 5
"""Two jobs of one second with the same six digits: another six."""
_CRITERIA = 8
DOWNLOAD_MS = 10 * 60 * 1000
"""How long a file that was made for a download lies in the folder of downloads."""


class NoJobError(LookupError):
    """None of this facility's has this number."""


class NotReadyError(Exception):
    """Its rows are still being answered."""


class OverError(Exception):
    """Its 180 days are over."""


@dataclass(frozen=True, slots=True)
class Bulk:
    store: BulkStore
    registry: Registry
    log: Callable[[audit.Entry], None]
    """Commits the row, or raises."""
    secret: bytes
    folder: Path
    """Where downloads are made; nobody else may read it."""
    random: Callable[[int], bytes]

    def submit(
        self, facility: FacilityCode, family: Family, file: Path, now_ms: int
    ) -> Reception:
        """Raises OqsError for a file that is refused; nothing of it is kept then."""
        if sum(job.finished is None for job in self.store.jobs(facility)) >= WAITING:
            raise OqsError(Code.BULK_WAITING)
        with file.open("rb") as raw, document(raw) as source:
            reading = iter(Reading(cast(BinaryIO, source), limit=LIMIT_BYTES))
            asked = self._asked(facility, family, reading, now_ms)
        with file.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").digest()
        for _ in range(TRIES):
            if name := self._begun(facility, asked, digest, now_ms):
                return name
        raise RuntimeError("no reception number is free")

    def jobs(self, facility: FacilityCode, now_ms: int) -> list[Job]:
        """The newest first."""
        return [one for one in self.store.jobs(facility) if not one.over(now_ms)]

    def job(self, facility: FacilityCode, name: Reception) -> Job:
        """Raises NoJobError."""
        found = self.store.job(facility, name)
        if found is None:
            raise NoJobError
        return found

    def download(
        self,
        facility: FacilityCode,
        name: Reception,
        media: Media,
        encoding: Encoding,
        now_ms: int,
    ) -> Path:
        """A file of its own, readable by us only; `sweep` takes it away.

        Raises NoJobError, NotReadyError, OverError.
        """
        job = self.job(facility, name)
        if job.over(now_ms):
            raise OverError
        if job.finished is None:
            raise NotReadyError
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(self.folder, now_ms)
        file = self.folder / f"{name}-{self.random(8).hex()}.{media.value}"
        seal = JobSeal(self.secret, name, self.random)
        header = head_of(seal.open_head(self.store.head(name)))
        try:
            with closing(self._records(seal, name)) as records:
                result = write(file, job, header, records, media, encoding)
            self.log(_entry(job, "bulk_download", result, now_ms))
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return file

    def delete(self, facility: FacilityCode, name: Reception, now_ms: int) -> None:
        """Questions, answers and all. Raises NoJobError."""
        job = self.job(facility, name)
        entry = _entry(job, "bulk_delete", bytes(32), now_ms)
        if not self.store.delete(facility, name, entry):
            raise NoJobError

    def _records(
        self, seal: JobSeal, name: Reception
    ) -> Generator[answer.Record, None, None]:
        with closing(self.store.answers(name)) as rows:
            for one in rows:
                yield answer.read(seal.open_answer(one.place, one.sealed))

    # -- taking a file -----------------------------------------------------------------
    def _asked(
        self,
        facility: FacilityCode,
        family: Family,
        elements: Iterator[Element],
        now: int,
    ) -> "_Asked":
        today = moment(now).astimezone(JST).date()
        first = next(elements)
        if FORMS[family].span is Span.ROWS:
            made = head(family, first, Element(BODY), facility, today)
            return _Asked(made, made.on or today, *_paged(rows(elements)))
        made = head(family, first, _criteria(elements), facility, today)
        return _Asked(
            made, made.on or today, *_paged(self._people(facility, made, now))
        )

    def _people(self, facility: FacilityCode, made: Head, now: int) -> list[PersonId]:
        selection = made.selection
        assert selection is not None  # noqa: S101  reading made the head with one
        found = self.store.people(facility, made.family, selection, now)
        if made.family is Family.ASSISTANCE:
            known = self.registry.persons(found)
            found = [one for one in known if on_assistance(known[one], selection)]
        if len(found) > ROWS:
            raise OqsError(Code.BULK_TOO_MANY)
        return sorted(found)

    def _begun(
        self, facility: FacilityCode, asked: "_Asked", digest: bytes, now_ms: int
    ) -> Reception | None:
        name = reception(jst_time(now_ms), self.random(8))
        until = now_ms + KEEP_MS
        family = asked.head.family
        job = Job(name, facility, family, now_ms, asked.rows, asked.on, until)
        seal = JobSeal(self.secret, name, self.random)
        firsts = range(1, asked.rows + 1, BATCH)
        batches = [
            Batch(
                first, min(BATCH, asked.rows + 1 - first), seal.questions(first, page)
            )
            for first, page in zip(firsts, asked.pages, strict=True)
        ]
        header = seal.head(head_text(asked.head))
        entry = _entry(job, "bulk_file", digest, now_ms)
        return name if self.store.begin(job, header, batches, entry) else None


def sweep(folder: Path, now_ms: int) -> None:
    """Downloads that were fetched, or were not."""
    for file in folder.glob("*-*.*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime * 1000 < now_ms - DOWNLOAD_MS:
                file.unlink()


@dataclass(frozen=True, slots=True)
class _Asked:
    head: Head
    on: date
    pages: Sequence[bytes]
    """JSON lists of up to BATCH rows, as the worker reads them."""
    rows: int


def _paged(found: Iterable[object]) -> tuple[list[bytes], int]:
    """Raises OqsError B171 for none."""
    source = iter(found)
    pages, count = [], 0
    while page := list(islice(source, BATCH)):
        pages.append(to_json(page))
        count += len(page)
    if not count:
        raise OqsError(Code.BULK_NOBODY, BODY)
    return pages, count


def _criteria(elements: Iterable[Element]) -> Element:
    """They stand in the body, or in one search element in it."""
    parts: list[Element] = []
    for one in elements:
        if len(parts) == _CRITERIA:
            raise OqsError(Code.OQS_VALUE, BODY)
        parts.append(one)
    inner = [one for one in parts if one.name == SEARCH]
    if len(inner) > 1 or (inner and len(parts) > 1):
        raise OqsError(Code.OQS_VALUE, SEARCH)
    return inner[0] if inner else Element(BODY, "", tuple(parts))


def _entry(job: Job, by: str, result: bytes, now_ms: int) -> audit.Entry:
    said = audit.detail(
        by=by, family=job.family.value, job=job.reception, rows=job.rows
    )
    kind = audit.Kind.INQUIRY
    return audit.Entry(job.facility, now_ms, kind, None, said, result)
