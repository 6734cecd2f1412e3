"""A load file from bytes to batches of judged rows: checked, and matched.

One physical line is one record, so that a broken line (an open quotation mark, a
character of another encoding) never takes its neighbours with it. Pure but for the file
and the register it is given.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import BinaryIO, Final, NamedTuple

from cloud.registry.faults import Fault, FaultCode
from cloud.registry.resident import HoldKind, ResidentRegister, verdict
from cloud.registry.rows import END, HeaderError, Layout, Row, Rules, layout, read

LONGEST_LINE: Final = 8192
"""Bytes. What is longer is no line of ours, and is never held in memory whole."""
BATCH_ROWS: Final = 5_000
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]").search


class Place(NamedTuple):
    """How far a file has been read."""

    offset: int
    line: int


START: Final = Place(0, 0)


class Judged(NamedTuple):
    line: int
    row: Row
    kind: HoldKind | None
    """What the resident register says against it."""


class LineFault(NamedTuple):
    line: int
    fault: Fault


class Batch(NamedTuple):
    start: Place
    end: Place
    rows: list[Judged]
    faults: list[LineFault]


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
    rows: list[tuple[int, Row]] = []
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
            rows.append((line, found))
        elif found:
            faults.extend(LineFault(line, fault) for fault in found)
    return Batch(place, Place(offset, line), _judged(rows, register), faults)


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


def _judged(rows: list[tuple[int, Row]], register: ResidentRegister) -> list[Judged]:
    """An end says nothing of the person, so there is nothing to match."""
    asked = [row.resident_ref for _, row in rows if row.action != END]
    residents = register.find(asked) if asked else {}
    return [
        Judged(
            line,
            row,
            None
            if row.action == END
            else verdict(
                row.name,
                row.name_kana,
                row.sex,
                row.birth_date,
                residents.get(row.resident_ref),
            ),
        )
        for line, row in rows
    ]
