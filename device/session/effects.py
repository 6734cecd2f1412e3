"""What a visit asks the shell to do. Values only."""

from dataclasses import dataclass

from device.ports import Light, Sound
from device.session.state import Decisions, Ending, Ticket
from protocol.catalogue import Code
from protocol.codes import Method
from ui_eink.views import Lang, View


@dataclass(frozen=True, slots=True)
class Show:
    view: View
    lang: Lang


@dataclass(frozen=True, slots=True)
class SetLight:
    light: Light


@dataclass(frozen=True, slots=True)
class Play:
    sound: Sound


@dataclass(frozen=True, slots=True)
class Identify:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Look:
    """Look at who stands there, and read the card's photo meanwhile."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class LookWithNumber:
    """The same, and the photo is opened with the digits that were typed."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class StopErrand:
    """Leave the card alone and put the camera out, whatever they were about to say."""


@dataclass(frozen=True, slots=True)
class SignWithPin:
    """Hand the digits to one VERIFY, and sign the request with what it opens."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class SignWithTerminal:
    ticket: Ticket
    method: Method
    reason: str
    """Why a member of staff vouches; empty when the face did."""


@dataclass(frozen=True, slots=True)
class AskVerification:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class AskRegistration:
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class SendConsent:
    ticket: Ticket
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class Deliver:
    """Give the facility what the cloud said about this tap."""

    tap: int


@dataclass(frozen=True, slots=True)
class Record:
    """The visit of this tap is decided: one line for the log, no person in it."""

    tap: int
    ending: Ending
    method: Method | None
    code: Code | None
    decisions: Decisions = ()


Effect = (
    Show
    | SetLight
    | Play
    | Identify
    | Look
    | LookWithNumber
    | StopErrand
    | SignWithPin
    | SignWithTerminal
    | AskVerification
    | AskRegistration
    | SendConsent
    | Deliver
    | Record
)
