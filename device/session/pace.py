"""A person's own time: warned before it is over, and given more of it when slow.

Only waits in which a person decides (UNHURRIED). What the card, the camera or the cloud
is waited for never stretches.
"""

from dataclasses import replace

from device.ports import Key
from device.session.events import Event, KeyPressed, NumberTyped, PinTyped
from device.session.session import Session
from device.session.state import UNHURRIED


def warns(was: Session) -> bool:
    """This deadline is not the end yet."""
    may = was.extensions < was.policy.most_extensions
    return was.state in UNHURRIED and not was.warned and may


def warn(was: Session, now: float) -> Session:
    """Over whatever is on the screen, a choice of language too: it must be seen."""
    deadline = now + was.policy.warning_s
    return replace(was, warned=True, deadline=deadline, choosing_language=False)


def asks_for_time(was: Session, event: Event) -> bool:
    """Any key at the warning, but those that are told apart without reading it."""
    match event:
        case KeyPressed(Key.CANCEL | Key.STAFF):
            return False
        case KeyPressed() | PinTyped() | NumberTyped():
            return was.warned
        case _:
            return False


def extend(was: Session, now: float) -> Session:
    """The whole wait again. The key has said nothing else."""
    again = _slower(was).enter(was.state, now)
    return replace(again, extensions=was.extensions + 1)


def paced(was: Session, event: Event, now: float) -> Session:
    """The session that a key of this moment meets: slower, if it came late."""
    match event:
        case KeyPressed(key) if key is Key.STAFF:
            return was
        case KeyPressed() | PinTyped() | NumberTyped() if _late(was, now):
            return _slower(was)
        case _:
            return was


def listen(was: Session, now: float, *, listening: bool) -> Session:
    """A wait that has begun becomes longer, never shorter."""
    heard = replace(was, listening=listening)
    wait, end = heard.wait_s(was.state), was.deadline
    if was.state not in UNHURRIED or was.warned or wait is None or end is None:
        return heard
    return replace(heard, deadline=max(end, was.since + wait))


def _late(was: Session, now: float) -> bool:
    if was.state not in UNHURRIED or was.deadline is None:
        return False
    whole, used = was.deadline - was.since, now - was.since
    return was.warned or used > whole * was.policy.slow_after


def _slower(was: Session) -> Session:
    pace = min(was.stretch * was.policy.pace_step, was.policy.pace_most)
    return replace(was, pace=max(was.pace, pace))
