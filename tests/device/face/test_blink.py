"""Blinking against one's own open eyes, on rendered lids."""

from dataclasses import replace

import pytest

from device.adapters.face_tflite import FaceModels
from device.face.blink import BASELINE_LEAST, Lids, blinked, opening
from device.simulated.heads import Head, Scene, render
from device.simulated.heads.crowd import somebody
from device.simulated.heads.held import PAPER, portrait, presented

OPEN = Scene(width=640, height=480)


def test_without_a_baseline_no_blink_counts() -> None:
    lids = Lids()
    for _ in range(BASELINE_LEAST - 1):
        lids = lids.seen(1.0)
    assert not blinked(lids.asked(0.5).asked(1.0))


def test_eyes_that_stay_shut_are_no_blink() -> None:
    lids = Lids((1.0,) * BASELINE_LEAST)
    assert not blinked(lids.asked(0.5).asked(0.5))
    assert blinked(lids.asked(0.5).asked(1.0))


def test_the_baseline_is_ones_own() -> None:
    narrow = Lids((0.2,) * BASELINE_LEAST)
    assert not blinked(narrow.asked(0.19).asked(0.2))
    assert blinked(narrow.asked(0.15).asked(0.2))


def test_rendered_eyes_that_shut_are_seen() -> None:
    models = FaceModels.open()
    head = Head(somebody(3) | {"glasses": 0})
    sizes = {
        shut: opening(models.faces(render(head, replace(OPEN, blink=shut)))[0])
        for shut in (0.0, 1.0)
    }
    assert sizes[1.0] <= 0.8 * sizes[0.0]


@pytest.mark.parametrize("tilt", [25.0, -25.0])
def test_a_picture_that_is_tilted_away_does_not_blink(tilt: float) -> None:
    models = FaceModels.open()
    picture = portrait(Head(somebody(3) | {"glasses": 0}))
    front, tilted = (
        opening(models.faces(presented(picture, PAPER, replace(OPEN, pitch=pitch)))[0])
        for pitch in (0.0, tilt)
    )
    assert tilted > 0.8 * front
