"""Facts in, points out."""

from dataclasses import replace

import pytest

from device.simulated.training.case import ANSWER
from device.simulated.training.cases import BY_ID
from device.simulated.training.happened import Happened, Visited
from device.simulated.training.score import Judged, judge
from tests.device.training.histories import (
    EYES,
    FACE,
    FAILED,
    IDS,
    PASSED,
    PIN,
    STOPPED,
    of,
)


def judged(name: str, happened: Happened, chosen: int = 0, back: bool = True) -> Judged:
    return judge(BY_ID[name], happened, chosen, card_back=back, seconds=40.0)


def test_every_case_has_both_histories() -> None:
    assert set(PASSED) == set(FAILED) == set(IDS)


@pytest.mark.parametrize("name", IDS)
def test_a_case_that_was_handled_well_has_every_point(name: str) -> None:
    one = judged(name, PASSED[name])
    assert (one.points, one.missed) == (one.of, ())


@pytest.mark.parametrize("name", IDS)
def test_a_case_that_was_not_handled_loses_points_and_says_why(name: str) -> None:
    one = judged(name, FAILED[name])
    assert one.points < one.of
    assert all(why.ja and why.en for why in one.missed)
    assert one.missed


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("chosen", [1, 2])
def test_a_wrong_answer_costs_its_points_and_tells_the_reason(
    name: str, chosen: int
) -> None:
    one = judged(name, PASSED[name], chosen)
    assert one.points == one.of - ANSWER
    assert one.missed == (BY_ID[name].question.why,)


@pytest.mark.parametrize("name", IDS)
def test_a_card_left_on_the_reader_costs_a_point(name: str) -> None:
    one = judged(name, PASSED[name], back=False)
    assert one.points == one.of - 1


@pytest.mark.parametrize("name", IDS)
def test_a_case_in_which_nothing_happened_has_the_answers_points_alone(
    name: str,
) -> None:
    assert judged(name, Happened()).points == ANSWER + 1


@pytest.mark.parametrize("name", IDS)
def test_with_somebody_else_before_the_camera_the_handling_counts_nothing(
    name: str,
) -> None:
    swapped = replace(PASSED[name], same_people=False)
    assert judged(name, swapped).points == ANSWER + 1


@pytest.mark.parametrize("visit", [EYES, PIN, FACE])
def test_whoever_receives_a_stranger_gets_nothing(visit: Visited) -> None:
    one = judged("stranger", replace(PASSED["stranger"], visits=(visit,)))
    assert one.points == 0
    assert one.never is not None
    assert one.missed == (one.never,)


def test_a_stranger_who_was_stopped_first_and_received_then_is_received() -> None:
    assert judged("stranger", of(STOPPED, EYES)).points == 0


@pytest.mark.parametrize("name", IDS)
def test_a_pin_that_was_burned_leaves_nothing_in_any_case(name: str) -> None:
    burned = ("choose_method", "enter_pin", "checking", "pin_blocked", "look")
    one = judged(name, replace(PASSED[name], screens=burned))
    assert one.points == 0


def test_a_pin_that_was_blocked_before_is_nobodys_fault() -> None:
    assert judged("pin-blocked", PASSED["pin-blocked"]).never is None


def test_the_staff_key_after_a_face_that_looked_right_counts_as_the_face() -> None:
    assert judged("mask", of(EYES)).points == 10
    assert judged("mask", of(EYES, screens=("look", "call_staff"))).points == 8
