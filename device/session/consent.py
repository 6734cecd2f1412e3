"""From the question to the receipt: the cloud answers, the patient decides.

The card may leave at any moment here. The visit is kept for that card, decisions
made so far stay, and what nobody answered is unanswered: never yes, never no.
"""

from dataclasses import replace

from device.ports import Key
from device.session.effects import (
    AskRegistration,
    Deliver,
    Effect,
    Identify,
    Record,
    SendConsent,
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
    Event,
    KeyPressed,
)
from device.session.moves import Step, begin, finish, home, problem
from device.session.session import Session
from device.session.state import Ending, State
from protocol.catalogue import Code
from protocol.codes import Decision, Outcome


def consent(was: Session, event: Event, now: float) -> Step:
    match was.state, event:
        case State.SENDING_CONSENT, _:
            return _sending(was, event, now)
        case _, Answered(was.asked):
            return _answered(was, event, now)
        case _, AskKept(was.asked, reachable):
            return replace(was, reachable=reachable), ()
        case _, (AskFailed(was.asked, code) | AskRefused(was.asked, code)):
            return problem(replace(was, asked=None), code, now)
        case State.AWAY | State.RECOGNISING, _:
            return _away(was, event, now)
        case _, CardGone():
            return _leave(was, now)
        case State.CHECKING, DeadlinePassed():
            return finish(was, Ending.PENDING, now, _silence(was)), ()
        case State.OFFERING_REGISTRATION, _:
            return _offering(was, event, now)
        case State.CONSENTING, _:
            return _consenting(was, event, now)
        case _:
            return was, ()


def _silence(was: Session) -> Code:
    return Code.CLOUD_SILENT if was.reachable else Code.BROKER_UNREACHABLE


def _answered(was: Session, event: Answered, now: float) -> Step:
    heard = replace(was, asked=None)
    match event.outcome:
        case Outcome.REFUSED:
            told, _ = problem(heard, event.code or Code.NOT_FOUND, now)
            return told, (Deliver(was.tap),)
        case Outcome.REGISTRATION_NEEDED if was.registering:
            return problem(heard, Code.NOT_REGISTERED, now)
        case Outcome.REGISTRATION_NEEDED:
            return _go_on(heard, State.OFFERING_REGISTRATION, now), ()
        case Outcome.ACCEPTED if event.asks:
            heard = replace(heard, asks=event.asks, renewal=event.renewal)
            return _go_on(heard, State.CONSENTING, now), ()
        case Outcome.ACCEPTED:
            heard = replace(heard, withheld=event.withheld, renewal=event.renewal)
            return _nothing_to_ask(heard, event.code, now)


def _go_on(was: Session, state: State, now: float) -> Session:
    """The next screen; while the card is away, where it will go on."""
    if was.resume is not None:
        return replace(was, resume=state)
    return was.enter(state, now)


def _nothing_to_ask(was: Session, code: Code | None, now: float) -> Step:
    deliver = (Deliver(was.tap),)
    if was.state is State.RECOGNISING:
        return replace(was, resume=State.TAKE_CARD, code=code), deliver
    return finish(was, Ending.ACCEPTED, now, code), deliver


def _offering(was: Session, event: Event, now: float) -> Step:
    match event:
        case KeyPressed(Key.K1):
            asking = replace(was.errand(), registering=True)
            asking = replace(asking, asked=asking.ticket).enter(State.CHECKING, now)
            return asking, (AskRegistration(asking.ticket),)
        case KeyPressed(Key.K3 | Key.CANCEL) | DeadlinePassed():
            return problem(was, Code.NOT_REGISTERED, now)
        case _:
            return was, ()


def _consenting(was: Session, event: Event, now: float) -> Step:
    match event:
        case KeyPressed(Key.CANCEL) | DeadlinePassed():
            return _send(was, now)
        case _ if was.question is None:
            return _confirming(was, event, now)
        case KeyPressed(Key.K1):
            return _decide(was, Decision.GRANTED, now)
        case KeyPressed(Key.K2):
            helped = replace(was, helping=not was.helping)
            return helped.enter(State.CONSENTING, now), ()
        case KeyPressed(Key.K3):
            return _decide(was, Decision.REFUSED, now)
        case KeyPressed(Key.CLEAR) if was.helping or was.decisions:
            last = len(was.decisions) - (not was.helping)
            back = replace(was, helping=False, decisions=was.decisions[:last])
            return back.enter(State.CONSENTING, now), ()
        case _:
            return was, ()


def _confirming(was: Session, event: Event, now: float) -> Step:
    """Everything in one picture. Silence here repeats nothing of last time."""
    match event:
        case KeyPressed(Key.K1 | Key.ENTER):
            return _send(replace(was, decisions=was.confirmed), now)
        case KeyPressed(Key.K3):
            anew = replace(was, changing=True, decisions=())
            return anew.enter(State.CONSENTING, now), ()
        case KeyPressed(Key.CLEAR) if was.decisions:
            back = replace(was, decisions=was.decisions[:-1])
            return back.enter(State.CONSENTING, now), ()
        case _:
            return was, ()


def _decide(was: Session, decision: Decision, now: float) -> Step:
    """The last answer sends, unless something of last time is still to be confirmed."""
    item = was.open_asks[len(was.decisions)].item
    told = replace(was, helping=False, decisions=(*was.decisions, (item, decision)))
    if len(told.decisions) < len(told.asks):
        return told.enter(State.CONSENTING, now), ()
    return _send(told, now)


def _send(was: Session, now: float) -> Step:
    """Every item goes to the cloud by name, the unanswered ones as unanswered."""
    sending = replace(was.errand(), decisions=was.unanswered())
    sending = replace(sending, asked=sending.ticket).enter(State.SENDING_CONSENT, now)
    return sending, (SendConsent(sending.ticket, sending.decisions),)


def _sending(was: Session, event: Event, now: float) -> Step:
    deliver = (Deliver(was.tap),)
    match event:
        case ConsentRecorded(was.asked, page):
            heard = replace(was, asked=None, page=page)
            return finish(heard, Ending.ACCEPTED, now), deliver
        case AskKept(was.asked, reachable):
            return replace(was, reachable=reachable), ()
        case AskFailed(was.asked, code) | AskRefused(was.asked, code):
            ended, _ = problem(replace(was, asked=None), code, now)
            return ended, deliver
        case DeadlinePassed():
            # The facility gets the insurance now and the consents when they come.
            return finish(was, Ending.PENDING, now, _silence(was)), deliver
        case CardGone():
            return replace(was, released=True), ()
        case _:
            return was, ()


def _leave(was: Session, now: float) -> Step:
    """The card left early: keep the visit for this very card, for a while."""
    kept = replace(
        was,
        resume=was.state,
        released=True,
        keep_until=now + was.policy.resume_window_s,
    )
    return _wait(kept, now), ()


def _wait(was: Session, now: float) -> Session:
    """Show how long, and look again after a step of the countdown."""
    left = max(0.0, was.keep_until - now)
    step = min(left, was.policy.countdown_step_s)
    away = was.enter(State.AWAY, now)
    return replace(away, deadline=now + step, seconds_left=round(left))


def _away(was: Session, event: Event, now: float) -> Step:
    match was.state, event:
        case State.AWAY, CardPut():
            return _recognise(replace(was, reads=0), now)
        case State.AWAY, KeyPressed(Key.CANCEL):
            return _close(was, now)
        case _, DeadlinePassed() if now >= was.keep_until:
            return _close(was, now)
        case State.AWAY, DeadlinePassed() if was.card_on:
            return _recognise(replace(was, reads=0), now)
        case State.RECOGNISING, CardIdentified(was.ticket, card):
            if was.card is not None and card.fingerprint == was.card.fingerprint:
                return _resume(was, now)
            return _close(was, now)
        case State.RECOGNISING, CardFailed(was.ticket, Code.CARD_TORN) if (
            was.reads < was.policy.read_attempts
        ):
            return _recognise(was, now)
        case State.RECOGNISING, CardFailed(was.ticket):
            return _wait(was, now), ()
        case (State.RECOGNISING, CardGone()) | (_, DeadlinePassed()):
            return _wait(was, now), ()
        case _:
            return was, ()


def _recognise(was: Session, now: float) -> Step:
    asking = replace(was.errand(), reads=was.reads + 1)
    return asking.enter(State.RECOGNISING, now), (Identify(asking.ticket),)


def _resume(was: Session, now: float) -> Step:
    """The same card: no face and no PIN again, and the missed question is asked."""
    state = was.resume or State.CHECKING
    back = replace(was, resume=None, released=False)
    if state is State.TAKE_CARD:
        return finish(back, Ending.ACCEPTED, now, was.code), ()
    return back.enter(state, now), ()


def _close(was: Session, now: float) -> Step:
    """The card did not come back, or another did: finish without the patient."""
    effects: tuple[Effect, ...] = ()
    ending: Ending = Ending.PENDING
    code: Code | None = _silence(was)
    if was.resume is State.CONSENTING:
        was, effects = _send(was, now)
        effects = (*effects, Deliver(was.tap))
        ending, code = Ending.ACCEPTED, Code.CONSENT_UNANSWERED
    elif was.resume is State.OFFERING_REGISTRATION:
        ending, code = Ending.REFUSED, Code.NOT_REGISTERED
    elif was.resume is State.TAKE_CARD:
        ending, code = Ending.ACCEPTED, was.code
    record = Record(was.tap, ending, was.method, code, was.decisions)
    after, started = begin(was, now) if was.card_on else home(was, now)
    return after, (*effects, record, *started)
