"""A facility as a place: its code, its name, what kind it is, how far it has come."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cloud.facilities.ladder import Move, State, after
from protocol.ids import FacilityCode


class Profile(StrEnum):
    """What it may ask at all (cloud.web.caller.PROFILE_RIGHTS, by the same words)."""

    FULL = "full"
    ELIGIBILITY_ONLY = "eligibility_only"
    """資格確認限定型 (V7)."""


@dataclass(frozen=True, slots=True)
class Facility:
    code: FacilityCode
    name: str
    profile: Profile
    prefecture: str
    """JIS X 0401, "01" to "47"."""
    state: State = State.NOT_ON_PORTAL
    steps: int = 0
    """How many rows its history has."""
    start_day: date | None = None
    """運用開始日, a day in Japan."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of its history, never changed."""

    facility: FacilityCode
    number: int
    at: int
    who: str
    """"staff <account>", "operator <name>" or "calendar"."""
    move: Move
    was: State
    became: State
    start_day: date | None


CALENDAR = "calendar"


def moved(
    place: Facility,
    move: Move,
    *,
    who: str,
    at: int,
    today: date,
    day: date | None = None,
) -> tuple[Facility, Step]:
    """Raises ladder.MoveRefusedError."""
    standing = place.start_day if move is Move.START else day
    became, start = after(place.state, move, today=today, day=standing)
    number = place.steps + 1
    then = replace(place, state=became, steps=number, start_day=start)
    return then, Step(place.code, number, at, who, move, place.state, became, start)
