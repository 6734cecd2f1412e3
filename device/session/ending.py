"""Before and after a visit: wait for a card, and see that it goes home."""

from dataclasses import replace

from device.ports import Key
from device.session.events import (
    CardGone,
    CardPut,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    KeyPressed,
)
from device.session.moves import Step, begin, gone_soon, home, problem
from device.session.session import Session
from device.session.state import Ending, State


def rest(was: Session, event: Event, now: float) -> Step:
    match was.state, event:
        case (
            State.READY | State.RENEWAL | State.THANK_YOU | State.PROBLEM,
            CardPut(),
        ):
            return begin(was, now) if was.service.open else home(was, now)
        case State.READY, DeadlinePassed():
            return home(was, now)
        case State.RENEWAL, KeyPressed(Key.K1 | Key.ENTER) | DeadlinePassed():
            return _renewal_read(was, now), ()
        case State.RENEWAL, CardGone() if was.page:
            return _taken(was, now)
        case State.PROBLEM, CardGone():
            return gone_soon(was, now), ()
        case State.TAKE_CARD | State.STOPPED | State.CARD_LEFT, CardGone():
            return _taken(was, now)
        case State.PROBLEM, DeadlinePassed() if was.card_on:
            return was.enter(State.CARD_LEFT, now), ()
        case State.TAKE_CARD | State.STOPPED, DeadlinePassed():
            # Whoever takes the card now may be somebody else: no link for them.
            return replace(was, page=None).enter(State.CARD_LEFT, now), ()
        case State.THANK_YOU, KeyPressed(Key.CANCEL) if was.page:
            return home(was, now)
        case State.THANK_YOU | State.PROBLEM, DeadlinePassed():
            return home(was, now)
        case State.RENEWAL | State.TAKE_CARD | State.THANK_YOU, DeliveryFailed(
            was.tap, code
        ):
            # The ending stays: the cloud said yes, only the file is late.
            failed, _ = problem(replace(was, page=None), code, now)
            return replace(failed, ending=was.ending), ()
        case _:
            return was, ()


def _renewal_read(was: Session, now: float) -> Session:
    there = was.card_on and not was.released
    return was.enter(State.TAKE_CARD if there else State.THANK_YOU, now)


def _taken(was: Session, now: float) -> Step:
    if was.ending in {Ending.ACCEPTED, Ending.PENDING}:
        return was.enter(State.THANK_YOU, now), ()
    return home(was, now)
