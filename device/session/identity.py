"""From the card to its signature: who is this? Nothing is asked of the cloud yet."""

from dataclasses import replace

from device.ports import Key
from device.session.effects import (
    AskVerification,
    Identify,
    SignWithPin,
    SignWithTerminal,
)
from device.session.events import (
    CardFailed,
    CardGone,
    CardIdentified,
    DeadlinePassed,
    Event,
    Hinted,
    KeyPressed,
    Looked,
    NumberUnread,
    PhotoRead,
    PinTyped,
    PinWrong,
    SightFailed,
    Signed,
)
from device.session.moves import Step, look, look_on, problem, stop
from device.session.number_entry import entering_number, number_unread, wrong_number
from device.session.session import Session
from device.session.state import State
from protocol.catalogue import Code
from protocol.codes import Method

_NO_WAY_ON = frozenset({Code.CARD_TORN, Code.PHOTO_NOT_AUTHENTIC})
"""A torn card is read again; a forged photo ends the visit. Without a photo for any
other reason the PIN is still a way."""


def identify(was: Session, event: Event, now: float) -> Step:
    """The states in UNIDENTIFIED."""
    match was.state, event:
        case _, CardGone():
            return problem(was, Code.CARD_TORN, now)
        case State.ENTERING_NUMBER, _:
            return entering_number(was, event, now)
        case state, KeyPressed(Key.CANCEL) if state is not State.SIGNING:
            return stop(was, now)
        case State.READING_CARD | State.SIGNING, _:
            return _card_works(was, event, now)
        case State.LOOKING, _:
            return _looking(was, event, now)
        case State.ENTERING_PIN, _:
            return _entering_pin(was, event, now)
        case _:
            return _choosing(was, event, now)


def _card_works(was: Session, event: Event, now: float) -> Step:
    match was.state, event:
        case State.READING_CARD, CardIdentified(was.ticket, card, face):
            known = replace(was, card=card, face=face and was.policy.terminal)
            # Who expects to type a PIN is told first that it cannot be used.
            choice = State.CHOOSING if known.pin else State.PIN_BLOCKED
            return known.enter(choice, now), ()
        case State.SIGNING, Signed(was.ticket):
            asking = was.errand().enter(State.CHECKING, now)
            asking = replace(asking, asked=asking.ticket)
            return asking, (AskVerification(asking.ticket),)
        case State.SIGNING, PinWrong(was.ticket, tries_left) if (
            was.method is Method.PIN
        ):
            return _wrong_pin(was, tries_left, now)
        case State.SIGNING, CardFailed(was.ticket, Code.TERMINAL_PROOF_REFUSED) if (
            was.pin and was.method is Method.FACE
        ):
            return _without_face(replace(was, method=None), now)
        case _, CardFailed(was.ticket, code):
            return _card_failed(was, code, now)
        case State.SIGNING, DeadlinePassed():
            return problem(was, Code.CARD_TORN, now)
        case _, DeadlinePassed():
            return problem(was, Code.CARD_UNREADABLE, now)
        case _:
            return was, ()


def _card_failed(was: Session, code: Code, now: float) -> Step:
    again = code == Code.CARD_TORN and was.reads < was.policy.read_attempts
    if not again or was.state is State.SIGNING:
        return problem(was, code, now)
    retry = replace(was, reads=was.reads + 1)
    if was.state is State.LOOKING:
        return look_on(retry, now)
    retry = retry.errand()
    return retry, (Identify(retry.ticket),)


def _choosing(was: Session, event: Event, now: float) -> Step:
    """The screens where a person decides how to go on."""
    match was.state, event:
        case State.CHOOSING | State.NOT_MATCHED | State.PIN_BLOCKED, KeyPressed(
            Key.K1
        ) if was.attempts_left:
            return look(was, now)
        case State.CHOOSING | State.NOT_MATCHED | State.FACE_SUPPORTED, KeyPressed(
            Key.K2
        ) if was.pin:
            return _enter_pin(was, now, wrong=False)
        case State.CHOOSING | State.NOT_MATCHED | State.PIN_BLOCKED, KeyPressed(Key.K3):
            return was.enter(State.CALLING_STAFF, now), ()
        case State.FACE_SUPPORTED | State.CALLING_STAFF, KeyPressed(Key.STAFF):
            return _by_staff(was, now)
        case State.CALLING_STAFF, KeyPressed(Key.CLEAR):
            return _back(was, now)
        case State.PIN_BLOCKED, DeadlinePassed():
            return problem(was, Code.PIN_BLOCKED, now)
        case _, DeadlinePassed():
            return problem(was, Code.VISIT_TIMED_OUT, now)
        case _:
            return was, ()


def _looking(was: Session, event: Event, now: float) -> Step:
    match event:
        case KeyPressed(Key.K2) if was.pin:
            return _enter_pin(was, now, wrong=False)
        case KeyPressed(Key.K3):
            return was.enter(State.CALLING_STAFF, now), ()
        case Hinted(was.ticket, hint):
            return replace(was, hint=hint), ()
        case PhotoRead(was.ticket):
            read = replace(was, photo=True, typed=False)
            return read.enter(State.LOOKING, now), ()
        case NumberUnread(was.ticket):
            return number_unread(was, now)
        case CardFailed(was.ticket, code):
            return _no_photo(was, code, now)
        case DeadlinePassed() if not was.photo:
            return problem(was, Code.CARD_UNREADABLE, now)
        case Looked(was.ticket, True) if was.policy.mode == "auto":
            return _sign_with_terminal(was, Method.FACE, "", now)
        case Looked(was.ticket, True):
            seen = replace(was, supported=True)
            return seen.enter(State.FACE_SUPPORTED, now), ()
        case Looked(was.ticket, False) | DeadlinePassed():
            return was.enter(State.NOT_MATCHED, now), ()
        case SightFailed(was.ticket):
            return _without_face(was, now)
        case _:
            return was, ()


def _no_photo(was: Session, code: Code, now: float) -> Step:
    """Not tried again by itself unless torn: the card counts wrong numbers too."""
    again = was.typed and was.numbers < was.policy.number_attempts
    if code == Code.VERIFICATION_NUMBER_WRONG and again:
        return wrong_number(was, now)
    if code in _NO_WAY_ON:
        return _card_failed(was, code, now)
    return _without_face(was, now)


def _without_face(was: Session, now: float) -> Step:
    return replace(was, face=False).enter(State.CHOOSING, now), ()


def _back(was: Session, now: float) -> Step:
    state = State.FACE_SUPPORTED if was.supported else State.CHOOSING
    return was.enter(state, now), ()


def _enter_pin(was: Session, now: float, *, wrong: bool) -> Step:
    empty = replace(was, digits=0, wrong_before=wrong)
    return empty.enter(State.ENTERING_PIN, now), ()


def _entering_pin(was: Session, event: Event, now: float) -> Step:
    match event:
        case PinTyped(digits) if was.digits < digits <= was.policy.pin_digits:
            return replace(was, digits=digits).enter(was.state, now), ()
        case KeyPressed(Key.CLEAR) if was.digits:
            return replace(was, digits=0).enter(was.state, now), ()
        case KeyPressed(Key.CLEAR):
            return _back(was, now)
        case KeyPressed(Key.ENTER) if was.digits == was.policy.pin_digits:
            signing = replace(was.errand(), digits=0, method=Method.PIN)
            signing = signing.enter(State.SIGNING, now)
            return signing, (SignWithPin(signing.ticket),)
        case DeadlinePassed():
            return problem(was, Code.VISIT_TIMED_OUT, now)
        case _:
            return was, ()


def _wrong_pin(was: Session, tries_left: int, now: float) -> Step:
    if was.card is None:
        return was, ()
    known = replace(was, card=replace(was.card, tries_left=tries_left), method=None)
    if tries_left:
        return _enter_pin(known, now, wrong=True)
    return known.enter(State.PIN_BLOCKED, now), ()


def _by_staff(was: Session, now: float) -> Step:
    """One-shot: it vouches for this patient and ends with this visit."""
    if not was.policy.terminal:
        return problem(was, Code.TERMINAL_PROOF_REFUSED, now)
    return _sign_with_terminal(was, Method.VISUAL, _reason(was), now)


def _reason(was: Session) -> str:
    if was.supported:
        return "face supported, confirmed by staff"
    if was.card is not None and was.card.tries_left == 0:
        return "PIN blocked"
    return "face not matched" if was.attempts else "asked by the patient"


def _sign_with_terminal(was: Session, method: Method, reason: str, now: float) -> Step:
    signing = replace(was.errand(), method=method).enter(State.SIGNING, now)
    return signing, (SignWithTerminal(signing.ticket, method, reason),)
