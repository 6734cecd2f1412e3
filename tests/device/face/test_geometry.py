"""Similarity transforms: what was done is found again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from device.face.alignment import Template, aligned, placement
from device.face.geometry import Points, Similarity, chip, fit, letterbox
from device.face.mesh import Face

COORDINATE = st.floats(-500, 500)
SIMILARITY = st.builds(
    lambda scale, angle, tx, ty: Similarity(
        scale * float(np.cos(angle)), scale * float(np.sin(angle)), tx, ty
    ),
    st.floats(0.05, 20),
    st.floats(-3.1, 3.1),
    COORDINATE,
    COORDINATE,
)
SPREAD: Points = np.array([[0, 0], [60, 5], [30, 40], [10, 70], [52, 66]], dtype=float)


@given(SIMILARITY)
def test_alignment_recovers_a_known_similarity(known: Similarity) -> None:
    found = fit(SPREAD, known.apply(SPREAD))
    assert np.allclose(found.apply(SPREAD), known.apply(SPREAD), atol=1e-6)
    assert found.scale == pytest.approx(known.scale)


@given(SIMILARITY)
def test_the_inverse_goes_back(known: Similarity) -> None:
    back = known.inverse().apply(known.apply(SPREAD))
    assert np.allclose(back, SPREAD, atol=1e-6)


def test_the_fit_is_the_least_squares_one() -> None:
    target = SPREAD + np.array([[1, 0], [-1, 2], [0, -1], [2, 0], [-1, 1]])
    best = fit(SPREAD, target)
    least = float(((best.apply(SPREAD) - target) ** 2).sum())
    for change in ((0.01, 0, 0, 0), (0, 0.01, 0, 0), (0, 0, 0.1, 0), (0, 0, 0, -0.1)):
        near = Similarity(
            best.a + change[0],
            best.b + change[1],
            best.tx + change[2],
            best.ty + change[3],
        )
        assert float(((near.apply(SPREAD) - target) ** 2).sum()) > least


def test_points_that_coincide_have_no_similarity() -> None:
    with pytest.raises(ValueError, match="coincide"):
        fit(np.ones((5, 2)), SPREAD)


@given(st.integers(1, 4000), st.integers(1, 4000), st.sampled_from([128, 192]))
def test_a_letterbox_holds_the_whole_picture(w: int, h: int, size: int) -> None:
    corners = letterbox(w, h, size).apply(np.array([[0, 0], [w, h]], dtype=float))
    assert corners.min() >= -1e-6
    assert corners.max() <= size + 1e-6
    assert corners.sum() == pytest.approx(2 * size)


@pytest.mark.parametrize("scale", [1.0, 0.6, 0.3, 0.11])
def test_a_picture_moves_with_its_points(scale: float) -> None:
    picture = Image.new("RGB", (400, 300))
    picture.paste((255, 255, 255), (60, 50, 100, 90))
    place = Similarity(scale, 0.0, 5.0, 3.0)
    light = np.asarray(chip(picture, place, 128).convert("L"), dtype=float)
    rows, columns = np.mgrid[0:128, 0:128] + 0.5
    seen = [(light * each).sum() / light.sum() for each in (columns, rows)]
    expected = place.apply(np.array([[80.0, 70.0]]))[0]
    assert np.allclose(seen, expected, atol=0.6)


def test_an_aligned_chip_holds_the_template_points() -> None:
    points = np.zeros((468, 3))
    points[[33, 263, 1, 61, 291], :2] = [
        (100, 100),
        (160, 110),
        (128, 140),
        (105, 165),
        (145, 170),
    ]
    face = Face(points, 1.0, 1.0)
    groups = ((33,), (263,), (1,), (61,), (291,))
    targets = Similarity(0.8, 0.1, -30, -20).apply(points[[33, 263, 1, 61, 291], :2])
    template = Template(128, groups, targets)
    place = placement(face, template)
    assert np.allclose(place.apply(points[[33], :2]), targets[:1], atol=1e-9)
    assert aligned(Image.new("RGB", (300, 300)), face, template).shape == (
        1,
        128,
        128,
        3,
    )


def test_an_enlarged_chip_keeps_its_place_and_its_waves() -> None:
    """A wave of nine pixels, enlarged 5.3 times and turned: bilinear facets fail."""

    def wave(points: Points) -> Points:
        return np.asarray(127.5 + 100 * np.sin(points @ np.array([0.6, 0.4])))

    small, size = 30, 64
    rows, columns = np.mgrid[0:small, 0:small] + 0.5
    grey = wave(np.stack([columns, rows], axis=-1)).round().astype(np.uint8)
    turned = Similarity(5.1, 1.4, 0.0, 0.0)
    middle = turned.apply(np.array([[small / 2, small / 2]]))[0]
    place = Similarity(
        5.1, 1.4, size / 2 - float(middle[0]), size / 2 - float(middle[1])
    )
    y, x = np.mgrid[0:size, 0:size] + 0.5
    there = place.inverse().apply(np.stack([x, y], axis=-1).reshape(-1, 2))
    seen = np.asarray(chip(Image.fromarray(grey), place, size), dtype=np.float64)
    assert np.abs(seen.reshape(-1) - wave(there)).mean() < 1.5


def test_a_chip_beside_the_picture_is_black() -> None:
    picture = Image.new("RGB", (20, 20), "white")
    for scale in (0.4, 1.0, 4.0):
        place = Similarity(scale, 0.0, -900.0, -900.0)
        assert not np.asarray(chip(picture, place, 32)).any()
