"""災害時モード: opened for a region by two operators, from day to day, ends by itself.

Whoever has lost the card is found by name. Records open by the patient's spoken
consent, written down by staff; without it only for the unconscious, and that is
reviewed. Pure.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar, Final

from cloud.eligibility.model import JST
from cloud.modes import words
from cloud.modes.errors import ModeError
from cloud.modes.region import Region
from cloud.modes.window import SETTLES_MS, Window
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.messages import Mode

MARK: Final[Mode] = "disaster"
LONGEST_DAYS: Final = 31
"""Longer disasters are opened again: somebody looks at it every month."""


@dataclass(frozen=True, slots=True)
class Disaster:
    key: ClassVar[str] = "id"

    id: str
    prefecture: str
    area: str
    reason: str
    opened_by: str
    opened_at: int
    first_day: str
    last_day: str
    """Days in Japan, ISO; both belong to it."""
    approved_by: str = ""
    since: int | None = None
    until: int | None = None
    ended_by: str = ""
    turn: int = 0

    @property
    def region(self) -> Region:
        return Region(self.prefecture, self.area)

    @property
    def window(self) -> Window | None:
        if self.since is None or self.until is None:
            return None
        return Window(self.since, self.until)

    def open_at(self, facility: FacilityCode, now_ms: int) -> bool:
        window = self.window
        return (
            window is not None and window.covers(now_ms) and self.region.has(facility)
        )

    def state(self, now_ms: int) -> str:
        if self.window is None:
            over = self.ended_by or now_ms >= midnight(self.last_day, 1)
            return "refused" if over else "waiting"
        if self.window.over(now_ms):
            return "ended"
        return "open" if self.window.covers(now_ms) else "approved"


def begin(
    handle: str,
    region: Region,
    *,
    reason: str,
    by: str,
    days: tuple[date, date],
    now_ms: int,
) -> Disaster:
    """Waits for a second operator. Raises ModeError E404."""
    first, last = days
    if last < first or (last - first).days >= LONGEST_DAYS:
        raise ModeError(Code.MODE_INCOMPLETE, f"days: 1 to {LONGEST_DAYS} of them")
    if now_ms >= midnight(last.isoformat(), 1):
        raise ModeError(Code.MODE_INCOMPLETE, "days: the last one is over")
    return Disaster(
        handle,
        region.prefecture,
        region.area,
        words.reason(reason),
        words.account(by),
        now_ms,
        first.isoformat(),
        last.isoformat(),
    )


def approve(disaster: Disaster, *, by: str, now_ms: int) -> Disaster:
    """From its first day, or at once if that has begun. Raises E403, A909."""
    operator = words.account(by)
    words.another(disaster.opened_by, operator)
    if disaster.state(now_ms) != "waiting":
        raise ModeError(Code.WRONG_STATE, disaster.state(now_ms))
    until = midnight(disaster.last_day, 1)
    since = max(midnight(disaster.first_day), now_ms + SETTLES_MS)
    return replace(
        disaster,
        approved_by=operator,
        since=min(since, until),
        until=until,
        turn=disaster.turn + 1,
    )


def close(disaster: Disaster, *, by: str, now_ms: int) -> Disaster:
    """Before its last day, by one operator: closing takes no second. Raises A909."""
    who, turn = words.account(by), disaster.turn + 1
    if disaster.state(now_ms) in {"ended", "refused"}:
        raise ModeError(Code.WRONG_STATE, disaster.state(now_ms))
    window = disaster.window
    if window is None:
        return replace(disaster, ended_by=who, turn=turn)
    until = window.cut(now_ms).until
    return replace(disaster, ended_by=who, until=until, turn=turn)


def midnight(day: str, after: int = 0) -> int:
    """When a day begins in Japan, or so many days later (Unix ms)."""
    start = date.fromisoformat(day) + timedelta(days=after)
    moment = datetime(start.year, start.month, start.day, tzinfo=JST)
    return int(moment.timestamp() * 1000)
