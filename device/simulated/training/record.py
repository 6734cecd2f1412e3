"""The one-page record of a course. Whose it is stands on the paper alone."""

from dataclasses import dataclass

from device.simulated.training.case import Words
from device.simulated.training.cases import BY_ID
from device.simulated.training.course import Course
from device.simulated.training.score import Judged

PASSED_PERCENT = 80
ON_PAPER = 2
"""Sentences of a row: twelve rows stand on one page, whatever was missed."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    title: Words
    points: int
    of: int
    seconds: float
    missed: tuple[Words, ...]
    """What cost most first, at most ON_PAPER."""
    more: int
    """How many more were missed."""
    forbidden: bool


@dataclass(frozen=True, slots=True)
class Record:
    rows: tuple[Row, ...]
    points: int
    of: int
    seed: int
    """Which order of cases and answers it was."""

    @property
    def forbidden(self) -> bool:
        return any(row.forbidden for row in self.rows)

    @property
    def passed(self) -> bool:
        """Enough points, and nothing done that must never be done."""
        enough = 100 * self.points >= PASSED_PERCENT * self.of
        return bool(self.rows) and enough and not self.forbidden


def record(course: Course) -> Record:
    """Of what was judged so far."""
    rows = tuple(_row(number, one) for number, one in enumerate(course.judged, 1))
    return Record(
        rows,
        sum(row.points for row in rows),
        sum(row.of for row in rows),
        course.seed,
    )


def _row(number: int, judged: Judged) -> Row:
    return Row(
        number,
        BY_ID[judged.case_id].title,
        judged.points,
        judged.of,
        judged.seconds,
        judged.missed[:ON_PAPER],
        len(judged.missed[ON_PAPER:]),
        judged.never is not None,
    )
