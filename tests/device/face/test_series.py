"""Good frames are kept over a short loss, and frames of two people never meet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from device.face.matching import Embedding, Metric
from device.face.series import Good, Series

HERE, AWAY = np.array([100.0, 100, 200, 200]), np.array([400.0, 100, 500, 200])
SAME, MOST = 0.4, 5


def good(person: int, score: float = 1.0, shade: float = 0.0) -> Good:
    """Two people are 1.4 apart; `shade` is what one person's frames differ by."""
    vector = np.zeros(8, dtype=np.float32)
    vector[person] = 1.0
    vector[7] = shade
    return Good(Embedding(vector, "test/1", Metric.EUCLIDEAN), score)


def person(one: Good) -> int:
    return int(one.embedding.vector[:7].argmax())


def of(*frames: Good) -> Series:
    series = Series().followed(HERE)
    for one in frames:
        series = series.taken(one, SAME, MOST)
    return series


def test_another_person_starts_the_series_anew() -> None:
    series = of(good(0), good(0)).followed(HERE).taken(good(1), SAME, MOST)
    assert [person(one) for one in series.frames] == [1]


def test_a_face_that_was_lost_keeps_its_frames() -> None:
    series = of(good(0), good(0)).followed(None).followed(AWAY)
    assert len(series.taken(good(0), SAME, MOST).frames) == 3


def test_after_a_loss_a_frame_must_be_nearer_than_before() -> None:
    drifted = good(0, shade=0.35)
    assert len(of(good(0)).taken(drifted, SAME, MOST).frames) == 2
    again = of(good(0)).followed(None).followed(HERE).taken(drifted, SAME, MOST)
    assert len(again.frames) == 1


def test_a_jump_is_a_loss() -> None:
    assert of(good(0)).followed(AWAY).broken


def test_better_frames_take_the_place_of_worse() -> None:
    series = of(*(good(0, score) for score in (0.5, 0.1, 0.9, 0.3, 0.7, 0.8)))
    assert [one.score for one in series.frames] == [0.5, 0.9, 0.3, 0.7, 0.8]


STEPS = st.lists(
    st.one_of(
        st.just("lost"),
        st.just("jump"),
        st.tuples(st.integers(0, 2), st.floats(0, 2), st.floats(0, 0.3)),
    ),
    max_size=40,
)


@given(STEPS)
def test_frames_of_two_people_never_meet(
    steps: list[str | tuple[int, float, float]],
) -> None:
    series = Series()
    for step in steps:
        if step == "lost":
            series = series.followed(None)
        elif step == "jump":
            series = series.followed(AWAY).followed(HERE)
        elif isinstance(step, tuple):
            series = series.followed(HERE).taken(good(*step), SAME, MOST)
        assert len({person(one) for one in series.frames}) <= 1
        assert len(series.frames) <= MOST
