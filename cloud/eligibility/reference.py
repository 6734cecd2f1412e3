"""照会番号: the facility's own number of a patient, so that results find the chart.

A chart is one person's and a person has one chart here: unique in both directions.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Protocol

from cloud.registry.model import PersonId
from protocol.ids import FacilityCode

_NUMBER: Final = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,18}[0-9A-Za-z])?")


@dataclass(frozen=True, slots=True)
class Reference:
    facility: FacilityCode
    person: PersonId = field(repr=False)
    number: str = field(repr=False)
    at: int


class ReferenceStore(Protocol):
    """Every method that writes is one transaction."""

    def number_of(self, facility: FacilityCode, person: PersonId) -> str | None: ...

    def person_of(self, facility: FacilityCode, number: str) -> PersonId | None: ...

    def link(self, reference: Reference) -> bool:
        """False, and nothing is changed: the number or the person is linked here."""
        ...

    def relink(self, reference: Reference) -> bool:
        """Another number for a person; False: the number is somebody else's."""
        ...

    def unlink(self, facility: FacilityCode, number: str) -> bool: ...

    def count(self, facility: FacilityCode) -> int: ...


class NumberTakenError(Exception):
    """The number is another person's here."""


class PersonLinkedError(Exception):
    """The person has another number here: it is replaced only when that is said."""


def reference(text: str) -> str:
    """Our choice of a shape: 1-20 letters and digits, hyphens inside. ValueError."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("a patient number is 1-20 letters, digits, inner hyphens")
    return text


class References:
    def __init__(self, store: ReferenceStore) -> None:
        self._store = store

    def reference_number(self, facility: FacilityCode, person: PersonId) -> str:
        """What results of this person carry here; empty: none."""
        return self._store.number_of(facility, person) or ""

    def person_of(self, facility: FacilityCode, number: str) -> PersonId | None:
        return self._store.person_of(facility, number)

    def count(self, facility: FacilityCode) -> int:
        return self._store.count(facility)

    def link(
        self,
        facility: FacilityCode,
        person: PersonId,
        number: str,
        now_ms: int,
        *,
        replace: bool = False,
    ) -> bool:
        """False: it was so already. Raises NumberTakenError, PersonLinkedError."""
        wanted = Reference(facility, person, number, now_ms)
        if self._store.link(wanted):
            return True
        # Read after the refusal: what stands now is why.
        if self._store.number_of(facility, person) == number:
            return False
        if self._store.person_of(facility, number) is not None:
            raise NumberTakenError
        if not replace:
            raise PersonLinkedError
        if not self._store.relink(wanted):
            raise NumberTakenError
        return True

    def unlink(self, facility: FacilityCode, number: str) -> bool:
        """Whether there was one."""
        return self._store.unlink(facility, number)
