"""A load file into an empty registry, matched against the resident register."""

import os
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from cloud.adapters.resident_register import SqliteResidentRegister
from cloud.adapters.sql.registry_office import SqlRegistryOffice
from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.loading import load_file
from cloud.registry.values import insurer_key
from cloud.residents import Shares, insurer_file, residents, sample
from provisioning.bench.registry import Say
from provisioning.bench.report import Row

GOAL = 20_000
"""Rows a second on SQLite."""
SEED = 1
AT_ONCE = 10_000
BATCH = 1_000


def load_rows(rows: int, say: Say) -> list[Row]:
    """Rows a second by the wall and CPU a row, beside a bare durable insert of them."""
    today = datetime.now(UTC).date()
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-load-") as name:
        folder = Path(name)
        say(f"load: a register and a file of {rows:,} fictitious rows")
        register, file = folder / "register.sqlite3", folder / "in.csv"
        _register(register, rows, today)
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(sample(rows, seed=SEED, today=today, shares=Shares()))
        say("load: the bare insert")
        bare = _bare(folder / "bare.sqlite3", file, rows)
        say("load: the load")
        wall, cpu = _load(folder / "cloud.sqlite3", register, file, today, say)
    return [
        Row("load: bare durable insert", bare, "us CPU"),
        Row("load: a row / bare insert", cpu / rows * 1e6, "us CPU", bare),
        Row("load: rows a second / goal", rows / wall, "/s", GOAL),
    ]


def _register(file: Path, rows: int, today: date) -> None:
    with closing(SqliteResidentRegister(file, writable=True)) as filled:
        people = list(residents(rows, seed=SEED, today=today))
        for low in range(0, len(people), AT_ONCE):
            filled.put(sorted(people[low : low + AT_ONCE]))


def _load(
    file: Path, register: Path, source: Path, today: date, say: Say
) -> tuple[float, float]:
    with closing(SqliteDatabase(file)) as database:
        migrate(database)
        names = {insurer_key(number): (number, name) for number, name in insurer_file()}
        SqlRegistryOffice(database).put_insurers(names)
        began, spent = time.perf_counter(), _cpu()
        loaded = load_file(
            database,
            register,
            source,
            errors=None,
            today=today,
            now_ms=lambda: time.time_ns() // 1_000_000,
        )
        wall, cpu = time.perf_counter() - began, _cpu() - spent
    say(f"load: {loaded.lines:,} lines in {wall:.1f} s")
    return wall, cpu


def _bare(file: Path, source: Path, rows: int) -> float:
    """Each line into one indexed table, durably, a batch at a time."""
    lines = source.read_bytes().splitlines()[1:]
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("CREATE TABLE lines (mark BLOB PRIMARY KEY, line BLOB)")
        began = time.process_time()
        for low in range(0, len(lines), BATCH):
            raw.execute("BEGIN IMMEDIATE")
            page = [(os.urandom(32), line) for line in lines[low : low + BATCH]]
            raw.executemany("INSERT INTO lines VALUES (?, ?)", page)
            raw.execute("COMMIT")
        return (time.process_time() - began) / rows * 1e6


def _cpu() -> float:
    """Of this process and of those it has waited for."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
