"""When a course is passed."""

from dataclasses import replace

from device.simulated.training.cases import CASES
from device.simulated.training.course import Course, Phase
from device.simulated.training.happened import Happened
from device.simulated.training.record import record
from device.simulated.training.score import NOT_TAKEN, Judged, Line, judge, nothing


def course(*points: int) -> Course:
    judged = tuple(
        Judged(case.id, 10, (Line(got, 10, NOT_TAKEN),), 30.0)
        for case, got in zip(CASES, points, strict=True)
    )
    return Course(1, tuple(case.id for case in CASES), Phase.FINISHED, judged=judged)


def test_eighty_percent_is_passed_and_one_point_less_is_not() -> None:
    enough = course(*[10] * 9, 6, 0, 0)
    assert record(enough).points == 96
    assert record(enough).passed
    assert not record(course(*[10] * 9, 5, 0, 0)).passed


def test_what_must_never_be_done_fails_the_course_at_any_points() -> None:
    was = course(*[10] * 12)
    first = replace(was.judged[0], never=NOT_TAKEN)
    paper = record(replace(was, judged=(first, *was.judged[1:])))
    assert (paper.points, paper.forbidden, paper.passed) == (110, True, False)


def test_nothing_done_is_not_passed() -> None:
    assert not record(Course()).passed


def test_a_row_says_what_was_missed() -> None:
    was = course(*[10] * 12)
    skipped = nothing(CASES[0], NOT_TAKEN, 3.0)
    paper = record(replace(was, judged=(skipped, *was.judged[1:])))
    assert paper.rows[0].missed == (NOT_TAKEN,)
    assert paper.rows[1].missed == ()
    assert [row.number for row in paper.rows] == list(range(1, 13))


def test_a_row_tells_the_dearest_and_how_many_more() -> None:
    case = CASES[0]
    one = judge(case, Happened(), 1, card_back=False, seconds=9.0)
    paper = record(Course(1, (case.id,), Phase.FINISHED, judged=(one,)))
    assert paper.rows[0].missed[0] == case.question.why
    assert (len(paper.rows[0].missed), paper.rows[0].more) == (2, 2)
