"""Bulk files, and a bulk room over any stores, for tests."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from cloud.bulk.model import Family, Job, Reception
from cloud.bulk.reading import FIELDS
from cloud.bulk.service import Bulk
from cloud.bulk.worker import Worker
from cloud.bulk.writing import Media
from cloud.main import Stores, bulk_desk, bulk_worker
from cloud.registry.model import Insurance, Person
from cloud.registry.service import Record
from protocol.ids import FacilityCode
from protocol.keys import Signer
from protocol.oqs.bulk import SEARCH
from protocol.oqs.document import Document, Element, leaves, parse, written
from protocol.oqs.text import Encoding
from tests.cloud.world import FACILITY, NOON, cloud_keys, insurance, ms, person

NOW = ms(NOON)
SECRET = bytes(range(32))
LIMIT = 1 << 24
Row = tuple[str, ...]


def row(number: int, **changes: str) -> dict[str, str]:
    """What asks for `somebody(number)`."""
    values = {
        "ArbitraryIdentifier": f"p-{number}",
        "InsurerNumber": "99130015",
        "InsuredCardSymbol": "12",
        "InsuredIdentificationNumber": str(number),
        "Birthdate": "19700102",
        **changes,
    }
    return {name: text for name, text in values.items() if text}


def held(number: int, **changes: object) -> Insurance:
    values = {"symbol": "12", "number": str(number), **changes}
    return insurance(**values)  # type: ignore[arg-type]


def somebody(number: int, **changes: object) -> Record:
    who: Person = person(insurances=(held(number, **changes),))
    return Record(b"bulk %d" % number, who)


def searches(rows: Iterable[dict[str, str]]) -> list[Element]:
    assert set(FIELDS)
    return [Element(SEARCH, "", leaves(*one.items())) for one in rows]


def file_of(
    folder: Path,
    body: Iterable[Element],
    *,
    encoding: Encoding = Encoding.UTF8,
    facility: str = FACILITY,
    name: str = "up.xml",
    **header: str,
) -> Path:
    values = {
        "MedicalInstitutionCode": facility,
        "ArbitraryFileIdentifier": "月曜の予約",
        **header,
    }
    file = folder / name
    file.write_bytes(written(leaves(*values.items()), list(body), encoding))
    return file


@dataclass
class Room:
    """The service and one worker over the same stores."""

    stores: Stores
    folder: Path
    commit: Callable[..., None]
    now: int = NOW
    _drawn: Iterator[int] = field(default_factory=count)
    signer: Signer = field(default_factory=lambda: cloud_keys().signer)

    def random(self, size: int) -> bytes:
        """Never the same, always the same again."""
        return hashlib.shake_256(b"%d" % next(self._drawn)).digest(size)

    @property
    def bulk(self) -> Bulk:
        folder = self.folder / "downloads"
        return bulk_desk(self.stores, SECRET, folder, self.commit, self.random)

    @property
    def worker(self) -> Worker:
        return bulk_worker(self.stores, SECRET, self.signer, self.random)

    def submit(
        self,
        rows: Iterable[dict[str, str]],
        facility: FacilityCode = FACILITY,
    ) -> Reception:
        file = file_of(self.folder, searches(rows), facility=facility)
        return self.bulk.submit(facility, Family.NUMBERS, file, self.now)

    def run(self) -> Job | None:
        """Until nothing is waiting; the last job as it is then."""
        last, job = None, self.worker.turn(None, self.now)
        while job is not None:
            last, job = job, self.worker.turn(job.reception, self.now)
        return last

    def result(
        self,
        name: Reception,
        encoding: Encoding = Encoding.UTF8,
        facility: FacilityCode = FACILITY,
    ) -> Document:
        file = self.bulk.download(facility, name, Media.XML, encoding, self.now)
        return parse(file.read_bytes(), limit=LIMIT)
