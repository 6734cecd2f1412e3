"""Where a visit stands, and the small values it is made of."""

from dataclasses import dataclass, field
from enum import Enum

from protocol.catalogue import Code
from protocol.codes import Decision


class State(Enum):
    READY = "ready"
    READING_CARD = "reading card"
    CHOOSING = "choosing"
    ENTERING_NUMBER = "entering number"
    LOOKING = "looking"
    NOT_MATCHED = "not matched"
    FACE_SUPPORTED = "face supported"
    ENTERING_PIN = "entering pin"
    PIN_BLOCKED = "pin blocked"
    CALLING_STAFF = "calling staff"
    SIGNING = "signing"
    CHECKING = "checking"
    OFFERING_REGISTRATION = "offering registration"
    CONSENTING = "consenting"
    SENDING_CONSENT = "sending consent"
    AWAY = "away"
    RECOGNISING = "recognising"
    TAKE_CARD = "take card"
    STOPPED = "stopped"
    CARD_LEFT = "card left"
    RENEWAL = "renewal"
    THANK_YOU = "thank you"
    PROBLEM = "problem"


UNIDENTIFIED = frozenset(
    {
        State.READING_CARD,
        State.CHOOSING,
        State.ENTERING_NUMBER,
        State.LOOKING,
        State.NOT_MATCHED,
        State.FACE_SUPPORTED,
        State.ENTERING_PIN,
        State.PIN_BLOCKED,
        State.CALLING_STAFF,
        State.SIGNING,
    }
)
"""The card has not signed yet: nothing was asked, so leaving costs nothing."""

WORKING = frozenset(
    {
        State.READING_CARD,
        State.LOOKING,
        State.SIGNING,
        State.RECOGNISING,
    }
)
"""The card or the camera is at work for us; leaving early breaks that off."""

ENDED = frozenset(
    {
        State.RENEWAL,
        State.TAKE_CARD,
        State.STOPPED,
        State.CARD_LEFT,
        State.THANK_YOU,
        State.PROBLEM,
    }
)
"""The visit is decided; only the card and the last screen remain."""

PATIENT_THINKS = frozenset(
    {
        State.READY,
        State.CHOOSING,
        State.ENTERING_NUMBER,
        State.NOT_MATCHED,
        State.FACE_SUPPORTED,
        State.ENTERING_PIN,
        State.PIN_BLOCKED,
        State.CALLING_STAFF,
        State.OFFERING_REGISTRATION,
        State.CONSENTING,
        State.AWAY,
    }
)
"""Time spent here is the person's, not the machine's."""

UNHURRIED = PATIENT_THINKS - {State.READY, State.AWAY}
"""Somebody has the reader before them and decides: warned before the time is over, and
given more of it at a slower pace."""

TOLD = frozenset({State.RENEWAL, State.TAKE_CARD, State.PROBLEM})
"""Nothing is asked, and there is something to read at one's own pace. The last screen
is not among them: a link stands as long for everybody."""

TO_TAKE = frozenset({State.TAKE_CARD, State.STOPPED, State.CARD_LEFT})
"""The screen asks for the card to be taken."""


class Ending(Enum):
    """How a visit ended, in one word for the record."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One errand of one tap. Slow effects carry it, their answers echo it."""

    tap: int = 0
    step: int = 0


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the machine may know of a card."""

    fingerprint: bytes
    """SHA-256 of the authentication certificate (DER)."""
    tries_left: int
    """PIN tries; 0 is a blocked PIN, or a card that was issued without one."""


@dataclass(frozen=True, slots=True)
class TakeAlong:
    """The patient's page of this visit: for the last screen, and nowhere else."""

    url: str = field(repr=False)
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """One consent question, with the answer of last time."""

    item: str
    standing: Decision | None = None

    @property
    def answered(self) -> bool:
        """There is a yes or a no of last time that may be repeated."""
        return self.standing in {Decision.GRANTED, Decision.REFUSED}


@dataclass(frozen=True, slots=True)
class Renewal:
    """The card's certificate ends soon, or ended and still helps for some months."""

    expired: bool
    months_left: int
    """Whole months; 0 is less than one."""


class Condition(Enum):
    """What the reader can do for whoever comes next."""

    OPEN = "open"
    OFFLINE = "offline"
    """Cards are taken; the answers come later."""
    OUT = "out of service"


@dataclass(frozen=True, slots=True)
class Service:
    condition: Condition = Condition.OPEN
    code: Code | None = None
    """What is missing."""

    @property
    def open(self) -> bool:
        return self.condition is not Condition.OUT


Decisions = tuple[tuple[str, Decision], ...]
