"""The simulator can play every fault of a frame that the reader has words for."""

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.face.model import Hint
from device.face.quality import Limits, hint
from device.simulated.heads import Head, Light, Scene, render, render_empty


@pytest.fixture(scope="module")
def head() -> Head:
    return Head({"seed": 5})


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (Scene(), None),
        (Scene(light=Light.DIM), None),
        (Scene(light=Light.DARK), Hint.DARK),
        (Scene(light=Light.GLARE), Hint.BRIGHT),
        (Scene(distance_cm=110), Hint.CLOSER),
        (Scene(distance_cm=24), Hint.FARTHER),
        (Scene(x=17), Hint.CENTRE),
        (Scene(yaw=30), Hint.FRONT),
        (Scene(blur=10), Hint.STILL),
    ],
    ids=["good", "dim", "dark", "glare", "far", "near", "aside", "turned", "blurred"],
)
def test_a_fault_before_the_camera_is_the_hint_on_the_screen(
    head: Head, shipped_models: FaceModels, scene: Scene, said: Hint | None
) -> None:
    frame = render(head, scene)
    faces = shipped_models.faces(frame)
    assert hint(faces, Image.fromarray(frame), Limits()) is said


def test_an_empty_room_is_no_face(shipped_models: FaceModels) -> None:
    frame = render_empty(Scene())
    faces = shipped_models.faces(frame)
    assert hint(faces, Image.fromarray(frame), Limits()) is Hint.NO_FACE


def test_two_people_are_one_too_many(head: Head, shipped_models: FaceModels) -> None:
    left, right = render(head, Scene(x=-12)), render(head, Scene(x=12))
    middle = left.shape[1] // 2
    both = np.concatenate([left[:, :middle], right[:, middle:]], axis=1)
    faces = shipped_models.faces(both)
    assert hint(faces, Image.fromarray(both), Limits()) is Hint.ONE_PERSON
