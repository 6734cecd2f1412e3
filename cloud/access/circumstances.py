"""What holds at a facility at this moment, besides its ordinary policy. Pure.

Who knows it stands above (cloud/modes); whoever answers asks here, once per answer.
"""

from dataclasses import dataclass
from typing import Protocol

from cloud.consent.care_place import PlaceKind, care_at
from cloud.facilities.model import Reader
from protocol.codes import CareKind, Method
from protocol.ids import FacilityCode
from protocol.messages import Mode


@dataclass(frozen=True, slots=True)
class Here:
    mode: Mode = ""
    """The mark of every answer: outage, disaster, or nothing."""
    eligibility_only: bool = False
    """資格確認限定型: everything but eligibility is refused."""
    bound: bool = False
    """Its key came in by an activation code: this is that very device."""
    closed: bool = False
    """Its substitute code was taken back: nothing is answered."""
    place: PlaceKind | None = None

    def lets(self, method: Method) -> bool:
        """目視 needs a device that is bound; a face needs a reader with a camera."""
        if not self.eligibility_only or method is Method.PIN:
            return True
        return method is Method.VISUAL and self.bound

    def care(self, stated: CareKind) -> CareKind:
        return care_at(self.place, stated)


ORDINARY = Here()


class Circumstances(Protocol):
    def facility(self, facility: FacilityCode, now_ms: int) -> Here:
        """Of one who asks without a reader."""
        ...

    def reader(self, reader: Reader, now_ms: int) -> Here: ...


class Ordinary:
    """Nowhere anything exceptional."""

    def facility(self, facility: FacilityCode, now_ms: int) -> Here:
        return ORDINARY

    def reader(self, reader: Reader, now_ms: int) -> Here:
        return ORDINARY
