"""What can happen to a visit. Values only, and never a person, a PIN or a picture.

An event that answers an effect echoes the ticket the effect carried.
"""

from dataclasses import dataclass

from device.face.model import Hint
from device.ports import Key
from device.session.state import (
    Ask,
    CardFacts,
    Renewal,
    Service,
    TakeAlong,
    Ticket,
)
from protocol.catalogue import Code
from protocol.codes import Outcome


@dataclass(frozen=True, slots=True)
class CardPut:
    pass


@dataclass(frozen=True, slots=True)
class CardGone:
    pass


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: Key


@dataclass(frozen=True, slots=True)
class PinTyped:
    """So many digits are in the runtime's own buffer now."""

    digits: int


@dataclass(frozen=True, slots=True)
class NumberTyped:
    """So many digits of 照合番号B are in the runtime's own buffer now."""

    digits: int


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    pass


@dataclass(frozen=True, slots=True)
class CardIdentified:
    ticket: Ticket
    card: CardFacts
    face: bool
    """Camera, models and the printed number are there."""


@dataclass(frozen=True, slots=True)
class CardFailed:
    ticket: Ticket
    code: Code


@dataclass(frozen=True, slots=True)
class PinWrong:
    ticket: Ticket
    tries_left: int


@dataclass(frozen=True, slots=True)
class NumberUnread:
    """Nothing here knows what is printed on the card: somebody must type it."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class PhotoRead:
    """On the way of a look: the card has done its part of it."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Hinted:
    ticket: Ticket
    hint: Hint | None


@dataclass(frozen=True, slots=True)
class Looked:
    ticket: Ticket
    matched: bool


@dataclass(frozen=True, slots=True)
class SightFailed:
    ticket: Ticket
    code: Code


@dataclass(frozen=True, slots=True)
class Signed:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class AskKept:
    """The question is safe in the outbox."""

    ticket: Ticket
    reachable: bool


@dataclass(frozen=True, slots=True)
class AskFailed:
    ticket: Ticket
    code: Code


@dataclass(frozen=True, slots=True)
class Answered:
    """The cloud's word on a verification or a registration."""

    ticket: Ticket
    outcome: Outcome
    code: Code | None = None
    asks: tuple[Ask, ...] = ()
    withheld: bool = False
    renewal: Renewal | None = None


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    ticket: Ticket
    page: TakeAlong | None = None


@dataclass(frozen=True, slots=True)
class AskRefused:
    """The cloud opened the question and will not act on it."""

    ticket: Ticket
    code: Code


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """The facility's computer did not take the result; it will be tried again."""

    tap: int
    code: Code


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """A part that everybody needs was lost, or is back."""

    service: Service


@dataclass(frozen=True, slots=True)
class ListeningChanged:
    """Headphones went in, or out."""

    listening: bool


Event = (
    CardPut
    | CardGone
    | KeyPressed
    | PinTyped
    | NumberTyped
    | DeadlinePassed
    | CardIdentified
    | CardFailed
    | PinWrong
    | NumberUnread
    | PhotoRead
    | Hinted
    | Looked
    | SightFailed
    | Signed
    | AskKept
    | AskFailed
    | Answered
    | ConsentRecorded
    | AskRefused
    | DeliveryFailed
    | ServiceChanged
    | ListeningChanged
)
