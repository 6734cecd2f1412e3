"""What this room keeps: one change is one transaction; who comes second is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol, TypeVar

from cloud.audit.model import Entry
from cloud.consent.care_place import PlaceKind
from cloud.consent.emergency import Emergency
from cloud.consent.keys import DataKey
from cloud.consent.model import Consent
from cloud.eligibility.service import ContinuingCare
from cloud.facilities.model import Reader
from cloud.modes.activation import Activation, Device
from cloud.modes.disaster import Disaster
from cloud.modes.online import Ticket
from cloud.modes.outage import Outage
from cloud.modes.search import Candidate
from cloud.modes.use import Use
from cloud.modes.workplace import Workplace
from protocol.codes import Sex
from protocol.ids import FacilityCode, RequestId


@dataclass(frozen=True, slots=True)
class Placed:
    """What kind of place a facility, or one of its readers, is set to."""

    key: ClassVar[str] = "place"

    facility: FacilityCode
    reader: str
    """Empty: all of the facility."""
    kind: PlaceKind
    at: int
    turn: int = 0

    @property
    def place(self) -> str:
        return place_of(self.facility, self.reader)


def place_of(facility: str, reader: str = "") -> str:
    return f"{facility}/{reader}"


@dataclass(frozen=True, slots=True)
class WrongCodes:
    """Codes that did not fit a facility, within a window of time."""

    key: ClassVar[str] = "facility"

    facility: FacilityCode
    since: int
    wrong: int
    turn: int = 0


Thing = (
    Outage
    | Disaster
    | Use
    | Workplace
    | Activation
    | Device
    | Ticket
    | Placed
    | WrongCodes
)
T = TypeVar(
    "T",
    Outage,
    Disaster,
    Use,
    Workplace,
    Activation,
    Device,
    Ticket,
    Placed,
    WrongCodes,
)


@dataclass(frozen=True, slots=True)
class Change:
    """All or nothing."""

    new: tuple[Thing, ...] = ()
    changed: tuple[Thing, ...] = ()
    """Each one turn further than it is kept."""
    entries: tuple[Entry, ...] = ()
    """Rows of the audit log."""
    consents: tuple[Consent, ...] = ()
    keys: tuple[DataKey, ...] = ()
    emergency: Emergency | None = None
    unchanged: tuple[Thing, ...] = ()
    """Each must still be at this turn when all of it stands."""
    closes: tuple[RequestId, ...] = ()
    """Data keys of these requests are destroyed."""
    closes_mode: str = ""
    """Data keys of every use of this mode are destroyed."""
    readers: tuple[Reader, ...] = ()
    care: ContinuingCare | None = None


class ModeStore(Protocol):
    def commit(self, change: Change) -> None:
        """Raises ConflictError: something new exists, or something changed before."""
        ...

    def one(self, kind: type[T], key: str | bytes) -> T | None: ...

    def of(self, kind: type[T], facility: FacilityCode) -> list[T]:
        """A facility's, the oldest first."""
        ...

    def every(self, kind: type[T]) -> list[T]:
        """The oldest first."""
        ...

    def current(self, kind: type[T], now_ms: int) -> list[T]:
        """Outages or disasters whose end is still to come."""
        ...

    def searches(self, facility: FacilityCode, staff: str, since: int) -> int:
        """Uses of this member of staff from `since` on."""
        ...

    def born(self, day: date, sex: Sex) -> Iterable[Candidate]:
        """Everybody of exactly this birth date and sex."""
        ...
