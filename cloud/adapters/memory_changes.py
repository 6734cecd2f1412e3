"""What facilities saw last, in memory: the same contract as SQL."""

from collections.abc import Sequence

from cloud.changes.sealing import LastSeen
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode


class MemoryLastSeen:
    def __init__(self) -> None:
        self.rows: dict[tuple[FacilityCode, PersonId], LastSeen] = {}

    def last_seen(
        self, facility: FacilityCode, persons: Sequence[PersonId]
    ) -> list[LastSeen]:
        found = (self.rows.get((facility, person)) for person in persons)
        return [one for one in found if one]

    def put_last_seen(self, rows: Sequence[LastSeen]) -> None:
        self.rows.update({(one.facility, one.person): one for one in rows})
