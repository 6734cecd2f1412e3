"""The registry: what an answer costs beside the bare indexed lookup, at any size."""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cloud.access.answers import verification_answer
from cloud.access.decide import Terms, decide
from cloud.access.inquire import Inquiries
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.eligibility.inquiry import NumberQuery
from cloud.registry.service import Registry
from protocol.codec import encode
from protocol.codes import CareKind, Method, TerminalProof
from protocol.ids import ReaderId, RequestId, VisitId, uuid7
from protocol.messages import VerificationBody
from provisioning.bench.many import INSURER, filled, mark, symbol_and_number, touched
from provisioning.bench.report import Row

SINGLE = 4_000
MANY = 20_000
AT_ONCE = 1_000
GROWTH_GOAL = 1.3
SMALLEST = 100_000
_BARE = "SELECT * FROM persons WHERE reference = ?"
_BARE_MANY = (
    "SELECT reference, id FROM persons WHERE reference IN"  # noqa: S608 - marks only
    f" ({','.join('?' * AT_ONCE)})"
)

Say = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU microseconds: of one lookup or answer, or of one row of a thousand."""

    bare: float
    by_card: float
    by_number: float
    bare_row: float
    inquiry_row: float


def registry_rows(sizes: Sequence[int], say: Say) -> list[Row]:
    """Rows for every size, and the growth from the smallest."""
    rows: list[Row] = []
    first: Costs | None = None
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-registry-") as folder:
        for size in sorted(sizes):
            say(f"registry: {size:,} persons")
            file = Path(folder) / f"{size}.sqlite3"
            filled(file, size)
            touched(file)
            costs = measured(file, size)
            rows += _at(size, costs)
            if first is not None:
                rows += _growth(size, costs, first)
            first = first or costs
            file.unlink()
    return rows


def measured(file: Path, size: int) -> Costs:
    draw = random.Random(size)  # noqa: S311 - which persons are asked for
    marks = [mark(draw.randrange(size)) for _ in range(SINGLE)]
    asked = [_query(draw.randrange(size)) for _ in range(MANY)]
    many_marks = [mark(draw.randrange(size)) for _ in range(MANY)]
    now = datetime.now(UTC)
    with closing(SqliteDatabase(file)) as database:
        registry = Registry(SqlRegistry(database))
        inquiries = Inquiries(registry, MemoryEligibility())
        now_ms = int(now.timestamp() * 1000)
        # Everything once beforehand: pages, prepared statements, code.
        _inquire(inquiries, asked, now_ms)
        return Costs(
            _each(lambda: _bare(database.raw, marks), SINGLE),
            _each(lambda: _by_card(registry, marks, now), SINGLE),
            _each(lambda: _one_by_one(inquiries, asked[:SINGLE], now_ms), SINGLE),
            _each(lambda: _bare_many(database.raw, many_marks), MANY),
            _each(lambda: _inquire(inquiries, asked, now_ms), MANY),
        )


def _each(work: Callable[[], None], count: int) -> float:
    """CPU of one, the best of three: what others do on the machine only adds."""
    found = []
    for _ in range(3):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found) / count * 1e6


def _bare(raw: sqlite3.Connection, marks: Sequence[bytes]) -> None:
    for one in marks:
        raw.execute(_BARE, (one,)).fetchone()


def _bare_many(raw: sqlite3.Connection, marks: Sequence[bytes]) -> None:
    for page in _pages(marks):
        raw.execute(_BARE_MANY, page).fetchall()


def _by_card(registry: Registry, marks: Sequence[bytes], now: datetime) -> None:
    """From the certificate to the bytes of the answer, without any cryptography."""
    expires = now + timedelta(days=400)
    asked = _body(int(now.timestamp() * 1000))
    for one in marks:
        holder = registry.holder(one, None)
        decided = decide(holder.person if holder else None, expires, now, Terms())
        encode(verification_answer(asked, bytes(32), decided, now_ms=asked.issued_at))


def _one_by_one(
    inquiries: Inquiries, asked: Sequence[NumberQuery], now_ms: int
) -> None:
    for one in asked:
        inquiries.number(one, now_ms)


def _inquire(inquiries: Inquiries, asked: Sequence[NumberQuery], now_ms: int) -> None:
    for page in _pages(asked):
        inquiries.numbers(page, now_ms)


def _pages(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[low : low + AT_ONCE] for low in range(0, len(values), AT_ONCE))


def _query(number: int) -> NumberQuery:
    symbol, digits = symbol_and_number(number)
    return NumberQuery(INSURER, symbol, digits, date(1970, 1, 2))


def _body(now_ms: int) -> VerificationBody:
    request = RequestId(uuid7(now_ms, bytes(10)))
    return VerificationBody(
        request_id=request,
        visit_id=VisitId(request),
        reader_id=ReaderId("bench-000"),
        issued_at=now_ms,
        expires_at=now_ms + 60_000,
        method=Method.PIN,
        terminal=TerminalProof.NONE,
        care=CareKind.OUTPATIENT,
        token="card",  # noqa: S106 - the kind of token, not a secret
        certificate=b"none",
    )


def _at(size: int, found: Costs) -> list[Row]:
    name = f"registry {size:,}"
    return [
        Row(f"{name}: bare lookup", found.bare, "us CPU"),
        Row(f"{name}: answer by card / bare", found.by_card, "us CPU", found.bare),
        Row(f"{name}: answer by number / bare", found.by_number, "us CPU", found.bare),
        Row(f"{name}: bare IN(1000), a row", found.bare_row, "us CPU"),
        Row(
            f"{name}: inquiry of 1,000, a row / bare",
            found.inquiry_row,
            "us CPU",
            found.bare_row,
        ),
    ]


def _growth(size: int, found: Costs, first: Costs) -> list[Row]:
    """Costs beside those of the smallest registry; the goal is 1.3."""
    name = f"growth to {size:,}"
    return [
        Row(f"{name}: bare lookup", found.bare, "us CPU", first.bare),
        Row(f"{name}: answer by card", found.by_card, "us CPU", first.by_card),
        Row(f"{name}: answer by number", found.by_number, "us CPU", first.by_number),
        Row(f"{name}: inquiry row", found.inquiry_row, "us CPU", first.inquiry_row),
    ]
