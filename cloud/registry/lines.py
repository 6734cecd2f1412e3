"""A load file from bytes to batches of judged rows: checked, and matched.

One physical line is one record, so that a broken line (an open quotation mark, a
character of another encoding) never takes its neighbours with it. Pure but for the file
and the register it is given.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, Final, NamedTuple

from cloud.registry.faults import Fault, FaultCode
from cloud.registry.resident import HoldKind, ResidentRegister, verdict
from cloud.registry.rows import END, HeaderError, Layout, Row, Rules, layout, read

LONGEST_LINE: Final = 8192
"""Bytes. What is longer is no line of ours, and is never held in memory whole."""
BATCH_ROWS: Final = 10_000
"""One transaction. Keys are random, so a batch touches most pages of their indexes:
smaller ones write the same pages more often, larger ones keep taps waiting longer."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]").search


class Place(NamedTuple):
    """How far a file has been read."""

    offset: int
    line: int


START: Final = Place(0, 0)


class LineFault(NamedTuple):
    line: int
    fault: Fault


class Batch(NamedTuple):
    start: Place
    end: Place
    lines: list[int]
    rows: list[Row]
    """As many as `lines`, and as `kinds`."""
    kinds: list[HoldKind | None]
    """What the resident register says against each."""
    faults: list[LineFault]

    def __reduce__(self) -> tuple[Any, ...]:
        # Rows as plain tuples: a third of the time on either side of a pipe.
        plain = [*self]
        plain[3] = [tuple(row) for row in self.rows]
        return _batch_again, tuple(plain)


def _batch_again(
    start: Place,
    end: Place,
    lines: list[int],
    rows: list[tuple[Any, ...]],
    kinds: list[HoldKind | None],
    faults: list[LineFault],
) -> Batch:
    again = [tuple.__new__(Row, row) for row in rows]
    return Batch(start, end, lines, again, kinds, faults)


class Source(NamedTuple):
    """How a file is to be read."""

    encoding: str
    rules: Rules
    start: Place = START
    only: Collection[int] | None = None
    """Only these lines: the others were taken when the file came before."""
    rows: int = BATCH_ROWS


def batches(
    file: BinaryIO, source: Source, register: ResidentRegister
) -> Iterator[Batch]:
    """Raises HeaderError before the first batch."""
    form = header(file, source.encoding)
    place = Place(file.tell(), 1)
    if source.start.line:
        place = source.start
        file.seek(place.offset)
    while True:
        batch = _batch(file, form, source, place, register)
        if batch.end == place:
            return
        yield batch
        place = batch.end


def header(file: BinaryIO, encoding: str) -> Layout:
    """Read the first line. Raises HeaderError."""
    try:
        first = file.readline(LONGEST_LINE).decode(encoding)
    except UnicodeDecodeError as error:
        raise HeaderError("the header is not of the encoding") from error
    names = _values(first.removeprefix("\ufeff").rstrip("\r\n"))
    if isinstance(names, FaultCode):
        raise HeaderError("the header is not a line of CSV")
    return layout(names)


def _batch(
    file: BinaryIO,
    form: Layout,
    source: Source,
    place: Place,
    register: ResidentRegister,
) -> Batch:
    lines: list[int] = []
    rows: list[Row] = []
    faults: list[LineFault] = []
    offset, line = place
    rules, encoding, only = source.rules, source.encoding, source.only
    last = line + source.rows
    while line < last and (raw := file.readline(LONGEST_LINE)):
        offset += len(raw)
        line += 1
        if raw[-1:] != b"\n" and len(raw) == LONGEST_LINE:
            offset += _skip(file)
            faults.append(LineFault(line, Fault("", FaultCode.TOO_LONG)))
            continue
        if only is not None and line not in only:
            continue
        found = _row(raw, encoding, form, rules)
        if isinstance(found, Row):
            lines.append(line)
            rows.append(found)
        elif found:
            faults.extend(LineFault(line, fault) for fault in found)
    kinds = matched(rows, register)
    return Batch(place, Place(offset, line), lines, rows, kinds, faults)


def _skip(file: BinaryIO) -> int:
    """Past the end of a line that is too long."""
    passed = 0
    while raw := file.readline(LONGEST_LINE):
        passed += len(raw)
        if raw[-1:] == b"\n":
            break
    return passed


def _row(raw: bytes, encoding: str, form: Layout, rules: Rules) -> Row | list[Fault]:
    try:
        text = raw.decode(encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        return [Fault("", FaultCode.ENCODING, f"byte {error.start + 1}")]
    if not text:
        return []
    if _CONTROL(text):
        return [Fault("", FaultCode.CONTROL)]
    values = _values(text)
    if isinstance(values, FaultCode):
        return [Fault("", values)]
    return read(values, form, rules)


def _values(text: str) -> list[str] | FaultCode:
    if '"' not in text:
        return text.split(",")
    try:
        (values,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError):
        return FaultCode.QUOTES
    return values


def matched(rows: list[Row], register: ResidentRegister) -> list[HoldKind | None]:
    """An end says nothing of the person, so there is nothing to match."""
    asked = [row.resident_ref for row in rows if row.action != END]
    residents = register.find(asked) if asked else {}
    return [
        None
        if row.action == END
        else verdict(
            row.name,
            row.name_kana,
            row.sex,
            row.birth_date,
            residents.get(row.resident_ref),
        )
        for row in rows
    ]
