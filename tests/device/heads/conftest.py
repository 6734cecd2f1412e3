"""All patients, photographed once: heads take about a second each to build."""

import pytest

from device.adapters.face_tflite import FaceModels
from device.simulated.heads import Head
from device.simulated.persona import personas
from tests.support.patients import Photographed, photographed


@pytest.fixture(scope="session")
def patients() -> dict[str, Photographed]:
    return {each.id: photographed(Head(each.head)) for each in personas()}


@pytest.fixture(scope="session")
def shipped_models() -> FaceModels:
    return FaceModels.open()
