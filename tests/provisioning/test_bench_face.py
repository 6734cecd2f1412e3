"""The face's bench: what it measures is there, and a look stays within memory."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from device.adapters.face_tflite import RUNTIMES, FaceModels
from device.adapters.model_folder import shipped_folder
from device.evaluation.portrait import Card, encoded
from device.simulated.heads import Head, Scene, render
from device.simulated.persona import personas
from provisioning.bench.face import MEMORY_GOAL_MB, measured, rows_of
from provisioning.bench.face_pictures import Pictures
from provisioning.bench.stage import BenchError


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    near = Scene(width=240, height=180, wall=(220, 222, 228))
    frame = render(Head(personas()[0].head), near)
    card = encoded(Image.fromarray(frame), Card("jp2", 5000))
    return Pictures([frame] * 2, card)


def test_a_runtime_that_is_not_there_is_said(tmp_path: Path) -> None:
    file = tmp_path / "pictures.npz"
    Pictures([np.zeros((8, 8, 3), np.uint8)], b"").write(file)
    with pytest.raises(BenchError, match="no_such_runtime"):
        measured("no_such_runtime", shipped_folder(), file, 1)


def test_every_stage_has_its_figure_and_memory_stays_low(
    tmp_path: Path, pictures: Pictures
) -> None:
    file = tmp_path / "pictures.npz"
    pictures.write(file)
    assert Pictures.read(file).card == pictures.card
    found = measured(RUNTIMES[0], shipped_folder(), file, 1)
    rows = {row.name.partition(": ")[2]: row for row in rows_of("here", found)}
    assert all(row.value > 0 for row in rows.values())
    for name, row in rows.items():
        assert (row.reference is not None) == ("/" in name)
    assert rows["peak memory / goal"].value < MEMORY_GOAL_MB


def test_models_are_loaded_once(tmp_path: Path, pictures: Pictures) -> None:
    """Without their files they still work: nothing is read at a patient."""
    folder = tmp_path / "pack"
    shutil.copytree(shipped_folder(), folder)
    models = FaceModels.open(folder)
    shutil.rmtree(folder)
    assert models.embed(pictures.frames[0]) is not None
