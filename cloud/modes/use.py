"""What was done in a mode: written before it is done, looked at afterwards. Pure."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from cloud.consent.emergency import Verdict
from cloud.modes import words
from cloud.modes.errors import ModeError
from protocol.catalogue import Code
from protocol.ids import FacilityCode

WINDOW_MS: Final = 10 * 60 * 1000
MOST: Final = 30
"""Searches of one member of staff within the window: a shelter's desk at full speed,
and still no way to read the registry out."""


@dataclass(frozen=True, slots=True)
class Use:
    key: ClassVar[str] = "id"

    id: str
    """Also the case by which the facility goes on with the person it found."""
    mode: str
    mode_id: str
    facility: FacilityCode
    staff: str
    reason: str
    at: int
    person_id: int | None = None
    """Whom the search found, and nobody else."""
    outcome: str = "begun"
    spoken: str = ""
    """What the patient said to the items, or why nobody could be asked."""
    verdict: Verdict = Verdict.OPEN
    reviewer: str = ""
    reviewed_at: int | None = None
    turn: int = 0


def bounded(searches: int) -> None:
    """`searches`: those of this member of staff within the window. Raises E405."""
    if searches >= MOST:
        raise ModeError(Code.SEARCHED_TOO_OFTEN)


def found(use: Use, person: int | None, outcome: str) -> Use:
    return replace(use, person_id=person, outcome=outcome, turn=use.turn + 1)


def reviewed(use: Use, verdict: Verdict, *, by: str, now_ms: int) -> Use:
    """Judged once, by somebody else. Raises ModeError E403, A909."""
    who = words.account(by)
    words.another(use.staff, who)
    if use.verdict is not Verdict.OPEN or verdict is Verdict.OPEN:
        raise ModeError(Code.WRONG_STATE, use.verdict.value)
    return replace(
        use, verdict=verdict, reviewer=who, reviewed_at=now_ms, turn=use.turn + 1
    )
