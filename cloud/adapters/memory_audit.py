"""The audit log in memory: for tests and development. The same contract as SQL."""

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from cloud.audit.anchor import Anchor, Checkpoint, anchored
from cloud.audit.check import Anchored
from cloud.audit.model import (
    NOBODY,
    START,
    TIE_BYTES,
    Entry,
    Head,
    Place,
    Row,
    chained,
    pseudonym,
    seal,
)
from cloud.registry.model import PersonId
from protocol.keys import Signer


class MemoryAudit:
    def __init__(
        self, secret: bytes, *, random: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._secret = secret
        self._random = random
        self.chains: dict[str, list[Row]] = {}
        self.heads: dict[str, Head] = {}
        self.ties: dict[PersonId, bytes] = {}
        self.checkpoints: dict[str, Checkpoint] = {}
        self._anchors: list[tuple[Anchor, list[Place]]] = []

    def append(self, entries: Sequence[Entry]) -> None:
        ordered = sorted(entries, key=lambda one: one.facility)
        for facility, group in groupby(ordered, key=lambda one: one.facility):
            mine = list(group)
            head = self.heads.get(facility)
            place = Place(*head[:3]) if head else Place(facility, 0, START)
            rows = chained(place, mine, [self._subject(one.person) for one in mine])
            self.chains.setdefault(facility, []).extend(rows)
            end = Place(facility, rows[-1].seq, rows[-1].hash)
            self.heads[facility] = Head(*end, seal(self._secret, end))

    def facilities(self) -> list[str]:
        moved = {place.facility for _, places in self._anchors for place in places}
        return sorted({*self.chains, *self.heads, *moved, *self.checkpoints})

    def rows(self, facility: str) -> Iterable[Row]:
        return sorted(self.chains.get(facility, []), key=lambda row: row.seq)

    def head(self, facility: str) -> Head | None:
        return self.heads.get(facility)

    def of_person(self, person: PersonId) -> Iterable[Row]:
        tie = self.ties.get(person)
        subject = pseudonym(self._secret, tie) if tie else None
        rows = [row for chain in self.chains.values() for row in chain]
        mine = [row for row in rows if row.subject == subject]
        return sorted(mine, key=lambda row: (row.at, row.facility, row.seq))

    def anchors(self) -> list[Anchor]:
        return [anchor for anchor, _ in self._anchors]

    def last_anchor(self) -> Anchor | None:
        return self._anchors[-1][0] if self._anchors else None

    def moved(self, number: int) -> list[Place]:
        return next(
            (moved for anchor, moved in self._anchors if anchor.number == number), []
        )

    def anchored(self, facility: str) -> list[Anchored]:
        return [
            Anchored(anchor.number, place.seq, place.hash)
            for anchor, moved in self._anchors
            for place in moved
            if place.facility == facility
        ]

    def unanchored(self) -> int:
        return sum(rows for _, rows in self._since())

    def anchor(self, at: int, signer: Signer) -> Anchor:
        moved = [place for place, _ in self._since()]
        total = sum(head.seq for head in self.heads.values())
        made = anchored(self.last_anchor(), moved, total, at, signer)
        self._anchors.append((made, moved))
        return made

    def checkpoint(self, facility: str) -> Checkpoint | None:
        return self.checkpoints.get(facility)

    def before(self, facility: str, horizon_ms: int) -> Place | None:
        last = None
        for row in self.rows(facility):
            if row.at >= horizon_ms:
                break
            last = Place(facility, row.seq, row.hash)
        return last

    def prune(self, checkpoint: Checkpoint) -> int:
        chain = self.chains[checkpoint.facility]
        kept = [row for row in chain if row.seq > checkpoint.seq]
        self.chains[checkpoint.facility] = kept
        self.checkpoints[checkpoint.facility] = checkpoint
        return len(chain) - len(kept)

    def _since(self) -> list[tuple[Place, int]]:
        """Heads that moved since the last anchor, and by how much."""
        before: dict[str, int] = {}
        for _, moved in self._anchors:
            before.update((place.facility, place.seq) for place in moved)
        return [
            (Place(*head[:3]), head.seq - before.get(name, 0))
            for name, head in sorted(self.heads.items())
            if head.seq > before.get(name, 0)
        ]

    def _subject(self, person: PersonId | None) -> bytes:
        if person is None:
            return NOBODY
        tie = self.ties.setdefault(person, self._random(TIE_BYTES))
        return pseudonym(self._secret, tie)
