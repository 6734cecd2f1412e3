"""A load: a file's batches applied one after another, each a transaction of its own.

The same file twice changes nothing: a line that was taken is never taken again from a
file of the same content. A file that was interrupted goes on where its last committed
batch ended; one that was finished is asked again only for the lines it was refused.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from cloud.registry.apply import FAULTY, UNCHANGED, Applied, apply
from cloud.registry.faults import Fault
from cloud.registry.lines import START, Batch, LineFault, Place, matched
from cloud.registry.resident import HoldKind, ResidentRegister
from cloud.registry.rows import REGISTER, Row, Rules, layout, read
from cloud.registry.standing import Known

Decide = Callable[[Known], Applied]


class AlreadyLoadingError(Exception):
    """Another process is loading the same file, and is further on."""


@dataclass(frozen=True, slots=True)
class Load:
    """One file, known by the SHA-256 of its content."""

    digest: bytes
    finished: bool = False
    place: Place = START
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.counts.get(FAULTY, 0) > 0


class LoadStore(Protocol):
    def insurers(self) -> Mapping[str, str]:
        """Names by folded number."""
        ...

    def begin(self, digest: bytes, now_ms: int) -> Load:
        """The load of this content: a new one, or as far as an earlier one came."""
        ...

    def settle(
        self,
        digest: bytes | None,
        batch: Batch,
        decide: Decide,
        now_ms: int,
        *,
        again: bool = False,
    ) -> Counter[str]:
        """Look up what the batch names, decide, write; one transaction.

        Without a digest nothing is remembered of a file: a person came one by one.
        `again`: the file was finished before; only its refused lines come.
        Raises AlreadyLoadingError where the batch does not follow the last one.
        """
        ...

    def known(self, rows: Iterable[Row]) -> Known:
        """What the registry holds of everything these rows name; changes nothing."""
        ...

    def finish(self, digest: bytes, now_ms: int) -> None: ...

    def refused_lines(self, digest: bytes) -> frozenset[int]: ...

    def faults(self, digest: bytes) -> Iterator[LineFault]:
        """In the order of their lines."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one load so far, this time."""

    lines: int
    offset: int
    counts: Counter[str]


def run(
    store: LoadStore,
    load: Load,
    batches: Iterable[Batch],
    now_ms: Callable[[], int],
) -> Iterator[Progress]:
    """Settle batch after batch; a batch that was told of is committed."""
    counts: Counter[str] = Counter()
    lines = 0
    for batch in batches:
        counts += store.settle(
            load.digest,
            batch,
            partial(apply, batch),
            now_ms(),
            again=load.finished,
        )
        lines += len(batch.rows) + len({one.line for one in batch.faults})
        yield Progress(lines, batch.end.offset, counts)
    store.finish(load.digest, now_ms())


def one_by_one(
    store: LoadStore,
    values: Mapping[str, str],
    rules: Rules,
    register: ResidentRegister,
    now_ms: int,
) -> list[Fault] | Counter[str]:
    """One person by the columns of a load file, through the same rules.

    Raises HeaderError for a column that is missing or does not exist.
    """
    row = read(list(values.values()), layout(list(values)), rules)
    if not isinstance(row, Row):
        return row
    batch = Batch(START, START, [1], [row], matched([row], register), [])
    refused: list[Fault] = []

    def decide(known: Known) -> Applied:
        applied = apply(batch, known)
        refused.extend(one.fault for one in applied.faults)
        return applied

    counts = store.settle(None, batch, decide, now_ms)
    return refused or counts


class DryRun:
    """What a load would come to. Nothing is written, and no lock is taken.

    Lines that change or end what an earlier line of the same file registers count as
    unchanged: they would succeed, but what they would do is not worked out.
    """

    def __init__(self, store: LoadStore) -> None:
        self._store = store
        self._new: set[int] = set()
        self.faults: list[LineFault] = []

    def run(self, batches: Iterable[Batch]) -> Iterator[Progress]:
        counts: Counter[str] = Counter()
        lines = 0
        for batch in batches:
            counts += self._judge(batch)
            lines += len(batch.rows) + len({one.line for one in batch.faults})
            yield Progress(lines, batch.end.offset, counts)

    def _judge(self, batch: Batch) -> Counter[str]:
        first = [place for place, row in enumerate(batch.rows) if self._is_new(row)]
        ours = batch._replace(
            lines=[batch.lines[place] for place in first],
            rows=[batch.rows[place] for place in first],
            kinds=[batch.kinds[place] for place in first],
        )
        applied = apply(ours, self._store.known(ours.rows))
        applied.counts[UNCHANGED] += len(batch.rows) - len(first)
        applied.counts[FAULTY] += len({one.line for one in batch.faults})
        self.faults += sorted([*batch.faults, *applied.faults])
        return applied.counts

    def _is_new(self, row: Row) -> bool:
        name = hash((row.reference, row.key, row.valid_from))
        if row.action == REGISTER:
            self._new.add(name)
            return True
        return name not in self._new


def held(counts: Mapping[str, int]) -> dict[str, int]:
    """By kind, without those a match never gives."""
    return {
        kind.value: counts.get(kind, 0)
        for kind in HoldKind
        if kind is not HoldKind.IMPORTED
    }
