"""What each facility saw last of each person, compared and kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cloud.access.asking import Compared
from cloud.access.inquire import InquiryAnswer
from cloud.access.told import told
from cloud.changes.model import Difference, Seen, difference, remembered
from cloud.changes.sealing import LastSeen, seal, unseal
from cloud.changes.shown import shown
from cloud.changes.words import plain
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode


class LastSeenStore(Protocol):
    def last_seen(
        self, facility: FacilityCode, persons: Sequence[PersonId]
    ) -> list[LastSeen]: ...

    def put_last_seen(self, rows: Sequence[LastSeen]) -> None:
        """Insert or replace by facility and person, in one transaction."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """One answer's difference, and what is to be kept once it was handed out."""

    person: PersonId
    found: Difference
    seen: Seen


@dataclass(frozen=True, slots=True)
class Changes:
    store: LastSeenStore
    secret: bytes = field(repr=False)
    """sealing.SECRET_BYTES."""

    def compare(
        self, facility: FacilityCode, answer: InquiryAnswer, *, limit: bool, whole: bool
    ) -> Compared | None:
        """For `cloud.access.asking`, which says when the answer was committed."""
        (found,) = self.comparisons(facility, [answer], limit=limit, whole=whole)
        if found is None:
            return None
        return Compared(
            plain(found.found), lambda now_ms: self.keep(facility, [found], now_ms)
        )

    def comparisons(
        self,
        facility: FacilityCode,
        answers: Sequence[InquiryAnswer],
        *,
        limit: bool,
        whole: bool,
    ) -> list[Comparison | None]:
        """In their order, with one look into the store. None: there is nobody."""
        persons = {one.entry.id for one in answers if one.entry}
        rows = {one.person: one for one in self.store.last_seen(facility, [*persons])}
        return [self._one(rows, one, limit=limit, whole=whole) for one in answers]

    def keep(
        self, facility: FacilityCode, found: Sequence[Comparison], now_ms: int
    ) -> None:
        """After their answers were committed and not before."""
        self.store.put_last_seen(
            [seal(one.seen, facility, one.person, now_ms, self.secret) for one in found]
        )

    def _one(
        self,
        rows: dict[PersonId, LastSeen],
        answer: InquiryAnswer,
        *,
        limit: bool,
        whole: bool,
    ) -> Comparison | None:
        if answer.entry is None:
            return None
        row = rows.get(answer.entry.id)
        before = unseal(row, self.secret) if row else None
        now = shown(told(answer), limit=limit, whole=whole, before=before)
        if not now:
            return None
        since = row.at if row and before is not None else None
        found = difference(before, now, since)
        return Comparison(answer.entry.id, found, remembered(before, now))
