"""The course: order, phases, and what counts where."""

from collections.abc import Callable
from itertools import count

import pytest

from device.session.state import Ending
from device.simulated.training import course as moves
from device.simulated.training.cases import BY_ID, CASES
from device.simulated.training.course import Course, Phase, WrongPhaseError
from device.simulated.training.happened import Visited
from device.simulated.training.record import record
from protocol.catalogue import Code
from protocol.codes import Method
from tests.device.training.histories import PASSED


def begun(*names: str) -> Course:
    return moves.begin(0, 0.0, tuple(BY_ID[name] for name in names) or CASES)


def card_of(course: Course) -> str:
    assert course.case is not None
    return course.case.scene.card


def accepted(course: Course) -> Visited:
    return Visited(card_of(course), Ending.ACCEPTED, Method.FACE)


def right(course: Course) -> int:
    return course.options.index(0)


def answered(course: Course, option: int, now: float = 60.0) -> Course:
    return moves.answer(course, option, card_back=True, now=now)


def played(course: Course, option: Callable[[Course], int] = right) -> Course:
    """The present case as PASSED tells it."""
    case = course.case
    assert case is not None
    for screen in PASSED[case.id].screens:
        course = moves.screen_shown(course, screen)
    for visit in PASSED[case.id].visits:
        card = case.scene.card
        course = moves.visited(
            course,
            Visited(card, visit.ending, visit.method, visit.code, visit.decisions),
        )
    if course.at_reader:
        course = moves.at_the_desk(course)
    return answered(course, option(course))


def test_order_and_options_follow_from_the_seed_alone() -> None:
    one, same, other = (moves.begin(seed, 0.0) for seed in (7, 7, 8))
    assert (one.order, one.options) == (same.order, same.options)
    assert sorted(one.order) == sorted(other.order)
    assert one.order != other.order


def test_the_right_option_stands_in_every_place() -> None:
    places = {moves.begin(seed, 0.0).options.index(0) for seed in range(40)}
    assert places == {0, 1, 2}


def test_a_whole_course_can_be_passed() -> None:
    course = moves.begin(3, 0.0)
    for number in count(1):
        course = played(course)
        course = moves.next_patient(course, number * 60.0)
        if course.phase is Phase.FINISHED:
            break
    paper = record(course)
    assert (paper.points, paper.of, paper.passed) == (120, 120, True)
    assert len(paper.rows) == 12


def test_skipping_gives_nothing_and_the_course_goes_on() -> None:
    course = moves.skip(begun(), 5.0)
    assert (course.phase, course.judged[0].points) == (Phase.JUDGED, 0)
    course = moves.next_patient(course, 6.0)
    assert (course.phase, course.number) == (Phase.SCENE, 1)


def test_a_visit_with_another_card_counts_nowhere() -> None:
    was = begun("sleeve")
    other = Visited("yamada-taro", Ending.ACCEPTED, Method.FACE)
    assert moves.visited(was, other) == was
    assert moves.card_put(was, "yamada-taro") == was


def test_what_may_be_tried_again_does_not_settle_the_case() -> None:
    was = begun("sleeve")
    card = card_of(was)
    late = Visited(card, Ending.REFUSED, None, Code.VISIT_TIMED_OUT)
    stopped = Visited(card, Ending.STOPPED)
    course = moves.visited(moves.visited(was, late), stopped)
    assert course.phase is Phase.PLAYING
    assert moves.visited(course, accepted(course)).phase is Phase.QUESTION


def test_a_refusal_that_leaves_nothing_to_try_settles_it() -> None:
    was = begun("not-found")
    refused = Visited(card_of(was), Ending.REFUSED, Method.PIN, Code.NOT_FOUND)
    assert moves.visited(was, refused).phase is Phase.QUESTION


def test_after_the_question_came_the_reader_changes_nothing() -> None:
    was = moves.at_the_desk(begun("sleeve"))
    assert moves.visited(was, accepted(was)) == was
    assert moves.screen_shown(was, "look") == was
    assert moves.somebody_else(was) == was


def test_the_patient_takes_the_card_once_where_the_case_says_so() -> None:
    was = begun("card-out")
    was = moves.screen_shown(was, "ask_consent-2")
    assert not moves.card_leaves(was)
    course = moves.card_put(was, card_of(was))
    assert moves.card_leaves(course)
    assert not moves.card_leaves(moves.screen_shown(course, "ask_consent-3"))
    assert not moves.card_leaves(moves.card_left(course))


MOVES: dict[str, Callable[[Course], Course]] = {
    "desk": moves.at_the_desk,
    "answer": lambda was: answered(was, 0),
    "skip": lambda was: moves.skip(was, 1.0),
    "next": lambda was: moves.next_patient(was, 1.0),
}
ALLOWED = {
    Phase.IDLE: set[str](),
    Phase.SCENE: {"desk", "skip"},
    Phase.PLAYING: {"desk", "skip"},
    Phase.QUESTION: {"answer", "skip"},
    Phase.JUDGED: {"next"},
    Phase.FINISHED: set[str](),
}


def courses() -> dict[Phase, Course]:
    scene = begun("sleeve")
    question = moves.at_the_desk(scene)
    judged = answered(question, 0)
    return {
        Phase.IDLE: Course(),
        Phase.SCENE: scene,
        Phase.PLAYING: moves.card_put(scene, card_of(scene)),
        Phase.QUESTION: question,
        Phase.JUDGED: judged,
        Phase.FINISHED: moves.next_patient(judged, 1.0),
    }


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("name", list(MOVES))
def test_a_move_of_another_phase_is_refused(phase: Phase, name: str) -> None:
    was = courses()[phase]
    assert was.phase is phase
    if name in ALLOWED[phase]:
        assert MOVES[name](was) != was
    else:
        with pytest.raises(WrongPhaseError):
            MOVES[name](was)


@pytest.mark.parametrize("option", [-1, 3])
def test_an_option_that_is_not_there_is_refused(option: int) -> None:
    with pytest.raises(ValueError, match="option"):
        answered(courses()[Phase.QUESTION], option)


def test_what_was_not_taken_counts_nothing_and_a_second_end_forgets() -> None:
    course = moves.end(played(begun()))
    paper = record(course)
    assert course.phase is Phase.FINISHED
    assert (len(paper.rows), paper.points, paper.of) == (12, 10, 120)
    assert not paper.passed
    assert moves.end(course) == Course()


def test_seconds_count_from_the_patients_coming() -> None:
    course = moves.next_patient(moves.skip(begun(), 100.0), 130.0)
    course = answered(moves.at_the_desk(course), 0, now=175.0)
    assert course.judged[-1].seconds == 45.0
