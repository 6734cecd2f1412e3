"""Decoding and suppression, against the published constants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from device.face.blazeface import (
    FULL_RANGE,
    OVERLAP_SAME,
    SHORT_RANGE,
    decode,
    network_input,
    overlap,
    score,
    suppress,
)
from device.face.geometry import letterbox

BOX = st.tuples(
    st.floats(0, 100), st.floats(0, 100), st.floats(0.5, 60), st.floats(0.5, 60)
)


def test_the_anchors_are_the_published_ones() -> None:
    assert SHORT_RANGE.anchors.shape == (896, 2)
    assert FULL_RANGE.anchors.shape == (2304, 2)
    assert SHORT_RANGE.anchors[0] == pytest.approx([0.5 / 16, 0.5 / 16])
    assert SHORT_RANGE.anchors[3] == pytest.approx([1.5 / 16, 0.5 / 16])
    assert SHORT_RANGE.anchors[511] == pytest.approx([15.5 / 16, 15.5 / 16])
    assert SHORT_RANGE.anchors[512] == pytest.approx([0.5 / 8, 0.5 / 8])
    assert SHORT_RANGE.anchors[895] == pytest.approx([7.5 / 8, 7.5 / 8])
    assert FULL_RANGE.anchors[49] == pytest.approx([1.5 / 48, 1.5 / 48])


def test_a_row_is_decoded_relative_to_its_anchor() -> None:
    regressors = np.zeros((1, 896, 16), dtype=np.float32)
    logits = np.full((1, 896, 1), -100.0, dtype=np.float32)
    row = 2 * (16 * 4 + 8)
    logits[0, row] = 2.0
    regressors[0, row] = [4, -4, 32, 48, -6, -5, 6, -5, 0, 2, 0, 8, -12, 0, 12, 0]
    place = letterbox(256, 256, 128)
    (found,) = decode(regressors, logits, SHORT_RANGE, place)
    # Anchor centre (68, 36) in the 128 square; twice that in the picture.
    assert found.box == pytest.approx([112, 16, 176, 112])
    assert found.points[0] == pytest.approx([124, 62])
    assert found.points[5] == pytest.approx([160, 72])
    assert found.score == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_a_score_below_one_half_is_no_face() -> None:
    logits = np.full((1, 896, 1), -0.001, dtype=np.float32)
    regressors = np.ones((1, 896, 16), dtype=np.float32)
    assert decode(regressors, logits, SHORT_RANGE, letterbox(128, 128, 128)) == []


def test_extreme_logits_do_not_overflow() -> None:
    extreme = score(np.array([-1e30, 1e30], dtype=np.float32))
    assert extreme == pytest.approx([0.0, 1.0])


def test_pixels_are_fed_between_minus_one_and_one() -> None:
    white, _ = network_input(Image.new("RGB", (64, 64), "white"), SHORT_RANGE)
    tall, _ = network_input(Image.new("RGB", (32, 64), "white"), SHORT_RANGE)
    assert white.shape == (1, 128, 128, 3)
    assert (white.min(), white.max()) == (1.0, 1.0)
    assert tall[0, 64, 0].tolist() == [-1.0, -1.0, -1.0]


def test_an_averaged_box_lies_by_the_better_one() -> None:
    boxes = np.array([[0.0, 0, 10, 10], [2.0, 0, 12, 10]])
    points = np.zeros((2, 6, 2))
    points[1] = 2.0
    (found,) = suppress(boxes, points, np.array([0.9, 0.6]))
    assert found.box == pytest.approx([0.8, 0, 10.8, 10])
    assert found.points[0] == pytest.approx([0.8, 0.8])
    assert found.score == 0.9


@given(st.lists(st.tuples(BOX, st.floats(0.5, 1.0)), max_size=12))
def test_suppression_keeps_the_best_and_no_more_than_it_was_given(
    given_boxes: list[tuple[tuple[float, float, float, float], float]],
) -> None:
    if not given_boxes:
        return
    corners = np.array([(x, y, x + w, y + h) for (x, y, w, h), _ in given_boxes])
    scores = np.array([each for _, each in given_boxes])
    found = suppress(corners, np.zeros((len(scores), 6, 2)), scores)
    assert 1 <= len(found) <= len(scores)
    assert found[0].score == scores.max()
    assert [each.score for each in found] == sorted(
        (each.score for each in found), reverse=True
    )
    low, high = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    for each in found:
        assert (each.box[:2] >= low - 1e-6).all()
        assert (each.box[2:] <= high + 1e-6).all()


@given(BOX, BOX)
def test_far_boxes_are_never_merged(
    one: tuple[float, ...], other: tuple[float, ...]
) -> None:
    first = np.array([one[0], one[1], one[0] + one[2], one[1] + one[3]])
    second = np.array([other[0], other[1], other[0] + other[2], other[1] + other[3]])
    found = suppress(
        np.array([first, second]), np.zeros((2, 6, 2)), np.array([0.9, 0.8])
    )
    same = bool(overlap(first, second[None])[0] > OVERLAP_SAME)
    assert len(found) == (1 if same else 2)


def test_a_box_without_area_ends_the_suppression_all_the_same() -> None:
    boxes = np.zeros((3, 4))
    assert len(suppress(boxes, np.zeros((3, 6, 2)), np.array([0.9, 0.8, 0.7]))) == 3
