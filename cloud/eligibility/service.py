"""Open questions, who is in continuing care, and what facilities are to be told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cloud.eligibility.cause import Cause
from cloud.eligibility.watch import Notice, Watch, looked
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId

AT_ONCE = 200
"""Watches looked at in one go, so that a worker is soon back at its requests."""


@dataclass(frozen=True, slots=True)
class ContinuingCare:
    """訪問診療等: a person who was checked once, and whose care goes on."""

    facility: FacilityCode
    person: PersonId
    handle: RequestId
    """The request of the first check: re-inquiries name it."""
    since: int
    ended: int | None = None


class EligibilityStore(Protocol):
    def watch(self, watch: Watch) -> None:
        """Begin; the same target at the same facility is the same watch."""
        ...

    def watches(self, facility: FacilityCode | None = None) -> list[Watch]:
        """The oldest first."""
        ...

    def due(self, now_ms: int, limit: int) -> list[Watch]: ...

    def settle_watches(
        self, kept: Sequence[Watch], ended: Sequence[tuple[Watch, Notice]]
    ) -> None:
        """In one transaction."""
        ...

    def notices(self, facility: FacilityCode, after: int) -> list[tuple[int, Notice]]:
        """Those behind notice number `after`, numbered."""
        ...

    def continuing(
        self, facility: FacilityCode, handle: RequestId
    ) -> ContinuingCare | None: ...

    def put_continuing(self, care: ContinuingCare) -> None:
        """Insert or replace by facility and person."""
        ...


def recheck(
    store: EligibilityStore,
    judge: Callable[[Watch], Cause | None],
    now_ms: int,
) -> list[Notice]:
    """Look at what is due; what facilities are now told."""
    due = store.due(now_ms, AT_ONCE)
    kept: list[Watch] = []
    ended: list[tuple[Watch, Notice]] = []
    for watch in due:
        after = looked(watch, judge(watch), now_ms)
        if isinstance(after, Watch):
            kept.append(after)
        else:
            ended.append((watch, after))
    if due:
        store.settle_watches(kept, ended)
    return [notice for _, notice in ended]
