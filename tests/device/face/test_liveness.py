"""The head-turn challenge: every way not to pass it, then the way to pass it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.liveness import (
    Challenge,
    Demands,
    Pose,
    Turn,
    Verdict,
    advanced,
    begun,
)

DEMANDS = Demands()
FRONT = Pose(0.02, 1.0)
RIGHT = Pose(0.40, 28.0)
LEFT = Pose(-0.40, -28.0)
POSES = st.builds(Pose, st.floats(-0.6, 0.6), st.floats(-45, 45))


def play(
    turns: tuple[Turn, ...], poses: Sequence[Pose | None], step_s: float = 0.2
) -> Challenge | Verdict:
    state: Challenge | Verdict = begun(turns, 0.0, DEMANDS)
    for number, pose in enumerate(poses, start=1):
        if isinstance(state, Verdict):
            break
        state = advanced(state, pose, number * step_s)
    return state


def test_a_challenge_without_turns_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        begun((), 0.0, DEMANDS)


def test_a_still_picture_fails_when_the_time_is_over() -> None:
    assert play((Turn.IMAGE_LEFT,), [FRONT] * 40) is Verdict.FAILED


def test_a_lost_face_fails() -> None:
    assert play((Turn.IMAGE_LEFT,), [FRONT, None]) is Verdict.FAILED


def test_the_wrong_direction_fails() -> None:
    assert play((Turn.IMAGE_LEFT,), [FRONT] + [RIGHT] * 40) is Verdict.FAILED


def test_somebody_who_stands_turned_already_fails() -> None:
    assert play((Turn.IMAGE_RIGHT,), [RIGHT] * 40) is Verdict.FAILED


@pytest.mark.parametrize("pose", [Pose(0.5, 12.0), Pose(0.2, 40.0)])
def test_one_measure_alone_is_not_a_turn(pose: Pose) -> None:
    assert play((Turn.IMAGE_RIGHT,), [FRONT] + [pose] * 40) is Verdict.FAILED


def test_between_two_turns_the_face_comes_back() -> None:
    both = (Turn.IMAGE_RIGHT, Turn.IMAGE_LEFT)
    assert play(both, [FRONT, RIGHT, LEFT, LEFT]) is not Verdict.PASSED
    assert play(both, [FRONT, RIGHT, FRONT, LEFT]) is Verdict.PASSED


def test_it_says_what_is_asked() -> None:
    challenge = begun((Turn.IMAGE_LEFT,), 0.0, DEMANDS)
    assert challenge.asked is None
    after = advanced(challenge, FRONT, 0.1)
    assert isinstance(after, Challenge)
    assert after.asked is Turn.IMAGE_LEFT


@given(st.lists(POSES, max_size=30))
def test_nobody_passes_without_the_turn_that_was_asked(poses: list[Pose]) -> None:
    outcome = play((Turn.IMAGE_LEFT,), poses, step_s=0.05)
    least = min((pose.yaw2d for pose in poses), default=0.0)
    if outcome is Verdict.PASSED:
        assert least <= DEMANDS.front_yaw2d_most - DEMANDS.yaw2d_least


@given(st.lists(st.builds(Pose, st.floats(-0.16, 0.16), st.floats(-9, 9)), max_size=60))
def test_a_flat_picture_never_passes(poses: list[Pose]) -> None:
    """The most that 72 flat pictures held at up to 40 degrees showed."""
    assert play((Turn.IMAGE_RIGHT,), poses, step_s=0.04) is not Verdict.PASSED
