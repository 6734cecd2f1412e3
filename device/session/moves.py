"""Moves that more than one phase makes."""

from dataclasses import replace

from device.session.effects import Effect, Identify, Look, LookWithNumber
from device.session.session import Session
from device.session.state import Ending, State, Ticket
from protocol.catalogue import Code, Retry, entry
from protocol.codes import Decision

Step = tuple[Session, tuple[Effect, ...]]


def begin(was: Session, now: float) -> Step:
    """A new tap: nothing of the one before survives but policy, service and plug.

    The language stays for who was asked to put the card down again. Whoever comes
    after a visit that is over begins in the reader's own.
    """
    fresh = Session(
        policy=was.policy,
        ticket=Ticket(was.tap + 1, 1),
        lang=was.lang if _same_visit(was) else was.policy.lang,
        service=was.service,
        listening=was.listening,
        card_on=True,
        reads=1,
    )
    return fresh.enter(State.READING_CARD, now), (Identify(fresh.ticket),)


def home(was: Session, now: float) -> Step:
    """Nobody is here; a card that lies there already begins its own tap."""
    idle = Session(
        policy=was.policy,
        ticket=was.ticket,
        lang=was.policy.lang,
        service=was.service,
        listening=was.listening,
        card_on=was.card_on,
    )
    return begin(idle, now) if was.card_on and was.service.open else (idle, ())


def _same_visit(was: Session) -> bool:
    """Nothing began yet, or it ended with "please put it down again"."""
    if was.state is State.READY:
        return True
    again = was.code is not None and entry(was.code).retry is Retry.BY_PATIENT
    return was.state is State.PROBLEM and again


def look(was: Session, now: float, *, typed: bool = False) -> Step:
    """One more attempt; it counts from its start, so that breaking off is no trick."""
    attempts = was.attempts + 1
    return look_on(replace(was, attempts=attempts, reads=1, typed=typed), now)


def look_on(was: Session, now: float) -> Step:
    """The same attempt: from here, or again after a card in motion."""
    looking = replace(was.errand(), hint=None).enter(State.LOOKING, now)
    if not looking.photo:
        looking = replace(looking, deadline=now + was.policy.photo_wait_s)
    effect = LookWithNumber if was.typed else Look
    return looking, (effect(looking.ticket),)


def unlooked(was: Session) -> Session:
    """There was no photo to compare with: the attempt was none."""
    return replace(was, attempts=was.attempts - 1)


def problem(was: Session, code: Code, now: float) -> Step:
    ended = replace(
        was.enter(State.PROBLEM, now), code=code, ending=Ending.REFUSED, resume=None
    )
    return (ended if was.card_on else gone_soon(ended, now)), ()


def gone_soon(was: Session, now: float) -> Session:
    """The card is gone: leave time to read the screen, no more."""
    return replace(was, deadline=now + was.policy.gone_pace_s)


def stop(was: Session, now: float) -> Step:
    """The patient pressed CANCEL before anything was asked."""
    return replace(was.enter(State.STOPPED, now), ending=Ending.STOPPED), ()


def finish(
    was: Session, ending: Ending, now: float, code: Code | None = None
) -> Session:
    """Reception is done: take the card, or thank the one who has it already."""
    there = was.card_on and not was.released
    state = State.TAKE_CARD if there else State.THANK_YOU
    # A link is only for who stands there: nothing may come before it.
    read = there or was.page is None
    if was.renewal is not None and ending is Ending.ACCEPTED and read:
        state = State.RENEWAL
    ended = replace(was.enter(state, now), ending=ending, code=code, resume=None)
    if not ended.code and Decision.UNANSWERED in dict(ended.unanswered()).values():
        return replace(ended, code=Code.CONSENT_UNANSWERED)
    return ended
