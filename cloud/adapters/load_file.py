"""A load file on this disk: its digest, its batches, and the file of its faults."""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from cloud.adapters.ahead import ahead
from cloud.adapters.resident_register import SqliteResidentRegister
from cloud.registry.faults import sentences
from cloud.registry.lines import Batch, LineFault, Source, batches

WORTH_A_PROCESS = 4 << 20
"""Bytes. A second process takes half a second to start."""
FAULT_COLUMNS = ("line", "column", "code", "sentence_ja", "sentence_en")


def digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def judged(file: Path, register: Path, source: Source) -> Iterator[Batch]:
    """Its batches, checked and matched; of a large file in a second process."""
    make = partial(_batches, file, register, source)
    if file.stat().st_size - source.start.offset < WORTH_A_PROCESS:
        return make()
    return ahead(make)


def _batches(file: Path, register: Path, source: Source) -> Iterator[Batch]:
    with (
        file.open("rb") as opened,
        closing(SqliteResidentRegister(register)) as residents,
    ):
        yield from batches(opened, source, residents)


def write_faults(file: Path, faults: Iterable[LineFault]) -> int:
    """Line by line, without the lines themselves; how many. Readable by us only."""
    count = 0
    beside = file.with_name(file.name + ".part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(
        os.open(beside, flags, 0o600), "w", encoding="utf-8", newline=""
    ) as opened:
        out = csv.writer(opened)
        out.writerow(FAULT_COLUMNS)
        for line, fault in faults:
            out.writerow((line, fault.column, fault.code, *sentences(fault)))
            count += 1
    beside.replace(file)
    return count
