"""障害時モード: a facility cannot read cards, says why, and an operator approves. Pure.

The call centre calls back before it approves; who asked never approves.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from cloud.modes import words
from cloud.modes.errors import ModeError
from cloud.modes.window import SETTLES_MS, Window
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.messages import Mode

MARK: Final[Mode] = "outage"
HOUR_MS: Final = 60 * 60 * 1000
LONGEST_HOURS: Final = 24
WAITS_MS: Final = 2 * HOUR_MS
"""A request nobody approved by then is over: it is asked again, with today's reason."""


@dataclass(frozen=True, slots=True)
class Outage:
    key: ClassVar[str] = "id"

    id: str
    facility: FacilityCode
    reason: str
    asked_by: str
    asked_at: int
    approved_by: str = ""
    since: int | None = None
    until: int | None = None
    """Of an approved one: the first ms at which it is over."""
    ended_by: str = ""
    turn: int = 0

    @property
    def window(self) -> Window | None:
        if self.since is None or self.until is None:
            return None
        return Window(self.since, self.until)

    def open_at(self, now_ms: int) -> bool:
        return self.window is not None and self.window.covers(now_ms)

    def state(self, now_ms: int) -> str:
        if self.window is None:
            refused = self.ended_by or now_ms >= self.asked_at + WAITS_MS
            return "refused" if refused else "asked"
        if self.window.over(now_ms):
            return "ended"
        return "open" if self.window.covers(now_ms) else "approved"


def ask(
    handle: str, facility: FacilityCode, *, reason: str, by: str, now_ms: int
) -> Outage:
    """Raises ModeError E404."""
    return Outage(handle, facility, words.reason(reason), words.account(by), now_ms)


def approve(outage: Outage, *, by: str, hours: int, now_ms: int) -> Outage:
    """Opens it for so many hours. Raises ModeError E403, E404, A909."""
    operator = words.account(by)
    words.another(outage.asked_by, operator)
    if not 1 <= hours <= LONGEST_HOURS:
        raise ModeError(Code.MODE_INCOMPLETE, f"hours: 1 to {LONGEST_HOURS}")
    if outage.state(now_ms) != "asked":
        raise ModeError(Code.WRONG_STATE, outage.state(now_ms))
    since = now_ms + SETTLES_MS
    until = since + hours * HOUR_MS
    turn = outage.turn + 1
    return replace(outage, approved_by=operator, since=since, until=until, turn=turn)


def end(outage: Outage, *, by: str, now_ms: int) -> Outage:
    """At once; of one that was only asked: it is refused. Raises ModeError A909."""
    who, turn = words.account(by), outage.turn + 1
    if outage.state(now_ms) not in {"asked", "approved", "open"}:
        raise ModeError(Code.WRONG_STATE, outage.state(now_ms))
    if outage.window is None:
        return replace(outage, ended_by=who, turn=turn)
    until = outage.window.cut(now_ms).until
    return replace(outage, ended_by=who, until=until, turn=turn)
