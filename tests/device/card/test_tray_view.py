"""Where no whole card lies straight enough to be read, nothing is read."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image

from device.card.number_strip import Letter, Strip, grey_strip, ink_strip, strips
from device.card.printed_layout import SPECIMEN
from device.card.tray_view import (
    SIZE,
    cut,
    era_is_kanji,
    find_card,
    straightened,
)
from device.ports import Frame
from device.simulated.card_face.specimen import Printed, specimen
from device.simulated.card_face.tray_scene import Scene, exposed, still

PRINTED = Printed(
    name="架空 太郎",
    address="架空県見本市",
    birth=date(1954, 7, 15),
    sex="1",
    expiry=date(2032, 7, 15),
    security_code="4821",
)
PHOTO = Image.new("L", (60, 80), 90)
FACE = specimen(PRINTED, PHOTO)


def seen(scene: Scene, face: Image.Image | None = FACE, seed: int = 1) -> Frame:
    return exposed(still(face, scene), scene, seed)


def test_an_empty_tray_has_no_card() -> None:
    assert find_card(seen(Scene(), None)) is None


@pytest.mark.parametrize(
    "scene", [Scene(x=400), Scene(turn=45), Scene(light=0.05), Scene(tilt=0.5)]
)
def test_a_card_that_is_not_wholly_there_is_not_found(scene: Scene) -> None:
    assert find_card(seen(scene)) is None


def test_a_square_thing_is_no_card() -> None:
    assert find_card(seen(Scene(), Image.new("RGB", (800, 800), "white"))) is None


def test_noise_alone_is_no_card() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (972, 1296, 3), dtype=np.uint8)
    assert find_card(noise) is None


@pytest.mark.parametrize("turn", [0.0, -11.0, 8.0, 173.0, 185.0])
def test_a_turned_card_lies_straight_and_upright(turn: float) -> None:
    frame = seen(Scene(turn=turn, tilt=0.03, shade=0.4))
    found = find_card(frame)
    assert found is not None
    card = straightened(frame, found, SPECIMEN)
    assert card.shape == SIZE[::-1]
    photo = cut(card, SPECIMEN.photo)
    assert photo.mean() < 0.75
    # Paper is white below the last field, whatever the light.
    assert np.median(card[560:590, 400:900]) > 0.9


def test_a_western_birth_date_is_not_read() -> None:
    western = specimen(replace(PRINTED, western=True), PHOTO)
    frames = seen(Scene(), western), seen(Scene(), western, 2)
    assert strips(frames, SPECIMEN) is None


@pytest.mark.parametrize(
    "birth", [date(1920, 3, 4), date(1954, 7, 15), date(1991, 1, 1), date(2020, 9, 9)]
)
def test_the_name_of_every_era_is_seen(birth: date) -> None:
    frame = seen(Scene(turn=3), specimen(replace(PRINTED, birth=birth), PHOTO))
    found = find_card(frame)
    assert found is not None
    assert era_is_kanji(straightened(frame, found, SPECIMEN), SPECIMEN)


def test_a_number_that_touches_the_edge_of_its_place_is_not_trusted() -> None:
    """Half an 8 is a 3: a layout that does not fit the card must not be read."""
    frame = seen(Scene())
    found = find_card(frame)
    assert found is not None
    card = straightened(frame, found, SPECIMEN)
    code = SPECIMEN.security_code
    off = replace(SPECIMEN, security_code=replace(code, x=code.x + 3))
    for prepare in (grey_strip, ink_strip):
        assert prepare(card, SPECIMEN).whole
        assert not prepare(card, off).whole


def test_a_place_without_ink_is_not_trusted() -> None:
    """The engine was seen to read letters into a white picture."""
    blank = np.ones(SIZE[::-1], np.float32)
    assert not grey_strip(blank, SPECIMEN).whole
    assert not ink_strip(blank, SPECIMEN).whole


def strip(*, whole: bool = True) -> Strip:
    fields = tuple((100.0 * at, 100.0 * at + 60) for at in range(7))
    return Strip(Image.new("L", (700, 60), 255), fields, whole)


LETTERS = [Letter(f"{at}", 100.0 * at + 30, 99.0) for at in range(7)]


def test_letters_go_to_the_field_they_stand_in() -> None:
    reading = strip().reading([Letter("9", 110.0, 97.0), *LETTERS])
    assert reading.digits == ("0", "91", "2", "3", "4", "5", "6")
    assert reading.sure == 97.0


@pytest.mark.parametrize(
    ("letters", "whole"),
    [
        (LETTERS[1:], True),
        ([*LETTERS, Letter("7", 80.0, 99.0)], True),
        ([], True),
        (LETTERS, False),
    ],
)
def test_a_letter_too_few_or_between_two_fields_is_not_sure(
    letters: list[Letter], whole: bool
) -> None:
    assert strip(whole=whole).reading(letters).sure == 0.0
