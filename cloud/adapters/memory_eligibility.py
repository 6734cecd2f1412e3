"""Open questions, notices and continuing care in memory."""

from collections.abc import Sequence

from cloud.eligibility.service import ContinuingCare
from cloud.eligibility.watch import Notice, Target, Watch
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode, RequestId


class MemoryEligibility:
    def __init__(self) -> None:
        self._watches: dict[tuple[FacilityCode, Target, str], Watch] = {}
        self._notices: list[Notice] = []
        self._care: dict[tuple[FacilityCode, PersonId], ContinuingCare] = {}

    def watch(self, watch: Watch) -> None:
        self._watches[watch.facility, watch.target, watch.value] = watch

    def watches(self, facility: FacilityCode | None = None) -> list[Watch]:
        found = sorted(self._watches.values(), key=lambda one: (one.since, one.handle))
        return [one for one in found if facility in {None, one.facility}]

    def due(self, now_ms: int, limit: int) -> list[Watch]:
        found = sorted(self._watches.values(), key=lambda one: one.next_at)
        return [one for one in found if one.next_at <= now_ms][:limit]

    def settle_watches(
        self, kept: Sequence[Watch], ended: Sequence[tuple[Watch, Notice]]
    ) -> None:
        for watch in kept:
            self.watch(watch)
        for watch, notice in ended:
            del self._watches[watch.facility, watch.target, watch.value]
            self._notices.append(notice)

    def notices(self, facility: FacilityCode, after: int) -> list[tuple[int, Notice]]:
        numbered = enumerate(self._notices, 1)
        return [
            (number, one)
            for number, one in numbered
            if one.facility == facility and number > after
        ]

    def continuing(
        self, facility: FacilityCode, handle: RequestId
    ) -> ContinuingCare | None:
        found = [
            one
            for one in self._care.values()
            if (one.facility, one.handle) == (facility, handle)
        ]
        return found[0] if found else None

    def cared(self) -> list[ContinuingCare]:
        return list(self._care.values())

    def put_continuing(self, care: ContinuingCare) -> None:
        self._care[care.facility, care.person] = care
