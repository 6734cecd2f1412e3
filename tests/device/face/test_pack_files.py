"""What is wrong with a pack's file is F204 with its name, in every runtime."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import RUNTIMES, FaceModels, read_pack
from device.adapters.model_trial import tried
from device.face.mesh import Face
from device.face.pack import Input, PresentationAttack
from device.face.presentation import live_score, network_input
from device.ports import PartError
from tests.support.tiny_pack import (
    ATTACK,
    EMBEDDING,
    tiny_file,
    tiny_pack,
    with_attack,
)


@pytest.fixture(params=RUNTIMES)
def runtime(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def refused(folder: Path, runtime: str, why: str, name: str = EMBEDDING) -> None:
    with pytest.raises(PartError, match=why) as caught:
        FaceModels.open(folder, runtime=runtime)
    assert caught.value.code == "F204"
    assert name in str(caught.value)


def test_the_pack_as_it_should_be_opens(tmp_path: Path, runtime: str) -> None:
    models = FaceModels.open(tiny_pack(tmp_path), runtime=runtime)
    assert (models.name, models.attack) == (f"tiny/1 on {runtime}", None)


def test_an_unknown_operator(tmp_path: Path, runtime: str) -> None:
    refused(tiny_pack(tmp_path, tiny_file(version=99)), runtime, "does not load")


@pytest.mark.parametrize("length", [8, 300])
def test_what_ends_the_runtime_is_tried_elsewhere(
    tmp_path: Path, runtime: str, length: int
) -> None:
    """tflite-runtime 2.14 ends the process; a child dies in the reader's place."""
    folder = tiny_pack(tmp_path, tiny_file()[:length])
    with pytest.raises(PartError, match=rf"F204 {EMBEDDING}.*(load|incomplete)"):
        tried(folder, runtime)


def test_a_trial_that_never_ends_is_ended(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="F204"):
        tried(tiny_pack(tmp_path), longest_s=0.01)


def test_a_sound_pack_passes_its_trial(tmp_path: Path, runtime: str) -> None:
    tried(with_attack(tmp_path), runtime)


def test_a_trial_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="another output"):
        tried(tiny_pack(tmp_path, tiny_file(9)))


def test_a_half_downloaded_file(tmp_path: Path, runtime: str) -> None:
    folder = tiny_pack(tmp_path)
    (folder / EMBEDDING).write_bytes(tiny_file()[:-100])
    refused(folder, runtime, "incomplete")


def test_another_file_of_the_same_length(tmp_path: Path, runtime: str) -> None:
    folder = tiny_pack(tmp_path)
    (folder / EMBEDDING).write_bytes(tiny_file(swapped=True))
    refused(folder, runtime, "damaged")


def test_another_input_shape(tmp_path: Path, runtime: str) -> None:
    refused(tiny_pack(tmp_path, tiny_file(size=32)), runtime, "another input")


def test_another_output_shape(tmp_path: Path, runtime: str) -> None:
    refused(tiny_pack(tmp_path, tiny_file(9)), runtime, "another output")


def test_a_wrong_channel_order(tmp_path: Path, runtime: str) -> None:
    folder = tiny_pack(tmp_path, tiny_file(swapped=True))
    refused(folder, runtime, "self-test")


def test_an_output_that_is_not_a_number(tmp_path: Path, runtime: str) -> None:
    folder = tiny_pack(tmp_path, tiny_file(spread=float("nan")))
    refused(folder, runtime, "self-test")


def test_a_presentation_attack_file_is_checked_alike(
    tmp_path: Path, runtime: str
) -> None:
    wrong = {"swapped": True, "spread": 0.01}, {"version": 99}, {"size": 32}
    for index, changes in enumerate(wrong):
        folder = tmp_path / str(index)
        with_attack(folder, tiny_file(3, **changes))  # type: ignore[arg-type] # mixed
        refused(folder, runtime, "self-test|does not load|another input", ATTACK)


def test_a_presentation_attack_file_says_how_alive_a_face_is(
    tmp_path: Path, runtime: str
) -> None:
    models = FaceModels.open(with_attack(tmp_path), runtime=runtime)
    assert models.attack is not None
    picture = np.full((100, 120, 3), 90, dtype=np.uint8)
    assert 0 < models.attack.live(picture, face(40, 40, 60, 70)) < 1


@pytest.mark.parametrize("changes", [{"live_class": 3}, {"classes": 1}])
def test_a_live_class_that_is_none_is_refused(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    with pytest.raises(PartError, match="not a manifest"):
        read_pack(with_attack(tmp_path, **changes))


def test_a_section_without_its_file_is_refused(tmp_path: Path) -> None:
    role = read_pack(with_attack(tmp_path)).presentation_attack
    assert role is not None
    section = role.model_dump(mode="json")
    with pytest.raises(PartError, match="not a manifest"):
        read_pack(tiny_pack(tmp_path, presentation_attack=section))


def face(left: float, top: float, right: float, bottom: float) -> Face:
    corners = [[left, top, 0.0], [right, bottom, 0.0]]
    return Face(np.array(corners * 234), 1.0, 1.0)


def role(**changes: Any) -> PresentationAttack:
    test = {"first": [1.0, 0.0], "tolerance": 0.001}
    known = {
        "crop_scale": 2.0,
        "live_least": 0.5,
        "classes": 3,
        "live_class": 1,
        "output": "logits",
    }
    return PresentationAttack.model_validate(
        known | {"self_test": test, "statement": ""} | changes
    )


BGR = Input(size=16, layout="NHWC BGR float32", range=(0.0, 1.0))


def test_the_square_stays_inside_the_picture() -> None:
    picture = Image.new("RGB", (100, 80), (255, 51, 0))
    for box in ((0, 0, 30, 30), (70, 50, 100, 80), (0, 0, 100, 80)):
        square = network_input(picture, face(*box), BGR, role(crop_scale=3))
        assert square.shape == (1, 16, 16, 3)
        assert np.allclose(square, (0.0, 0.2, 1.0))


def test_logits_become_a_share() -> None:
    score = live_score(np.log(np.array([[1, 2, 1]], dtype=np.float32)), role())
    assert score == pytest.approx(0.5)
    plain = role(output="probabilities")
    assert live_score(np.array([[0.1, 0.7, 0.2]], np.float32), plain) == pytest.approx(
        0.7
    )


def test_what_is_not_a_number_is_not_alive() -> None:
    assert live_score(np.array([[0, np.nan, 0]], np.float32), role()) == 0
