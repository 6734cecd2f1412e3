"""Patient numbers in memory."""

from cloud.eligibility.reference import Reference
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode


class MemoryReferences:
    def __init__(self) -> None:
        self._numbers: dict[tuple[FacilityCode, PersonId], str] = {}

    def number_of(self, facility: FacilityCode, person: PersonId) -> str | None:
        return self._numbers.get((facility, person))

    def person_of(self, facility: FacilityCode, number: str) -> PersonId | None:
        found = (
            person
            for (place, person), kept in self._numbers.items()
            if (place, kept) == (facility, number)
        )
        return next(found, None)

    def link(self, reference: Reference) -> bool:
        if (reference.facility, reference.person) in self._numbers:
            return False
        return self._free(reference)

    def relink(self, reference: Reference) -> bool:
        if (reference.facility, reference.person) not in self._numbers:
            return False
        return self._free(reference)

    def unlink(self, facility: FacilityCode, number: str) -> bool:
        person = self.person_of(facility, number)
        if person is None:
            return False
        del self._numbers[facility, person]
        return True

    def count(self, facility: FacilityCode) -> int:
        return sum(1 for place, _ in self._numbers if place == facility)

    def _free(self, reference: Reference) -> bool:
        if self.person_of(reference.facility, reference.number) is not None:
            return False
        self._numbers[reference.facility, reference.person] = reference.number
        return True
