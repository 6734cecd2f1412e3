"""One load file from disk into the registry: `registry load`, and the bench."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cloud.adapters.load_file import digest, judged, write_faults
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry_load import SqlRegistryLoad
from cloud.adapters.sql.sqlite import SqliteDatabase
from cloud.errors import InputError
from cloud.registry.lines import Source
from cloud.registry.load import AlreadyLoadingError, DryRun, Progress, run
from cloud.registry.rows import HeaderError, Rules

LOG_PAGES = 40_960
"""160 MiB of log between two checkpoints of a load."""
ENCODINGS = {"utf-8": "utf-8", "cp932": "cp932", "shift_jis": "cp932"}


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to be loaded."""

    encoding: str = "utf-8"
    strict: bool = True
    only: str = ""
    """Folded number of the insurer whose file it is; empty: any known one."""
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    counts: Mapping[str, int]
    """Of this time; what an earlier time took is not counted again."""
    lines: int
    faults: int
    repeated: bool = False
    """The file had been loaded before, so that only refused lines were asked again."""


def load_file(
    database: Database,
    register: Path,
    file: Path,
    *,
    errors: Path | None,
    today: date,
    now_ms: Callable[[], int],
    wish: Wish | None = None,
    told: Callable[[Progress], None] = lambda _: None,
) -> Loaded:
    """Raises InputError for a file that cannot be read or has no such header."""
    wish = wish or Wish()
    try:
        if not register.exists():
            raise InputError(f"{register}: run shikaku-cloud registry register-fill")
        store = SqlRegistryLoad(database)
        rules = Rules(store.insurers(), today.isoformat(), wish.strict, wish.only)
        source = Source(ENCODINGS[wish.encoding], rules)
        if wish.dry:
            return _dry(store, register, file, source, errors, told)
        return _load(database, store, register, file, source, errors, now_ms, told)
    except HeaderError as error:
        raise InputError(f"{file}: {error}") from error
    except OSError as error:
        raise InputError(f"{error.filename or file}: {error.strerror}") from error
    except AlreadyLoadingError as error:
        raise InputError(f"{file}: another process is loading it") from error


def _load(
    database: Database,
    store: SqlRegistryLoad,
    register: Path,
    file: Path,
    source: Source,
    errors: Path | None,
    now_ms: Callable[[], int],
    told: Callable[[Progress], None],
) -> Loaded:
    load = store.begin(digest(file), now_ms())
    only = store.refused_lines(load.digest) if load.finished else None
    source = source._replace(start=load.place, only=only)
    last = None
    try:
        if only is None or only:
            batches = judged(file, register, source)
            with _uncollected(), _unhurried(database):
                for last in run(store, load, batches, now_ms):
                    told(last)
            # Once more, now that a commit waits for the disk: all before it is there.
            store.finish(load.digest, now_ms())
    finally:
        # Also of a load that was interrupted: what is known so far.
        faults = write_faults(errors, store.faults(load.digest)) if errors else 0
    counts = last.counts if last else {}
    return Loaded(counts, last.lines if last else 0, faults, repeated=load.finished)


def _unhurried(database: Database) -> AbstractContextManager[None]:
    """A batch and the place it ends at are on the disk together, or neither is."""
    if isinstance(database, SqliteDatabase):
        return database.unhurried(LOG_PAGES)
    return nullcontext()


@contextmanager
def _uncollected() -> Iterator[None]:
    """A batch is thousands of plain values, which it would walk for nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _dry(
    store: SqlRegistryLoad,
    register: Path,
    file: Path,
    source: Source,
    errors: Path | None,
    told: Callable[[Progress], None],
) -> Loaded:
    dry = DryRun(store)
    last = None
    for last in dry.run(judged(file, register, source)):
        told(last)
    if errors:
        write_faults(errors, dry.faults)
    counts = last.counts if last else {}
    return Loaded(counts, last.lines if last else 0, len(dry.faults))
