"""The log as a whole: verified, anchored, pruned; and what it says of one person."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Protocol

from cloud.audit.anchor import (
    Anchor,
    Checkpoint,
    Keys,
    Pace,
    checkpointed,
    root_of,
    signed_by_us,
)
from cloud.audit.check import Anchored, Chain, Finding, What
from cloud.audit.model import HOUSE, Entry, Head, Kind, Place, Row, detail, seal
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode
from protocol.keys import Signer

TRIES = 3
"""A chain that grows or is pruned while it is read is read again."""
EVERY = 10_000
"""Rows between two words about how far it is."""


class AuditLog(Protocol):
    """What whoever answers needs."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Write them behind their chains, in the caller's transaction.

        Entries of one facility keep their order. The caller takes no lock of another
        table after this one.
        """
        ...


class AuditStore(AuditLog, Protocol):
    def facilities(self) -> list[str]:
        """Of every chain that has rows, a head, a checkpoint or an anchor."""
        ...

    def rows(self, facility: str) -> Iterable[Row]:
        """In the order of their numbers, not all in memory."""
        ...

    def head(self, facility: str) -> Head | None: ...

    def checkpoint(self, facility: str) -> Checkpoint | None: ...

    def anchors(self) -> list[Anchor]:
        """The first one first."""
        ...

    def last_anchor(self) -> Anchor | None: ...

    def moved(self, number: int) -> list[Place]:
        """What this anchor lists."""
        ...

    def anchored(self, facility: str) -> list[Anchored]: ...

    def unanchored(self) -> int:
        """Rows since the last anchor."""
        ...

    def anchor(self, at: int, signer: Signer) -> Anchor:
        """Make the next one, in its own transaction."""
        ...

    def before(self, facility: str, horizon_ms: int) -> Place | None:
        """The last row of those at the beginning that are all older; None: none."""
        ...

    def prune(self, checkpoint: Checkpoint) -> int:
        """Let go of the rows up to it, in the caller's transaction; how many."""
        ...

    def of_person(self, person: PersonId) -> Iterable[Row]:
        """Everything about this person, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Exported:
    """An anchor as it was kept elsewhere."""

    anchor: Anchor
    moved: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Verifier:
    """What it takes to judge the log, and what was taken along from elsewhere."""

    store: AuditStore
    keys: Keys
    secret: bytes | None = None
    """None: the seals of heads are not looked at."""
    exported: Sequence[Exported] = ()
    progress: Callable[[int], None] = lambda rows: None

    def verify(self, only: FacilityCode | None = None) -> Iterator[Finding]:
        """Everything that is wrong; nothing: the log is as it was written."""
        yield from self._kept_elsewhere()
        yield from self._anchors()
        elsewhere: dict[str, list[Anchored]] = {}
        for one in self.exported:
            for place in one.moved:
                said = Anchored(one.anchor.number, place.seq, place.hash)
                elsewhere.setdefault(place.facility, []).append(said)
        facilities = sorted({*self.store.facilities(), *elsewhere})
        rows = 0
        for facility in facilities if only is None else [only]:
            for again in range(TRIES):
                found, count = self._chain(facility, elsewhere.get(facility, []), rows)
                if not found or again == TRIES - 1:
                    break
            rows += count
            yield from found
        self.progress(rows)

    def chain(self, facility: str) -> list[Finding]:
        """What is wrong with one chain."""
        found, _ = self._chain(facility, [], 0)
        return found

    # -- anchors --------------------------------------------------------------------
    def _anchors(self) -> Iterator[Finding]:
        before: Anchor | None = None
        ends: dict[str, int] = {}
        for anchor in self.store.anchors():
            moved = self.store.moved(anchor.number)
            yield from _behind(anchor, before)
            yield from _by_itself(anchor, moved, self.keys)
            ends.update((place.facility, place.seq) for place in moved)
            if sum(ends.values()) != anchor.total:
                yield _of_anchor(anchor.number, "its chains do not add up to its total")
            before = anchor

    def _kept_elsewhere(self) -> Iterator[Finding]:
        here = {anchor.number: anchor for anchor in self.store.anchors()}
        before: Anchor | None = None
        for one in self.exported:
            number = one.anchor.number
            if before is not None:
                yield from _behind(one.anchor, before)
            yield from _by_itself(one.anchor, one.moved, self.keys)
            if number not in here:
                yield _of_anchor(number, "is in the file and not in the database")
            elif here[number].signed != one.anchor.signed:
                yield _of_anchor(number, "is another one in the file")
            before = one.anchor

    # -- chains ---------------------------------------------------------------------
    def _chain(
        self, facility: str, elsewhere: list[Anchored], before: int
    ) -> tuple[list[Finding], int]:
        known = {said.number for said in elsewhere}
        here = [one for one in self.store.anchored(facility) if one.number not in known]
        found = []
        start = self.store.checkpoint(facility)
        if start is not None and (wrong := signed_by_us(start, self.keys)):
            text = f"the rows before were let go, and {wrong}"
            found.append(Finding(facility, 1, start.seq, What.CHECKPOINT, text))
        head = self.store.head(facility)
        counted = _Counted(self.store.rows(facility), self.progress, before)
        chain = Chain(
            facility,
            counted,
            head,
            lambda: self.store.head(facility),
            start.place if start else None,
            [*elsewhere, *here],
        )
        found += chain.check()
        if head is not None and not self._sealed(head):
            text = "the head was not put there by this cloud"
            found.append(Finding(facility, head.seq, head.seq, What.HEAD, text))
        return found, counted.count

    def _sealed(self, head: Head) -> bool:
        if self.secret is None:
            return True
        try:
            wanted = seal(self.secret, Place(head.facility, head.seq, head.hash))
        except OverflowError:
            return False
        return compare_digest(wanted, head.seal)


class _Counted:
    """Rows on their way, and a word now and then about how many there were."""

    def __init__(
        self, rows: Iterable[Row], progress: Callable[[int], None], before: int
    ) -> None:
        self._rows = rows
        self._progress = progress
        self._before = before
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for count, row in enumerate(self._rows, 1):
            if count % EVERY == 0:
                self._progress(self._before + count)
            self.count = count
            yield row


def _behind(anchor: Anchor, before: Anchor | None) -> Iterator[Finding]:
    wanted = before.number + 1 if before else 1
    if anchor.number != wanted:
        text = f"the anchor before it, {anchor.number - 1}, is not there"
        yield _of_anchor(anchor.number, text)
    elif anchor.previous != (before.hash if before else bytes(32)):
        yield _of_anchor(anchor.number, "does not hold the anchor before it")


def _by_itself(anchor: Anchor, moved: Sequence[Place], keys: Keys) -> Iterator[Finding]:
    if anchor.root != root_of(moved):
        yield _of_anchor(anchor.number, "its list of chains is not what it signed")
    if wrong := signed_by_us(anchor, keys):
        yield _of_anchor(anchor.number, wrong)


def _of_anchor(number: int, text: str) -> Finding:
    return Finding("", number, number, What.ANCHOR, text)


# -- what is done to the log ---------------------------------------------------------
def anchor_if_due(
    store: AuditStore, pace: Pace, *, now_ms: int, signer: Signer
) -> Anchor | None:
    """For whoever looks in every minute."""
    last = store.last_anchor()
    since = store.unanchored()
    if not pace.due(since, last.at if last else 0, now_ms):
        return None
    return store.anchor(now_ms, signer)


def prunable(store: AuditStore, horizon_ms: int) -> dict[str, Place]:
    """Where each chain would begin anew if all older rows were let go."""
    places = {name: store.before(name, horizon_ms) for name in store.facilities()}
    return {name: place for name, place in places.items() if place is not None}


def prune(
    store: AuditStore, places: Sequence[Place], *, now_ms: int, signer: Signer
) -> int:
    """Let go of these chains' rows up to these places; how many they were.

    In the caller's transaction. What begins anew is signed, and the house's own chain
    says that it was done.
    """
    rows = sum(store.prune(checkpointed(one, now_ms, signer)) for one in places)
    said = detail(chains=len(places), rows=rows)
    store.append([Entry(HOUSE, now_ms, Kind.PRUNING, None, said, bytes(32))])
    return rows
