"""The head-turn challenge: every way not to pass it, then the way to pass it."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.liveness import (
    TURN_BYTES,
    Ask,
    Challenge,
    Demands,
    Pose,
    Step,
    Verdict,
    advanced,
    begun,
    drawn,
)

DEMANDS = Demands()
FRONT = Pose(0.02, 1.0)
RIGHT = Pose(0.45, 30.0)
LEFT = Pose(-0.45, -30.0)
SHUT = Pose(0.02, 1.0, lids=0.6)
POSES = st.builds(
    Pose,
    st.floats(-0.6, 0.6),
    st.floats(-45, 45),
    st.floats(0.4, 1.2),
    st.floats(0.3, 1.2),
)
WAIT = 0.5
PACE = 0.1


def play(
    asks: tuple[Ask, ...], poses: Sequence[Pose | None]
) -> tuple[Challenge | Verdict, float]:
    """One frame every tenth of a second; the last state and when it was reached."""
    steps = tuple(Step(ask, WAIT) for ask in asks)
    state: Challenge | Verdict = begun(steps, 0.0, DEMANDS)
    now = 0.0
    for pose in poses:
        if isinstance(state, Verdict):
            break
        now += PACE
        state = advanced(state, pose, now)
    return state, now


def verdict(asks: tuple[Ask, ...], poses: Sequence[Pose | None]) -> Challenge | Verdict:
    return play(asks, poses)[0]


ASKED = [FRONT] * 7
"""Looking at the camera until the turn is asked for."""


def test_a_challenge_without_steps_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        begun((), 0.0, DEMANDS)


def test_a_still_picture_fails_when_the_time_is_over() -> None:
    ended, now = play((Ask.IMAGE_LEFT,), [FRONT] * 100)
    assert ended is Verdict.FAILED
    assert now <= 0.2 + WAIT + DEMANDS.window_s + PACE


def test_somebody_who_never_looks_at_the_camera_fails() -> None:
    ended, now = play((Ask.IMAGE_RIGHT,), [RIGHT] * 100)
    assert ended is Verdict.FAILED
    assert now <= DEMANDS.front_s + PACE


def test_a_turn_before_it_is_asked_for_does_not_count() -> None:
    """It is waited out, and the wait begins anew."""
    early = [FRONT] * 3 + [RIGHT] * 10 + [FRONT] * 4
    state = verdict((Ask.IMAGE_RIGHT,), early)
    assert isinstance(state, Challenge)
    assert state.asked is None


def test_a_face_that_is_lost_for_long_fails() -> None:
    lost = int(DEMANDS.lost_s / PACE) + 1
    assert verdict((Ask.IMAGE_LEFT,), [FRONT] + [None] * lost) is Verdict.FAILED
    short: list[Pose | None] = [FRONT, *[None] * (lost - 2)]
    assert verdict((Ask.IMAGE_LEFT,), [*short, *ASKED, LEFT]) is Verdict.PASSED


def test_a_whole_turn_to_the_other_side_fails_at_once() -> None:
    """A film of somebody looking around must not pass by waiting."""
    looking_around = [*ASKED, RIGHT, FRONT, LEFT]
    ended, now = play((Ask.IMAGE_LEFT,), looking_around)
    assert ended is Verdict.FAILED
    assert now == pytest.approx(PACE * (len(ASKED) + 1))


def test_a_small_turn_to_the_other_side_is_forgiven() -> None:
    hesitating = [*ASKED, Pose(0.2, 12.0), FRONT, LEFT]
    assert verdict((Ask.IMAGE_LEFT,), hesitating) is Verdict.PASSED


@pytest.mark.parametrize("pose", [Pose(0.6, 12.0), Pose(0.2, 44.0)])
def test_one_measure_alone_is_not_a_turn(pose: Pose) -> None:
    assert verdict((Ask.IMAGE_RIGHT,), ASKED + [pose] * 60) is Verdict.FAILED


def test_a_face_as_narrow_as_a_picture_turned_away_has_not_turned() -> None:
    """At 30 degrees a head keeps 0.87 of its breadth; a flat print needs 56."""
    narrow = Pose(0.45, 30.0, breadth=0.56)
    assert verdict((Ask.IMAGE_RIGHT,), ASKED + [narrow] * 60) is Verdict.FAILED
    head = Pose(0.45, 30.0, breadth=0.85)
    assert verdict((Ask.IMAGE_RIGHT,), [*ASKED, head]) is Verdict.PASSED


@pytest.mark.parametrize(
    ("ask", "pose"), [(Ask.IMAGE_LEFT, LEFT), (Ask.IMAGE_RIGHT, RIGHT)]
)
def test_a_turn_to_the_side_that_was_asked_for_passes(ask: Ask, pose: Pose) -> None:
    assert verdict((ask,), [*ASKED, pose]) is Verdict.PASSED


def test_a_turn_is_measured_from_the_persons_own_front() -> None:
    own = [Pose(0.1, 8.0)] * 7
    assert verdict((Ask.IMAGE_RIGHT,), own + [Pose(0.38, 28.0)] * 60) is Verdict.FAILED
    assert verdict((Ask.IMAGE_RIGHT,), [*own, Pose(0.45, 30.0)]) is Verdict.PASSED


def test_the_way_back_from_the_other_side_is_no_turn() -> None:
    """Prints bent to 1.4 rad are held turned away when the question comes."""
    away = [Pose(-0.12, -9.0, breadth=0.84)] * 7
    bent = Pose(0.25, 16.0, breadth=0.75)
    assert verdict((Ask.IMAGE_RIGHT,), away + [bent] * 60) is Verdict.FAILED
    assert verdict((Ask.IMAGE_RIGHT,), [*away, RIGHT]) is Verdict.PASSED


def test_two_turns_need_the_front_in_between() -> None:
    both = (Ask.IMAGE_LEFT, Ask.IMAGE_RIGHT)
    straight_on = [*ASKED, LEFT, RIGHT]
    assert isinstance(verdict(both, straight_on), Challenge)
    assert verdict(both, [*ASKED, LEFT, *ASKED, RIGHT]) is Verdict.PASSED


def test_a_blink_needs_shut_and_open_eyes_after_the_question() -> None:
    blink = (Ask.BLINK,)
    assert verdict(blink, [*ASKED, *[SHUT] * 60]) is Verdict.FAILED
    assert verdict(blink, [*[SHUT] * 7, *[FRONT] * 60]) is Verdict.FAILED
    assert verdict(blink, [*ASKED, SHUT, FRONT]) is Verdict.PASSED


def test_nobody_is_asked_to_blink_before_the_open_eyes_are_known() -> None:
    """A slow camera gives two frames within the shortest wait: no blink could count."""
    state: Challenge | Verdict = begun((Step(Ask.BLINK, 0.3),), 0.0, DEMANDS)
    for now, pose in enumerate([*[FRONT] * 4, SHUT, FRONT]):
        assert isinstance(state, Challenge)
        state = advanced(state, pose, now * 0.35)
    assert state is Verdict.PASSED


def test_eyes_that_narrow_while_the_face_turns_are_no_blink() -> None:
    turned = Pose(0.3, 20.0, lids=0.5)
    assert verdict((Ask.BLINK,), [*ASKED, turned, *[FRONT] * 60]) is Verdict.FAILED


def test_the_draw_reaches_every_challenge_and_every_wait() -> None:
    found = {
        tuple(step.ask for step in drawn(bytes([a, b, c, 0, 255]), DEMANDS))
        for a in (0, 1)
        for b in (0, 1)
        for c in (0, 1)
    }
    left, right = Ask.IMAGE_LEFT, Ask.IMAGE_RIGHT
    pairs = {(x, y) for x in (left, right) for y in (left, right)}
    assert found == {(left,), (right,)} | pairs
    first, second = drawn(bytes([1, 0, 0, 0, 255]), DEMANDS)
    assert (first.wait_s, second.wait_s) == (
        DEMANDS.wait_least_s,
        DEMANDS.wait_most_s,
    )
    blinks = drawn(bytes(TURN_BYTES), DEMANDS, blink=True)
    assert [step.ask for step in blinks] == [Ask.BLINK, Ask.BLINK]


def test_less_randomness_is_an_error() -> None:
    with pytest.raises(ValueError, match="random"):
        drawn(b"", DEMANDS)


@given(
    st.binary(min_size=TURN_BYTES, max_size=TURN_BYTES),
    st.lists(st.one_of(st.none(), POSES), max_size=80),
)
def test_every_challenge_ends_and_only_asked_turns_pass(
    random: bytes, poses: list[Pose | None]
) -> None:
    """Whatever is shown: no pass without a frame that has the last turn's measures."""
    state: Challenge | Verdict = begun(drawn(random, DEMANDS), 0.0, DEMANDS)
    now = 0.0
    for pose in (*poses, *[FRONT] * 600):
        if isinstance(state, Verdict):
            break
        now += PACE
        was = state
        state = advanced(state, pose, now)
        if state is Verdict.PASSED:
            assert pose is not None
            assert was.baseline is not None
            sign = 1 if was.steps[0].ask is Ask.IMAGE_RIGHT else -1
            for start in (was.baseline.yaw2d, 0.0):
                assert sign * (pose.yaw2d - start) >= DEMANDS.yaw2d_least
    assert isinstance(state, Verdict)
