"""The card that is forgotten: an alarm soon, and again until it is taken."""

from dataclasses import replace

from device.session.session import Session
from device.session.state import TO_TAKE, State


def ring(was: Session, now: float) -> Session:
    """After every step. One alarm, however late the shell is.

    The screen that a person reads may change under it; the alarm keeps its time.
    """
    lies = was.card_on and (was.state in TO_TAKE or _goes_on(was))
    if not lies:
        return replace(was, alarm_at=None, alarms=0)
    if was.alarm_at is None:
        waits = 0.0 if was.state is State.CARD_LEFT else was.policy.alarm_after_s
        was = replace(was, alarm_at=now + waits)
    if was.alarm_at is not None and now < was.alarm_at:
        return was
    again = now + was.policy.alarm_every_s
    return replace(was, alarm_at=again, alarms=was.alarms + 1)


def _goes_on(was: Session) -> bool:
    """A problem is read first, unless the card was asked for already."""
    return was.state is State.PROBLEM and was.alarm_at is not None
