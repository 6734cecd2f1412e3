"""The files in device/models/default, on every runtime that is installed here."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from device.adapters.face_tflite import RUNTIMES, FaceModels, read_pack
from device.adapters.model_folder import pack_folder, shipped_folder
from device.ports import PartError

INSTALLED = [name for name in RUNTIMES if find_spec(name)]


@pytest.fixture(params=INSTALLED)
def models(request: pytest.FixtureRequest) -> FaceModels:
    return FaceModels.open(runtime=request.param)


def copy_of_shipped(at: Path) -> Path:
    folder = at / "pack"
    shutil.copytree(shipped_folder(), folder)
    return folder


def test_every_shipped_file_loads_and_the_runtime_is_named(models: FaceModels) -> None:
    assert models.name.startswith("dlib-resnet/2 on ")
    assert models.name.split()[-1] in RUNTIMES


def test_an_empty_wall_has_no_face(models: FaceModels) -> None:
    wall = np.full((480, 640, 3), 180, dtype=np.uint8)
    assert models.faces(wall) == []
    assert models.embed(wall) is None


@pytest.mark.parametrize("index", range(4))
def test_a_damaged_model_file_is_f204_by_name(tmp_path: Path, index: int) -> None:
    folder = copy_of_shipped(tmp_path)
    name = read_pack(folder).files[index].name
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(PartError, match=name) as caught:
        FaceModels.open(folder)
    assert caught.value.code == "F204"


@pytest.mark.parametrize("index", range(4))
def test_a_missing_model_file_is_f204_by_name(tmp_path: Path, index: int) -> None:
    folder = copy_of_shipped(tmp_path)
    name = read_pack(folder).files[index].name
    (folder / name).unlink()
    with pytest.raises(PartError, match=name) as caught:
        FaceModels.open(folder)
    assert caught.value.code == "F204"


def test_a_pack_without_a_manifest_is_f204(tmp_path: Path) -> None:
    with pytest.raises(PartError) as caught:
        FaceModels.open(tmp_path)
    assert caught.value.code == "F204"


def test_a_pack_that_is_not_installed_is_f204(tmp_path: Path) -> None:
    with pytest.raises(PartError, match="intel-reid-0095") as caught:
        pack_folder("intel-reid-0095", tmp_path)
    assert caught.value.code == "F204"


def test_a_failed_self_test_refuses_to_open(tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["embedder"]["self_test"]["first"][0] += 0.01
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(PartError, match="self-test") as caught:
        FaceModels.open(folder)
    assert caught.value.code == "F204"


def test_a_manifest_cannot_point_outside_its_folder(tmp_path: Path) -> None:
    folder = copy_of_shipped(tmp_path)
    text = (folder / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(
        text.replace("face_landmark.tflite", "../face_landmark.tflite"), "utf-8"
    )
    with pytest.raises(PartError) as caught:
        read_pack(folder)
    assert caught.value.code == "F204"


def test_an_unknown_runtime_is_f204() -> None:
    with pytest.raises(PartError) as caught:
        FaceModels.open(runtime="no_such_runtime")
    assert caught.value.code == "F204"


def test_the_licences_in_the_folder_are_those_of_the_manifest() -> None:
    pack = read_pack(shipped_folder())
    for licence in pack.licences:
        assert (shipped_folder() / licence.name).stat().st_size == licence.bytes


def test_the_shipped_pack_is_for_assistance_only() -> None:
    assert read_pack(shipped_folder()).assist_only
