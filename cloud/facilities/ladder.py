"""How far a facility has come: six steps, and not on the portal at all (F1). Pure.

What is not in MOVES cannot be done. Only the calendar starts operation: on the day that
was entered (運用開始日) and never before it.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final


class State(StrEnum):
    NOT_ON_PORTAL = "0"
    """ポータル未登録."""
    ON_PORTAL = "1"
    """①ポータル登録のみ."""
    READER_APPLIED = "2"
    """②リーダー申込済・未発注."""
    ORDERED = "3"
    """③発注済・未着手."""
    INSTALLING = "4"
    """④導入作業中."""
    READY = "5"
    """⑤作業完了・運用未着手."""
    IN_OPERATION = "6"
    """⑥運用中."""


class Move(StrEnum):
    REGISTER = "register"
    APPLY = "apply"
    ORDER = "order"
    BEGIN_WORK = "begin_work"
    FINISH_WORK = "finish_work"
    ENTER_START = "enter_start"
    """運用開始日入力: it stays where it is until the day."""
    START = "start"
    UNREGISTER = "unregister"
    WITHDRAW_APPLICATION = "withdraw_application"
    CANCEL_ORDER = "cancel_order"
    BREAK_OFF_WORK = "break_off_work"
    """The site was not prepared: the installers come again (F10)."""
    REOPEN_WORK = "reopen_work"
    SUSPEND = "suspend"
    """Out of operation; a new day must be entered."""


MOVES: Final[Mapping[tuple[State, Move], State]] = {
    (State.NOT_ON_PORTAL, Move.REGISTER): State.ON_PORTAL,
    (State.ON_PORTAL, Move.APPLY): State.READER_APPLIED,
    (State.READER_APPLIED, Move.ORDER): State.ORDERED,
    (State.ORDERED, Move.BEGIN_WORK): State.INSTALLING,
    (State.INSTALLING, Move.FINISH_WORK): State.READY,
    (State.READY, Move.ENTER_START): State.READY,
    (State.READY, Move.START): State.IN_OPERATION,
    (State.ON_PORTAL, Move.UNREGISTER): State.NOT_ON_PORTAL,
    (State.READER_APPLIED, Move.WITHDRAW_APPLICATION): State.ON_PORTAL,
    (State.ORDERED, Move.CANCEL_ORDER): State.READER_APPLIED,
    (State.INSTALLING, Move.BREAK_OFF_WORK): State.ORDERED,
    (State.READY, Move.REOPEN_WORK): State.INSTALLING,
    (State.IN_OPERATION, Move.SUSPEND): State.READY,
}
BY_FACILITY: Final = frozenset(
    {Move.APPLY, Move.WITHDRAW_APPLICATION, Move.ENTER_START, Move.SUSPEND}
)
"""What its own administrator may do on the portal; the rest are installers' moves."""


class MoveRefusedError(Exception):
    """The state does not allow it."""


class TooEarlyError(MoveRefusedError):
    """No start day was entered, or it has not come; or one that is past is entered."""


def after(
    state: State, move: Move, *, today: date, day: date | None = None
) -> tuple[State, date | None]:
    """The next state and the start day that stands then.

    `day` is the one that is entered (ENTER_START) or stands (START). `today` is a day
    in Japan. Raises MoveRefusedError, of which TooEarlyError.
    """
    became = MOVES.get((state, move))
    if became is None:
        raise MoveRefusedError(f"{move} is no move from state {state}")
    match move:
        case Move.ENTER_START if day is None or day < today:
            raise TooEarlyError("a start day is today or later")
        case Move.START if day is None or today < day:
            raise TooEarlyError("the start day has not come")
        case Move.ENTER_START | Move.START:
            return became, day
        case _:
            return became, None


def open_to(state: State) -> list[Move]:
    """What can be done from here, in the order of the ladder."""
    return [move for (stands, move) in MOVES if stands is state]
