"""A visitor's picture becomes a card photo, or the visitor hears what to do."""

import io
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.face.model import Hint
from device.simulated.guest.portrait import EYES, SENTENCES, PortraitError, portrait
from device.simulated.heads import Light, render_empty
from device.simulated.heads.card import encoded
from device.simulated.picture import PictureError
from tests.support.visitor import (
    CANARY,
    NEAR,
    jpeg,
    seen,
    two_people,
    visitor,
    webcam_frames,
)


@pytest.fixture(scope="module")
def models() -> FaceModels:
    return FaceModels.open()


def cut_at(left: int) -> bytes:
    """The picture without its left part: the face stands at its edge."""
    with Image.open(io.BytesIO(webcam_frames()[0])) as picture:
        return jpeg(picture.crop((left, 0, *picture.size)))


REFUSED: list[tuple[Callable[[], bytes], Hint]] = [
    (lambda: jpeg(Image.fromarray(render_empty(NEAR))), Hint.NO_FACE),
    (two_people, Hint.ONE_PERSON),
    (lambda: seen(visitor(), replace(NEAR, distance_cm=140)), Hint.CLOSER),
    (lambda: seen(visitor(), replace(NEAR, distance_cm=20)), Hint.FARTHER),
    (lambda: cut_at(240), Hint.CENTRE),
    (lambda: seen(visitor(), replace(NEAR, light=Light.DARK)), Hint.DARK),
    (lambda: seen(visitor(), replace(NEAR, yaw=30)), Hint.FRONT),
    (lambda: seen(visitor(), replace(NEAR, blur=6)), Hint.STILL),
]


@pytest.mark.parametrize(("picture", "hint"), REFUSED, ids=[str(h) for _, h in REFUSED])
def test_a_picture_that_makes_no_photo_is_refused_in_two_languages(
    models: FaceModels, picture: Callable[[], bytes], hint: Hint
) -> None:
    with pytest.raises(PortraitError) as refused:
        portrait(picture(), models.faces)
    assert refused.value.hint == hint
    assert str(refused.value) == " / ".join(SENTENCES[hint])


def test_what_is_no_picture_is_refused(models: FaceModels) -> None:
    with pytest.raises(PictureError):
        portrait(b"no picture", models.faces)


@pytest.mark.parametrize("roll", [-12, 12])
def test_the_photo_is_grey_small_and_level_and_the_eyes_are_in_their_place(
    models: FaceModels, roll: float
) -> None:
    photo = portrait(seen(visitor(), replace(NEAR, roll=roll)), models.faces)
    assert (photo.mode, photo.size) == ("L", (240, 320))
    (face,) = models.faces(np.asarray(photo.convert("RGB")))
    assert np.abs(face.eyes - EYES).max() < 3


def test_a_large_picture_makes_the_same_photo(models: FaceModels) -> None:
    (small, *_) = webcam_frames()
    with Image.open(io.BytesIO(small)) as picture:
        large = jpeg(picture.resize((2560, 1920), Image.Resampling.BICUBIC))
    one, other = (portrait(each, models.faces) for each in (small, large))
    apart = np.abs(np.asarray(one, float) - np.asarray(other, float))
    assert apart.mean() < 6


def test_a_card_photo_is_small_and_keeps_nothing_but_the_pixels(
    models: FaceModels,
) -> None:
    photo = encoded(portrait(webcam_frames()[0], models.faces))
    assert CANARY not in photo
    assert 3000 < len(photo) < 7000
