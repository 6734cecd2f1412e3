"""The words of a timeline: a closed set, with nothing of a person in it.

A typed digit is a digit and a menu key a key, whichever it was. Codes are the
catalogue's. No ticket, fingerprint, decision or number of tries has a word.
"""

from enum import StrEnum
from typing import assert_never

from device.ports import Key
from device.session.effects import (
    AskRegistration,
    AskVerification,
    Deliver,
    Effect,
    Identify,
    Look,
    LookWithNumber,
    Play,
    Record,
    SendConsent,
    SetLight,
    Show,
    SignWithPin,
    SignWithTerminal,
    StopErrand,
)
from device.session.events import (
    Answered,
    AskFailed,
    AskKept,
    AskRefused,
    CardFailed,
    CardGone,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    Hinted,
    KeyPressed,
    Looked,
    NumberTyped,
    NumberUnread,
    PhotoRead,
    PinTyped,
    PinWrong,
    ServiceChanged,
    SightFailed,
    Signed,
)
from protocol.codes import Outcome
from ui_eink.views import name_of


class Kind(StrEnum):
    EVENT = "event"
    STATE = "state"
    SCREEN = "screen"
    LIGHT = "light"
    SOUND = "sound"
    ERRAND = "errand"
    RECORD = "record"


NAMED_KEYS = frozenset({Key.ENTER, Key.CLEAR, Key.CANCEL, Key.LANGUAGE, Key.STAFF})
"""The others answer questions or are digits: which one it was is not said."""
_OUTCOMES = {
    Outcome.ACCEPTED: "answer: accepted",
    Outcome.REFUSED: "answer: refused",
    Outcome.REGISTRATION_NEEDED: "answer: registration needed",
}


def words_of_event(event: Event) -> tuple[str, str]:
    """Name and detail of what happened."""
    match event:
        case KeyPressed(key):
            return "key", key.value if key in NAMED_KEYS else ""
        case PinTyped() | NumberTyped():
            return "digit", ""
        case CardPut():
            return "card put", ""
        case CardGone():
            return "card gone", ""
        case DeadlinePassed():
            return "deadline passed", ""
        case ServiceChanged(service):
            return f"service: {service.condition.value}", service.code or ""
        case Answered():
            return _OUTCOMES[event.outcome], event.code or ""
        case ConsentRecorded():
            return "consents recorded", ""
        case AskKept():
            return "question kept", "" if event.reachable else "no line"
        case AskFailed():
            return "question not kept", event.code
        case AskRefused():
            return "question refused", event.code
        case DeliveryFailed():
            return "delivery failed", event.code
        case _:
            return _of_the_card(event)


def _of_the_card(
    event: CardIdentified
    | CardFailed
    | PinWrong
    | NumberUnread
    | PhotoRead
    | Hinted
    | Looked
    | SightFailed
    | Signed,
) -> tuple[str, str]:
    match event:
        case CardIdentified():
            return "card identified", ""
        case CardFailed():
            return "card failed", event.code
        case PinWrong():
            return "PIN wrong", ""
        case NumberUnread():
            return "number unread", ""
        case PhotoRead():
            return "photo read", ""
        case Hinted(_, hint):
            return f"hint: {hint.value.replace('_', ' ') if hint else 'well'}", ""
        case Looked():
            return "face matched" if event.matched else "face not matched", ""
        case SightFailed():
            return "look failed", event.code
        case Signed():
            return "signed", ""
        case _:
            assert_never(event)


def words_of_effect(effect: Effect) -> tuple[Kind, str, str]:
    """Kind, name and detail of what was asked for."""
    match effect:
        case Show(view):
            return Kind.SCREEN, name_of(view), ""
        case SetLight(light):
            return Kind.LIGHT, light.value, ""
        case Play(sound):
            return Kind.SOUND, sound.value, ""
        case Record():
            said = (effect.method or "", effect.code or "")
            return Kind.RECORD, effect.ending.value, " ".join(filter(None, said))
        case Identify():
            return Kind.ERRAND, "identify", ""
        case Look():
            return Kind.ERRAND, "look", ""
        case LookWithNumber():
            return Kind.ERRAND, "look, number typed", ""
        case StopErrand():
            return Kind.ERRAND, "stop", ""
        case SignWithPin():
            return Kind.ERRAND, "sign", "pin"
        case SignWithTerminal():
            return Kind.ERRAND, "sign", effect.method
        case AskVerification():
            return Kind.ERRAND, "ask verification", ""
        case AskRegistration():
            return Kind.ERRAND, "ask registration", ""
        case SendConsent():
            return Kind.ERRAND, "send consents", ""
        case Deliver():
            return Kind.ERRAND, "deliver", ""
        case _:
            assert_never(effect)
