"""What a state looks and sounds like. Pure: the machine never names a screen."""

from typing import assert_never

from device.ports import Light, Sound
from device.session.session import Session
from device.session.state import Condition, Ending, State
from protocol.catalogue import Code, entry
from protocol.codes import Decision
from ui_eink import views
from ui_eink.strings import patient_line
from ui_eink.views import ChosenAnswer, FaceHint, Lang, View


def screen(session: Session) -> View:
    """The view of a session; a patient's lines are in its language."""
    if session.choosing_language:
        return views.ChooseLanguage()
    if session.warned:
        return views.MoreTime()
    match session.state:
        case State.READY:
            return _nobody(session)
        case State.READING_CARD | State.RECOGNISING:
            return views.ReadingCard()
        case State.CHOOSING:
            return views.ChooseMethod(
                bool(session.attempts_left), session.pin, session.tries_left
            )
        case State.ENTERING_NUMBER:
            return views.EnterNumberB(session.digits, session.wrong_before)
        case State.LOOKING:
            return _look(session)
        case State.NOT_MATCHED:
            return views.FaceNotMatched(session.attempts_left, session.pin)
        case State.FACE_SUPPORTED:
            return views.FaceSupported(session.pin)
        case State.ENTERING_PIN:
            return views.EnterPin(
                session.digits, session.tries_left, session.wrong_before
            )
        case State.PIN_BLOCKED:
            return views.PinBlocked(bool(session.attempts_left))
        case State.CALLING_STAFF:
            return views.CallStaff()
        case State.SIGNING | State.CHECKING | State.SENDING_CONSENT:
            return views.Checking()
        case State.OFFERING_REGISTRATION:
            return views.AskRegistration()
        case State.CONSENTING:
            return _consent(session)
        case State.AWAY:
            return views.PutCardBack(session.seconds_left)
        case State.RENEWAL if session.renewal is not None:
            renewal = session.renewal
            return views.RenewalNotice(renewal.expired, renewal.months_left)
        case State.TAKE_CARD | State.RENEWAL:
            return _take_card(session)
        case State.STOPPED | State.CARD_LEFT:
            return views.CardLeft()
        case State.THANK_YOU:
            return _thank_you(session)
        case State.PROBLEM:
            return _problem(session.code, session)
        case _:
            assert_never(session.state)


def _nobody(session: Session) -> View:
    match session.service.condition:
        case Condition.OPEN:
            return views.Ready(simulated=session.policy.simulated)
        case Condition.OFFLINE:
            return views.Offline()
        case Condition.OUT:
            return views.OutOfService(session.service.code or Code.SELFTEST_FAILED)


def _look(session: Session) -> View:
    hint = None if session.hint is None else FaceHint(session.hint.value)
    policy, attempt = session.policy, session.attempts
    return views.Look(hint, attempt, policy.face_attempts, session.pin)


def _consent(session: Session) -> View:
    index, asks = session.question, session.open_asks
    if index is None:
        return _confirm(session)
    ask = asks[index]
    if session.helping:
        return views.ConsentHelp(ask.item, index + 1, len(asks))
    standing = None if ask.standing is None else ChosenAnswer(ask.standing.value)
    return views.AskConsent(ask.item, index + 1, len(asks), standing)


def _confirm(session: Session) -> View:
    pressed = dict(session.decisions)
    return views.ConfirmConsent(
        tuple(
            views.Told(item, ChosenAnswer(said.value), same=item not in pressed)
            for item, said in session.confirmed
        )
    )


def _take_card(session: Session) -> View:
    decisions = tuple(
        (item, ChosenAnswer(decision.value)) for item, decision in session.decisions
    )
    pending = session.ending is Ending.PENDING
    return views.TakeCard(decisions, session.withheld, pending)


def _thank_you(session: Session) -> View:
    page = session.page
    receipt = views.Receipt(page.url, page.word) if page else None
    return views.ThankYou(_open(session), receipt)


def _open(session: Session) -> bool:
    """A question is still open; the patient should speak to reception."""
    unanswered = Decision.UNANSWERED in dict(session.unanswered()).values()
    return unanswered or session.ending is Ending.PENDING


def _problem(code: Code | None, session: Session) -> View:
    """The patient's line in the visit's language; staff read what this place reads."""
    code = code or Code.VISIT_TIMED_OUT
    lines = entry(code)
    staff = "en" if Lang.EN in {session.lang, session.policy.lang} else "ja"
    line = patient_line(code, session.lang) or lines.patient[session.lang.value]
    return views.Problem(code, line, lines.staff[staff], lines.action[staff])


def light(session: Session) -> Light:
    if session.alarms:
        return Light.ALARM
    match session.state:
        case State.LOOKING:
            return Light.CAMERA
        case (
            State.READING_CARD
            | State.RECOGNISING
            | State.SIGNING
            | State.CHECKING
            | State.SENDING_CONSENT
        ):
            return Light.BUSY
        case State.RENEWAL | State.TAKE_CARD | State.THANK_YOU if (
            session.ending is Ending.ACCEPTED
        ):
            return Light.YES
        case State.PROBLEM | State.PIN_BLOCKED:
            return Light.NO
        case _:
            return Light.READY


_ENTRY_SOUNDS = {
    State.READING_CARD: Sound.CARD,
    State.RECOGNISING: Sound.CARD,
    State.NOT_MATCHED: Sound.ERROR,
    State.PIN_BLOCKED: Sound.ERROR,
    State.AWAY: Sound.ERROR,
    State.PROBLEM: Sound.ERROR,
    State.RENEWAL: Sound.DONE,
    State.TAKE_CARD: Sound.DONE,
}


def sound(was: Session, session: Session, *, key: bool) -> Sound | None:
    """What this step sounds like; every key sounds the same."""
    if session.alarms > was.alarms:
        return Sound.ALARM
    if was.alarms and not session.alarms:
        return Sound.STOP
    if session.warned and not was.warned:
        return Sound.ERROR
    if was.state is not session.state:
        typing = session.state in {State.ENTERING_PIN, State.ENTERING_NUMBER}
        if typing and session.wrong_before:
            return Sound.ERROR
        return _ENTRY_SOUNDS.get(session.state, Sound.TICK if key else None)
    return Sound.TICK if key and was != session else None
