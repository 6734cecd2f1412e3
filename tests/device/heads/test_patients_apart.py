"""Both face packs tell the twelve fictitious patients apart, and know each of them.

This holds the simulator together; it says nothing about real people.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from device.adapters.face_tflite import FaceModels
from device.face import matching
from device.simulated.persona import personas
from tests.support.packs import INTEL_THRESHOLD, intel_pack
from tests.support.patients import Photographed

Patients = dict[str, Photographed]


REFUSED = "suzuki-ichiro"
"""His visit plays a face that is refused: he wears a mask."""


def masked_distance(models: FaceModels, patient: Photographed) -> float:
    card, masked = models.embed(patient.card), models.embed(patient.masked)
    assert card is not None
    return np.inf if masked is None else models.distance(card, masked)


def distances(models: FaceModels, patients: Patients) -> NDArray[np.float64]:
    """Row: whose card; column: who stands there (mean of five frames)."""
    cards, means = [], []
    for who, seen in patients.items():
        card = models.embed(seen.card)
        live = [models.embed(frame) for frame in seen.live]
        found = [each for each in live if each is not None]
        assert card is not None, f"{who}: no face on the card"
        assert len(found) == len(live), f"{who}: not seen in every frame"
        cards.append(card)
        means.append(matching.mean(found))
    return np.array([[models.distance(card, m) for m in means] for card in cards])


def assert_apart(matrix: NDArray[np.float64], threshold: float, margin: float) -> None:
    genuine = np.diag(matrix)
    others = matrix + np.diag(np.full(len(matrix), np.inf))
    ids = [persona.id for persona in personas()]
    row, column = np.unravel_index(others.argmin(), others.shape)
    assert genuine.max() < threshold - margin, ids[int(genuine.argmax())]
    assert others.min() > threshold + margin, (ids[row], ids[column])


def test_the_shipped_pack_tells_all_patients_apart(
    patients: Patients, shipped_models: FaceModels
) -> None:
    threshold = shipped_models.pack.embedder.calibrations[0].threshold
    assert_apart(distances(shipped_models, patients), threshold, margin=0.04)
    assert masked_distance(shipped_models, patients[REFUSED]) > threshold


@pytest.fixture(scope="session")
def recommended_models(tmp_path_factory: pytest.TempPathFactory) -> FaceModels:
    return FaceModels.open(intel_pack(tmp_path_factory.mktemp("pack")))


def test_the_recommended_pack_tells_all_patients_apart(
    recommended_models: FaceModels, patients: Patients
) -> None:
    matrix = distances(recommended_models, patients)
    assert_apart(matrix, INTEL_THRESHOLD, margin=0.04)
    refused = masked_distance(recommended_models, patients[REFUSED])
    assert refused > INTEL_THRESHOLD


def test_every_patient_is_found_looking_ahead_and_aside(
    patients: Patients, shipped_models: FaceModels
) -> None:
    for who, seen in patients.items():
        frames = (seen.live[0], *seen.turned)
        counts = [len(shipped_models.faces(frame)) for frame in frames]
        assert counts == [1, 1, 1], who


def test_a_mask_takes_every_patient_away_from_the_card(
    patients: Patients, shipped_models: FaceModels
) -> None:
    for who, seen in patients.items():
        card = shipped_models.embed(seen.card)
        plain = shipped_models.embed(seen.live[0])
        masked = shipped_models.embed(seen.masked)
        assert card is not None
        assert plain is not None
        if masked is None:
            continue
        away = shipped_models.distance(card, masked)
        assert away > shipped_models.distance(card, plain) + 0.1, who
