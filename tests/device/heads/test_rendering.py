"""A head and a scene give one picture, and the scene's words mean what they say."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.simulated.heads import (
    Head,
    HeadError,
    Light,
    Occluder,
    Picture,
    Scene,
    card_photo,
    render,
    render_empty,
)

SMALL = Scene(width=320, height=240, distance_cm=44)
NOSE, LEFT_EYE, RIGHT_EYE = 4, (33, 133), (263, 362)
LID_UPPER, LID_LOWER = 159, 145


@pytest.fixture(scope="module")
def head() -> Head:
    return Head({"seed": 5, "nose_width": 0.5, "eye_size": 0.3})


def brightness(picture: Picture) -> float:
    return float(picture[60:180, 100:220].mean())


def mesh(models: FaceModels, picture: Picture) -> np.ndarray:  # type: ignore[type-arg]
    faces = models.faces(picture)
    assert len(faces) == 1
    return faces[0].points


def test_the_same_parameters_and_scene_give_the_same_pixels(head: Head) -> None:
    again = Head(head.features.model_dump())
    scene = replace(SMALL, yaw=12, mouth=0.4, occluder=Occluder.HAND, seed=8)
    assert np.array_equal(render(head, scene), render(again, scene))


def test_an_expression_leaves_no_trace_on_the_next_frame(head: Head) -> None:
    before = render(head, SMALL)
    render(head, replace(SMALL, blink=1, mouth=1, smile=1))
    assert np.array_equal(render(head, SMALL), before)


def test_the_seed_changes_the_noise_and_nothing_else(head: Head) -> None:
    first, second = (render(head, replace(SMALL, seed=seed)) for seed in (1, 2))
    assert not np.array_equal(first, second)
    assert np.abs(first.astype(int) - second.astype(int)).mean() < 4
    still = [render(head, replace(SMALL, seed=seed, noise=0)) for seed in (1, 2)]
    assert np.array_equal(still[0], still[1])


@pytest.mark.parametrize(
    "parameters",
    [{"nose": 1}, {"nose_width": 9}, {"skin": [1, 2]}, {"age": float("nan")}],
)
def test_what_describes_no_head_is_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(HeadError, match=next(iter(parameters))):
        Head(parameters)


def test_plus_yaw_turns_the_face_to_image_right(
    head: Head, shipped_models: FaceModels
) -> None:
    def turn(yaw: float) -> float:
        points = mesh(shipped_models, render(head, replace(SMALL, yaw=yaw)))
        eyes = [points[list(eye), 0].mean() for eye in (LEFT_EYE, RIGHT_EYE)]
        return float((points[NOSE, 0] - np.mean(eyes)) / (eyes[1] - eyes[0]))

    left, ahead, right = (turn(yaw) for yaw in (-30, 0, 30))
    assert right - ahead > 0.24
    assert ahead - left > 0.24


def test_a_shut_eye_looks_shut(head: Head, shipped_models: FaceModels) -> None:
    def opening(blink: float) -> float:
        scene = replace(SMALL, width=640, height=480, blink=blink)
        points = mesh(shipped_models, render(head, scene))
        lids = points[LID_LOWER, 1] - points[LID_UPPER, 1]
        return float(lids / np.ptp(points[list(LEFT_EYE), 0]))

    assert opening(1) < 0.85 * opening(0)


def test_a_face_shrinks_with_distance_and_is_lost_across_the_room(
    head: Head, shipped_models: FaceModels
) -> None:
    def eyes_apart(distance: float) -> float:
        picture = render(head, Scene(distance_cm=distance))
        return float(np.ptp(mesh(shipped_models, picture)[[33, 263], 0]))

    near, far = eyes_apart(35), eyes_apart(90)
    assert near > 2.2 * far


def test_darkness_and_glare_are_seen_in_the_brightness(head: Head) -> None:
    lit = {light: brightness(render(head, replace(SMALL, light=light)))
           for light in (Light.DARK, Light.DIM, Light.FRONT, Light.GLARE)}  # fmt: skip
    assert lit[Light.DARK] < 60 < lit[Light.DIM] < lit[Light.FRONT] < 200
    assert lit[Light.GLARE] > 210


def test_a_side_lamp_lights_its_side(head: Head) -> None:
    picture = render(head, replace(SMALL, light=Light.LEFT))
    middle = picture.shape[1] // 2
    left, right = (
        picture[100:170, middle - 45 : middle],
        picture[100:170, middle : middle + 45],
    )
    assert left.mean() > right.mean() + 10


def test_nobody_there_is_the_room_alone(shipped_models: FaceModels) -> None:
    room = render_empty(SMALL)
    assert room.shape == (240, 320, 3)
    assert shipped_models.faces(room) == []


def test_a_lens_inside_the_head_is_no_crash(head: Head) -> None:
    assert render(head, replace(SMALL, distance_cm=2)).shape == (240, 320, 3)


def test_the_card_photo_is_a_small_grey_jpeg_2000(head: Head) -> None:
    data = card_photo(head)
    assert data.startswith(b"\x00\x00\x00\x0cjP  \r\n\x87\n")
    assert 4000 < len(data) < 5500
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.mode) == ("JPEG2000", "L")
        assert picture.size == (240, 320)
    assert data == card_photo(head)
