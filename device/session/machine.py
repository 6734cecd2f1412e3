"""Every event of a visit comes through here: `handle` is the whole machine.

It is told the time and never reads it; it asks for effects and never performs them.
What the phases (identity, consent, ending) do not list is late or duplicate and
changes nothing. What a step looks and sounds like follows from the state alone.
"""

from dataclasses import replace

from device.ports import Key
from device.session.alarm import ring
from device.session.consent import consent
from device.session.effects import (
    Deliver,
    Effect,
    Play,
    Record,
    SetLight,
    Show,
    StopErrand,
)
from device.session.ending import rest
from device.session.events import (
    Answered,
    CardGone,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    Event,
    KeyPressed,
    ListeningChanged,
    NumberTyped,
    PinTyped,
    ServiceChanged,
)
from device.session.identity import identify
from device.session.moves import Step, begin
from device.session.pace import asks_for_time, extend, listen, paced, warn, warns
from device.session.policy import Policy
from device.session.screens import light, screen, sound
from device.session.session import Session
from device.session.state import ENDED, UNIDENTIFIED, WORKING, State, Ticket
from ui_eink.views import Lang

LANGUAGE_KEYS = dict(zip(list(Key)[1:], Lang, strict=False))
"""1 to 7, in the order in which the choice shows them."""
_NOTHING: tuple[Effect, ...] = ()


def start(policy: Policy) -> Step:
    """The first session and what a reader shows when it has been switched on."""
    session = Session(policy=policy, lang=policy.lang)
    shown = Show(screen(session), session.lang)
    return session, (shown, SetLight(light(session)))


def handle(was: Session, event: Event, now: float) -> Step:
    """The next session and what the shell must do, in order.

    `now` is in monotonic seconds. An event that comes after the deadline meets the
    state that the deadline led to, however late the shell is. DeadlinePassed is wanted
    at `Session.due`; earlier it changes nothing.
    """
    overdue = was.due is not None and now >= was.due
    if isinstance(event, DeadlinePassed):
        return _step(was, event, now) if overdue else (was, ())
    if not overdue:
        return _step(was, event, now)
    between, first = _step(was, DeadlinePassed(), now)
    after, second = _step(between, event, now)
    return after, (*first, *second)


def _step(was: Session, event: Event, now: float) -> Step:
    match event:
        case _ if asks_for_time(was, event):
            session, effects = extend(was, now), _NOTHING
            if event == KeyPressed(Key.LANGUAGE):
                session = _choosing(session, now, choosing=True)
        case KeyPressed(Key.LANGUAGE):
            session = _choosing(was, now, choosing=not was.choosing_language)
            effects = _NOTHING
        case KeyPressed(key) if was.choosing_language and key is not Key.STAFF:
            session, effects = _language(was, key, now), _NOTHING
        case ServiceChanged(service):
            session, effects = _served(replace(was, service=service), now)
        case Answered(ticket) | ConsentRecorded(ticket) if _late(was, ticket):
            return was, (Deliver(ticket.tap),)
        case ListeningChanged(listening):
            session, effects = listen(was, now, listening=listening), _NOTHING
        case DeadlinePassed() if was.deadline is None or now < was.deadline:
            session, effects = was, _NOTHING  # The alarm alone is due.
        case DeadlinePassed() if warns(was):
            session, effects = warn(was, now), _NOTHING
        case _:
            session, effects = _moved(_present(was, event), event, now)
    session = ring(session, now)
    return session, (*_outward(was, event, session), *effects)


def _moved(was: Session, event: Event, now: float) -> Step:
    met = paced(was, event, now)
    session, effects = _phase(met, event, now)
    if session == met:
        return was, effects
    if session.state is not was.state:
        session = replace(session, choosing_language=False)
    return session, effects


def _choosing(was: Session, now: float, *, choosing: bool) -> Session:
    """At rest nobody else ends the choice, so there it ends by itself."""
    session = replace(was, choosing_language=choosing)
    if was.state is not State.READY:
        return session
    other = choosing or session.lang is not session.policy.lang
    return replace(
        session, deadline=now + session.policy.language_wait_s if other else None
    )


def _language(was: Session, key: Key, now: float) -> Session:
    """Keys 1 to 7 choose; CLEAR and CANCEL leave it as it was; others do nothing."""
    lang = LANGUAGE_KEYS.get(key)
    if lang is None and key not in {Key.CLEAR, Key.CANCEL}:
        return was
    return _choosing(replace(was, lang=lang or was.lang), now, choosing=False)


def _served(was: Session, now: float) -> Step:
    """Back in service, and a card already lies there: it begins its own tap."""
    waiting = was.state is State.READY and was.card_on and was.service.open
    return begin(was, now) if waiting else (was, _NOTHING)


def _present(was: Session, event: Event) -> Session:
    """Whether a card lies there is a fact in every state."""
    match event:
        case CardPut():
            return replace(was, card_on=True)
        case CardGone():
            return replace(was, card_on=False)
        case _:
            return was


def _late(was: Session, ticket: Ticket) -> bool:
    """An answer nobody waits for any more: it belongs to the facility all the same."""
    if ticket.tap != was.tap or was.state is State.READY:
        return True
    return ticket == was.asked and was.state in ENDED


def _phase(was: Session, event: Event, now: float) -> Step:
    if was.state is State.READY or was.state in ENDED:
        return rest(was, event, now)
    if was.state in UNIDENTIFIED:
        return identify(was, event, now)
    return consent(was, event, now)


def _outward(was: Session, event: Event, session: Session) -> tuple[Effect, ...]:
    """Screen, light, sound, camera and record follow from where the step went."""
    effects: list[Effect] = []
    broken_off = was.state in WORKING and session.state is not was.state
    if broken_off and isinstance(event, CardGone | KeyPressed | DeadlinePassed):
        effects.append(StopErrand())
    if session.lang is not was.lang or screen(session) != screen(was):
        effects.append(Show(screen(session), session.lang))
    if light(session) is not light(was):
        effects.append(SetLight(light(session)))
    key = isinstance(event, KeyPressed | PinTyped | NumberTyped)
    heard = sound(was, session, key=key)
    if heard is not None:
        effects.append(Play(heard))
    decided = session.state in ENDED and was.state not in ENDED
    if decided and session.ending is not None:
        effects.append(
            Record(
                session.tap,
                session.ending,
                session.method,
                session.code,
                session.decisions,
            )
        )
    return tuple(effects)
