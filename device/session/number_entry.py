"""照合番号B typed at the reader, group by group, when nothing else can read it.

Only asked for once the face was chosen. The digits stand in the runtime's buffer;
here is only how many there are.
"""

from dataclasses import replace

from device.ports import Key
from device.session.events import DeadlinePassed, Event, KeyPressed, NumberTyped
from device.session.moves import Step, look, problem, unlooked
from device.session.session import Session
from device.session.state import State
from protocol.catalogue import Code

GROUPS = (6, 4, 4)
"""Birth date, year of expiry, security code: as they stand on the card."""
DIGITS = sum(GROUPS)


def number_unread(was: Session, now: float) -> Step:
    """Typed as often as it may be: there is still the PIN."""
    if was.numbers >= was.policy.number_attempts:
        return _choice(replace(was, face=False), now)
    return _ask(unlooked(was), now, wrong=False)


def wrong_number(was: Session, now: float) -> Step:
    return _ask(unlooked(was), now, wrong=True)


def entering_number(was: Session, event: Event, now: float) -> Step:
    match event:
        case NumberTyped(digits) if was.digits < digits <= DIGITS:
            return replace(was, digits=digits).enter(was.state, now), ()
        case KeyPressed(Key.CLEAR) if was.digits:
            start = group_start(was.digits)
            return replace(was, digits=start).enter(was.state, now), ()
        case KeyPressed(Key.CLEAR | Key.CANCEL):
            return _choice(was, now)
        case KeyPressed(Key.ENTER) if was.digits == DIGITS:
            typed = replace(was, digits=0, numbers=was.numbers + 1)
            return look(typed, now, typed=True)
        case DeadlinePassed():
            return problem(was, Code.VISIT_TIMED_OUT, now)
        case _:
            return was, ()


def group_start(digits: int) -> int:
    """How many digits stay when the group typed last is cleared."""
    start = 0
    for size in GROUPS:
        if digits <= start + size:
            break
        start += size
    return start


def _ask(was: Session, now: float, *, wrong: bool) -> Step:
    empty = replace(was.errand(), digits=0, wrong_before=wrong, typed=False)
    return empty.enter(State.ENTERING_NUMBER, now), ()


def _choice(was: Session, now: float) -> Step:
    back = replace(was, digits=0, wrong_before=False, typed=False)
    return back.enter(State.CHOOSING, now), ()
