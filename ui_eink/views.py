"""What a screen says, as frozen values. `device/session/screens.py` chooses them.

A view holds facts (numbers left, which item is asked), never finished sentences:
the sentences stand in strings.py, in each language. No name, number or picture of
a patient is ever part of a view.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Lang(StrEnum):
    JA = "ja"
    JA_EASY = "ja-easy"
    """やさしい日本語: short sentences, furigana, no hard words."""
    EN = "en"
    ZH = "zh"
    KO = "ko"
    PT = "pt"
    VI = "vi"


class FaceHint(StrEnum):
    """One thing the patient can do now so that the camera sees the face."""

    NO_FACE = "no_face"
    CLOSER = "closer"
    FARTHER = "farther"
    CENTRE = "centre"
    FRONT = "front"
    DARK = "dark"
    BRIGHT = "bright"
    STILL = "still"
    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"
    CAP = "cap"
    ONE_PERSON = "one_person"
    TURN_LEFT = "turn_left"
    """Liveness: to the patient's own left."""
    TURN_RIGHT = "turn_right"
    BACK_TO_FRONT = "back_to_front"
    BLINK = "blink"


class ChosenAnswer(StrEnum):
    GRANTED = "granted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class StartingUp:
    """Switched on, not open yet."""


@dataclass(frozen=True, slots=True)
class SelfTest:
    """The parts are being tried: so many of so many are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Updating:
    """A new version is being installed."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nobody can be received here: switched off, or until somebody puts right what
    `code` names."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Offline:
    """No line: cards are taken, the result comes later."""


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Each language by its own name, on keys 1 to 7 (strings.LANGUAGES)."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Nobody is here: put your card on the reader."""

    simulated: bool = False


@dataclass(frozen=True, slots=True)
class ReadingCard:
    pass


@dataclass(frozen=True, slots=True)
class MoreTime:
    """Over the screen of whoever thinks: any key gives more time. Nothing counts down:
    paper would flicker, and nobody thinks faster before a clock."""


@dataclass(frozen=True, slots=True)
class ChooseMethod:
    """1 face, 2 PIN, 3 staff. A method that cannot be used is not offered."""

    face: bool = True
    pin: bool = True
    pin_tries_left: int | None = None
    """Given when fewer than the full number are left."""


@dataclass(frozen=True, slots=True)
class Look:
    """The camera is on. Who cannot or will not: 2 PIN, 3 staff, at any moment."""

    hint: FaceHint | None = None
    attempt: int = 1
    attempts: int = 3
    pin: bool = True


@dataclass(frozen=True, slots=True)
class FaceNotMatched:
    attempts_left: int
    pin: bool = True


@dataclass(frozen=True, slots=True)
class FaceSupported:
    """Assist mode: the face looked right, and somebody must still confirm it."""

    pin: bool = True


@dataclass(frozen=True, slots=True)
class EnterPin:
    digits: int = 0
    tries_left: int | None = None
    wrong_before: bool = False


@dataclass(frozen=True, slots=True)
class EnterNumberB:
    """The 14 digits on the card's face; how many are there, never which."""

    digits: int = 0
    wrong_before: bool = False


@dataclass(frozen=True, slots=True)
class PinBlocked:
    face: bool = True


@dataclass(frozen=True, slots=True)
class Checking:
    """The cloud is being asked."""


@dataclass(frozen=True, slots=True)
class AskRegistration:
    """Not registered for insurance use: register now? 1 yes, 3 no."""


@dataclass(frozen=True, slots=True)
class AskConsent:
    item: str
    index: int
    total: int
    standing: ChosenAnswer | None = None


@dataclass(frozen=True, slots=True)
class ConsentHelp:
    """What the item of the question is; the same keys answer."""

    item: str
    index: int
    total: int


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it will be sent."""

    item: str
    answer: ChosenAnswer
    same: bool
    """As last time: it was not asked again."""


@dataclass(frozen=True, slots=True)
class ConfirmConsent:
    """Every answer in one picture; 1 sends it, 3 asks everything anew."""

    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class RenewalNotice:
    """The card's certificate ends soon, or has ended and still helps."""

    expired: bool
    months_left: int
    """Whole months until the end (of the grace, when expired); 0 is less than one."""


@dataclass(frozen=True, slots=True)
class PutCardBack:
    """The card left before the end; the same card continues where it stopped."""

    seconds_left: int


@dataclass(frozen=True, slots=True)
class TakeCard:
    """Reception done: what was decided, and take your card."""

    decisions: tuple[tuple[str, ChosenAnswer], ...] = ()
    records_withheld: bool = False
    pending: bool = False
    """The cloud has not answered yet; staff will see the answer when it comes."""


@dataclass(frozen=True, slots=True)
class CardLeft:
    """Alarm: the card is still on the reader."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The patient's page: its address for a QR code, and the number that opens it."""

    url: str = field(repr=False)
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ThankYou:
    """The card is gone: please wait until you are called."""

    unanswered: bool = False
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A catalogue entry. The caller gives the lines: the patient's in the language of
    the view (strings.patient_line), the others as the staff of this place read."""

    code: str
    patient: str
    staff: str
    action: str


@dataclass(frozen=True, slots=True)
class CallStaff:
    """The patient asked for staff; face and PIN are set aside until they come."""


View = (
    StartingUp
    | SelfTest
    | Updating
    | OutOfService
    | Offline
    | ChooseLanguage
    | Ready
    | ReadingCard
    | MoreTime
    | ChooseMethod
    | Look
    | FaceNotMatched
    | FaceSupported
    | EnterPin
    | EnterNumberB
    | PinBlocked
    | Checking
    | AskRegistration
    | AskConsent
    | ConsentHelp
    | ConfirmConsent
    | RenewalNotice
    | PutCardBack
    | TakeCard
    | CardLeft
    | ThankYou
    | Problem
    | CallStaff
)


def name_of(view: View) -> str:
    """For records: "choose_method", "ask_consent-2" by question, "look-turn_left"."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(view).__name__).lower()
    match view:
        case AskConsent(_, index) | ConsentHelp(_, index):
            return f"{name}-{index}"
        case Look(hint) if hint is not None:
            return f"{name}-{hint}"
        case _:
            return name
