"""Whether one facility's chain is as it was written, and if not, what and where.

Pure. Rows come in the order of their numbers; what does not fit is kept until the end
of the chain, because only then it shows whether a row was changed, moved, or only
renumbered after another one had been taken out or put in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from cloud.audit.model import START, Head, Place, Row, digest

KEPT = 20_000
"""Rows that do not fit which are looked at again, per facility."""
NEAR = 8
"""By how many places a row is tried beside its own."""
ALL_PAIRS = 200
"""So few rows that do not fit are tried in each other's places."""


class What(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    SWAPPED = "swapped"
    INSERTED = "inserted"
    REWRITTEN = "rewritten"
    """Rows that fit each other and not what was written before."""
    CUT = "cut"
    HEAD = "head"
    ANCHOR = "anchor"
    CHECKPOINT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and in which rows of which facility at the earliest and latest."""

    facility: str
    first: int
    last: int
    what: What
    text: str


class Anchored(NamedTuple):
    """What an anchor says of this chain."""

    number: int
    seq: int
    hash: bytes


@dataclass(slots=True)
class Chain:
    """One facility's rows and everything that vouches for them."""

    facility: str
    rows: Iterable[Row]
    head: Head | None
    head_again: Callable[[], Head | None]
    """Asked when there are rows behind the head: more may have been written."""
    start: Place | None = None
    """A believed checkpoint."""
    anchors: Sequence[Anchored] = ()

    def check(self) -> list[Finding]:
        """Everything that is wrong, in the order of rows."""
        walk = _Walk(self)
        for row in self.rows:
            walk.step(row)
        walk.end()
        return sorted(walk.findings, key=lambda one: (one.first, one.last))


@dataclass(slots=True)
class _Walk:
    chain: Chain
    findings: list[Finding] = field(default_factory=list)
    _expected: int = 1
    _previous: bytes | None = START
    """What the next row has to hold; None where that cannot be known any more."""
    _confirmed: int = 0
    """Up to here an anchor has seen the same."""
    _bad: list[Row] = field(default_factory=list)
    _more_bad: int = 0
    _at_head: bytes = START
    _anchors: Iterator[Anchored] = field(init=False)
    _anchor: Anchored | None = field(init=False)

    def __post_init__(self) -> None:
        start = self.chain.start
        if start is not None:
            self._expected, self._previous = start.seq + 1, start.hash
            self._confirmed, self._at_head = start.seq, start.hash
        self._anchors = iter(sorted(self.chain.anchors, key=lambda one: one.seq))
        self._anchor = next(self._anchors, None)
        if start is not None:
            self._passed(start.seq, start.hash)

    # -- row by row ----------------------------------------------------------------
    def step(self, row: Row) -> None:
        seq = row.seq
        fits = digest(row) == row.hash
        if not fits or seq != self._expected or row.previous != self._previous:
            if seq < self._expected:
                text = "a row where there already was one, or had been let go"
                self._found(What.INSERTED, seq, seq, text)
                return
            self._odd(row, fits)
        else:
            self._previous = row.hash
        self._expected = seq + 1
        if self.chain.head is not None and seq == self.chain.head.seq:
            self._at_head = row.hash
        if self._anchor is not None and self._anchor.seq <= seq:
            self._passed(seq, row.hash)

    def _odd(self, row: Row, fits: bool) -> None:
        if row.seq > self._expected:
            self._missing(self._expected, row.seq - 1)
            self._previous = None
        if not fits:
            self._previous = None
            if len(self._bad) < KEPT:
                self._bad.append(row)
            else:
                self._more_bad += 1
            return
        if self._previous is not None and row.previous != self._previous:
            self._broken(row.seq)
        self._previous = row.hash

    def _broken(self, seq: int) -> None:
        first = self.chain.start.seq + 1 if self.chain.start else 1
        if seq == first:
            text = "does not begin where the chain begins"
            self._found(What.CHANGED, seq, seq, text)
            return
        text = f"row {seq} was written behind another row than the one before it"
        self._found(What.REWRITTEN, min(self._confirmed + 1, seq - 1), seq - 1, text)

    def _passed(self, seq: int, digest_here: bytes) -> None:
        """Compare with every anchor up to this row."""
        while self._anchor is not None and self._anchor.seq <= seq:
            if self._anchor.seq == seq and not self._bad:
                self._compare(self._anchor, digest_here)
            self._anchor = next(self._anchors, None)

    def _compare(self, anchor: Anchored, digest_here: bytes) -> None:
        if anchor.hash == digest_here:
            self._confirmed = anchor.seq
        elif not self.findings:
            text = f"not what anchor {anchor.number} signed"
            self._found(What.REWRITTEN, self._confirmed + 1, anchor.seq, text)

    # -- at the end ----------------------------------------------------------------
    def end(self) -> None:
        last = self._expected - 1
        shift = self._explain(last)
        head = self.chain.head
        ends = [head.seq] if head else []
        if self._anchor is not None:
            ends += [self._anchor.seq, *(one.seq for one in self._anchors)]
        if ends and max(ends) > last + shift:
            until = max(ends)
            text = "the end of the chain is missing"
            self._found(What.CUT, last + shift + 1, until, text)
        if head is None:
            if last or ends:
                self._found(What.HEAD, last, last, "the chain has no head")
        elif head.seq < last + shift:
            self._behind(head, last)
        elif head.seq == last and not self.findings and head.hash != self._at_head:
            text = "the last row is not the one that the head names"
            self._found(What.REWRITTEN, min(self._confirmed + 1, last), last, text)

    def _behind(self, head: Head, last: int) -> None:
        again = self.chain.head_again()
        if again is None or again.seq < last:
            text = "behind the end of the chain"
            self._found(What.INSERTED, head.seq + 1, last, text)
        if not self.findings and head.hash != self._at_head:
            text = "not the row that the head named"
            self._found(What.REWRITTEN, self._confirmed + 1, head.seq, text)

    # -- what does not fit ------------------------------------------------------------
    def _explain(self, last: int) -> int:
        """Say what became of the rows that do not fit; how far the last one stands
        before its own place."""
        places = _own_places(self._bad)
        pairs = {seq for seq, own in places.items() if own and places.get(own) == seq}
        for seq, own in places.items():
            if own is None:
                self._found(What.CHANGED, seq, seq, "is not what was written")
            elif seq in pairs:
                self._moved(seq, own)
        alone = [(seq, own) for seq, own in places.items() if seq not in pairs and own]
        return self._runs(alone, last)

    def _runs(self, places: Sequence[tuple[int, int]], last: int) -> int:
        """Rows that all moved by the same: what stood before them came or went."""
        shift = before = 0
        for by, run in groupby(places, key=lambda place: place[1] - place[0]):
            seqs = [seq for seq, _ in run]
            to_the_end = seqs[-1] == last or self._more_bad > 0
            if len(seqs) < 3 and not to_the_end:
                for seq in seqs:
                    self._moved(seq, seq + by)
                continue
            if by > before:
                self._missing(seqs[0] + before, seqs[0] + by - 1)
            else:
                text = "the rows behind it were renumbered to make room"
                first = seqs[0] - (before - by)
                self._found(What.INSERTED, first, seqs[0] - 1, text)
            before = by
            shift = by if to_the_end else 0
        return shift

    def _moved(self, seq: int, own: int) -> None:
        self._found(What.SWAPPED, seq, seq, f"holds the row of {own}")

    def _missing(self, first: int, last: int) -> None:
        self._found(What.MISSING, first, last, "was taken out")

    def _found(self, what: What, first: int, last: int, text: str) -> None:
        found = Finding(self.chain.facility, first, max(first, last), what, text)
        self.findings.append(found)


def _own_places(bad: Sequence[Row]) -> dict[int, int | None]:
    """Where each row would fit; None: nowhere that was tried."""
    others = [row.seq for row in bad] if len(bad) <= ALL_PAIRS else []
    steps = [step * sign for step in range(1, NEAR + 1) for sign in (1, -1)]
    places: dict[int, int | None] = {}
    by = 1
    for row in bad:
        near = [row.seq + step for step in (by, *steps) if row.seq + step > 0]
        places[row.seq] = next(
            (seq for seq in (*near, *others) if digest(row, seq) == row.hash), None
        )
        own = places[row.seq]
        by = own - row.seq if own is not None else by
    return places
