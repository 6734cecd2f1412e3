"""Points for one case: from what happened at the reader, and the answer given."""

from dataclasses import dataclass

from device.simulated.training.case import (
    ANSWER,
    CARD_BACK,
    Case,
    Never,
    Words,
)
from device.simulated.training.happened import Happened
from device.simulated.training.rules import NEVER

RETURNED = Words(
    "次の方の前に、カードを返しました。",
    "The card was given back before the next person.",
)
FORGOTTEN = Words(
    "カードをリーダーに置いたまま、先へ進みました。",
    "The card was still on the reader when you went on.",
)
RIGHT = Words("案内は正しいものでした。", "What you said was right.")
SWAPPED = Words(
    "カメラの前に別の人が立ったので、リーダーでの手当ては数えません。",
    "Somebody else was put before the camera: what was done there does not count.",
)
SKIPPED = Words("この例は飛ばしました。", "This case was skipped.")
NOT_TAKEN = Words("この例は行いませんでした。", "This case was not taken.")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was counted, and one sentence why."""

    points: int
    of: int
    why: Words

    @property
    def kept(self) -> bool:
        return self.points == self.of


@dataclass(frozen=True, slots=True)
class Judged:
    case_id: str
    of: int
    lines: tuple[Line, ...]
    seconds: float
    """From the patient's coming until the answer."""
    never: Words | None = None
    """What must not be done, and was: nothing else counts then."""
    chosen: int | None = None
    """The option taken, 0 for the right one; None: not answered."""

    @property
    def points(self) -> int:
        return 0 if self.never else sum(line.points for line in self.lines)

    @property
    def missed(self) -> tuple[Words, ...]:
        """What cost points, one sentence each, the dearest first."""
        if self.never:
            return (self.never,)
        lost = [line for line in self.lines if not line.kept]
        return tuple(line.why for line in sorted(lost, key=lambda one: -one.of))


def judge(
    case: Case, happened: Happened, chosen: int, *, card_back: bool, seconds: float
) -> Judged:
    """`card_back`: no card lay on the reader when the answer was given."""
    lines = (
        *_handled(case, happened),
        Line(
            CARD_BACK if card_back else 0,
            CARD_BACK,
            RETURNED if card_back else FORGOTTEN,
        ),
        _answered(case, chosen),
    )
    forbidden = (*NEVER, *case.never)
    return Judged(
        case.id, case.points, lines, seconds, _done(forbidden, happened), chosen
    )


def nothing(case: Case, why: Words, seconds: float) -> Judged:
    """Skipped or not taken."""
    return Judged(case.id, case.points, (Line(0, case.points, why),), seconds)


def _handled(case: Case, happened: Happened) -> tuple[Line, ...]:
    if not happened.same_people:
        return (Line(0, sum(check.points for check in case.checks), SWAPPED),)
    return tuple(
        Line(check.points, check.points, check.told)
        if check.kept(happened)
        else Line(0, check.points, check.missed)
        for check in case.checks
    )


def _answered(case: Case, chosen: int) -> Line:
    if chosen == 0:
        return Line(ANSWER, ANSWER, RIGHT)
    return Line(0, ANSWER, case.question.why)


def _done(forbidden: tuple[Never, ...], happened: Happened) -> Words | None:
    return next((never.told for never in forbidden if never.done(happened)), None)
