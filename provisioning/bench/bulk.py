"""A bulk inquiry: what each part of a row costs beside the bare indexed lookup.

CPU time of one process. The file asks for persons of a registry of the given size in
no order; every row is found, as most are.
"""

import gc
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.bulk.model import Family
from cloud.bulk.reading import FIELDS
from cloud.bulk.sealing import JobSeal
from cloud.bulk.writing import Media
from cloud.bulk_process import COLLECT_AFTER
from cloud.main import bulk_desk, bulk_worker, committing, sql_stores
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner
from protocol.oqs.bulk import SEARCH
from protocol.oqs.document import Element, leaves, written
from protocol.oqs.text import Encoding
from provisioning.bench.many import INSURER, filled, symbol_and_number, touched
from provisioning.bench.registry import Say
from provisioning.bench.report import Row

GOAL = 57_000
"""Rows a second of one process that were shown to be possible (performance.md 5b)."""
FACILITY = FacilityCode("1310000008")
AT_ONCE = 1_000
_BARE = (
    "SELECT * FROM insurances JOIN persons ON persons.id = insurances.person_id"  # noqa: S608 marks only
    f" WHERE insurances.lookup IN ({','.join('?' * AT_ONCE)})"
)


@dataclass(slots=True)
class Spent:
    """CPU seconds by part."""

    rows: int
    parts: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        began = time.process_time()
        yield
        spent = time.process_time() - began
        self.parts[part] = self.parts.get(part, 0.0) + spent

    def each(self, *parts: str) -> float:
        """Microseconds of a row."""
        return sum(self.parts[one] for one in parts) / self.rows * 1e6


def bulk_rows(persons: int, rows: int, say: Say) -> list[Row]:
    """A file of `rows` rows, from its bytes to the bytes of its result."""
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-bulk-") as name:
        folder = Path(name)
        say(f"bulk: {persons:,} persons and a file of {rows:,} rows")
        filled(folder / "cloud.sqlite3", persons)
        touched(folder / "cloud.sqlite3")
        asked = _asked(persons, rows)
        upload = folder / "up.xml"
        upload.write_bytes(_file(asked))
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER)
        with closing(SqliteDatabase(folder / "cloud.sqlite3")) as database:
            bare = _bare(database.raw, asked)
            spent = _walked(database, upload, rows, say)
    return _told(bare, spent)


def _walked(database: SqliteDatabase, upload: Path, rows: int, say: Say) -> Spent:
    stores = sql_stores(database, bytes(32))
    commit = committing(database, stores.audit)
    secret = os.urandom(32)
    desk = bulk_desk(stores, secret, upload.parent / "downloads", commit)
    signer = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    worker = bulk_worker(stores, secret, signer)
    spent = Spent(rows)
    now = time.time_ns() // 1_000_000
    say("bulk: the file is taken")
    with spent.on("take"):
        name = desk.submit(FACILITY, Family.NUMBERS, upload, now)
    say("bulk: its rows are answered")
    while (found := stores.bulk.waiting(None)) is not None:
        job, batch = found
        seal = JobSeal(secret, name, os.urandom)
        with spent.on("open"):
            asked = worker.opened(seal, batch)
        with spent.on("decide"):
            worker.decide(job, asked, now)
        with spent.on("step"):
            step = worker.step(job, batch, now)
        with spent.on("commit"):
            stores.bulk.settle(step)
    say("bulk: the result is written")
    for encoding in Encoding:
        with spent.on(f"write {encoding.value}"):
            desk.download(FACILITY, name, Media.ZIP, encoding, now)
    return spent


def _told(bare: float, spent: Spent) -> list[Row]:
    decision = spent.each("decide")
    answered = spent.each("step", "commit")
    return [
        Row("bulk: bare IN(1000) lookup, a row", bare, "us CPU"),
        Row("bulk: look up and decide, a row / bare", decision, "us CPU", bare),
        Row("bulk: the same, rows a second / goal", 1e6 / decision, "/s", GOAL),
        Row("bulk: open, decide, seal, a row", spent.each("step"), "us CPU", bare),
        Row("bulk: commit with its log row, a row", spent.each("commit"), "us CPU"),
        Row("bulk: all of answering, rows a second", 1e6 / answered, "/s", GOAL),
        Row("bulk: take the file (parse, seal), a row", spent.each("take"), "us CPU"),
        *(
            Row(
                f"bulk: write the result ({encoding.value}, ZIP), a row",
                spent.each(f"write {encoding.value}"),
                "us CPU",
            )
            for encoding in Encoding
        ),
    ]


def _asked(persons: int, rows: int) -> list[tuple[str, str]]:
    draw = random.Random(persons)  # noqa: S311 - which persons are asked for
    return [symbol_and_number(draw.randrange(persons)) for _ in range(rows)]


def _file(asked: list[tuple[str, str]]) -> bytes:
    body = (
        Element(
            SEARCH,
            "",
            leaves(
                *zip(
                    FIELDS,
                    (f"row-{place}", INSURER, symbol, number, "", "19700102", "1"),
                    strict=True,
                )
            ),
        )
        for place, (symbol, number) in enumerate(asked, 1)
    )
    header = leaves(("MedicalInstitutionCode", FACILITY))
    return written(header, body, Encoding.UTF8)


def _bare(raw: sqlite3.Connection, asked: list[tuple[str, str]]) -> float:
    key = INSURER.lstrip("0")
    keys = [f"{key}|{number}|{symbol}" for symbol, number in asked]
    pages = [keys[low : low + AT_ONCE] for low in range(0, len(keys), AT_ONCE)]
    whole = [page for page in pages if len(page) == AT_ONCE]

    def look() -> None:
        for page in whole:
            raw.execute(_BARE, page).fetchall()

    return _best(look) / (len(whole) * AT_ONCE) * 1e6


def _best(work: Callable[[], None]) -> float:
    """The best of three: what others do on the machine only adds."""
    found = []
    for _ in range(3):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)
