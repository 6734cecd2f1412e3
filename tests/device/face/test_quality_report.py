"""Every fault before the camera is named, on heads that nobody tuned on: short form.

The long one is `shikaku-reader face quality-report`.
"""

import pytest

from device.adapters.face_tflite import FaceModels
from device.face.model import Hint
from device.quality_report import NAMES, Row, measured, printed
from device.simulated.heads.faults import UNTOUCHED

COVERINGS = ("mask", "sunglasses", "hand on mouth", "hand on eye", "cap")


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    return measured(3, 9001, FaceModels.open(), lambda line: None)


def test_every_fault_was_shown(rows: dict[str, Row]) -> None:
    assert rows.keys() == NAMES.keys()
    assert {row.shown for row in rows.values()} == {3, 12}


def test_untouched_pictures_raise_nothing(rows: dict[str, Row]) -> None:
    assert rows[UNTOUCHED].said == {}


@pytest.mark.parametrize("fault", COVERINGS)
def test_what_hides_a_face_is_named(rows: dict[str, Row], fault: str) -> None:
    assert rows[fault].named == rows[fault].shown, rows[fault].said


def test_other_faults_are_named(rows: dict[str, Row]) -> None:
    wrong = {
        fault: row.said
        for fault, row in rows.items()
        if fault not in (UNTOUCHED, *COVERINGS) and row.said
    }
    # Of 33 here; the long form says 98 of a hundred.
    assert sum(sum(said.values()) for said in wrong.values()) <= 1, wrong


def test_the_table_has_a_line_for_each_fault(rows: dict[str, Row]) -> None:
    table = printed(rows, 9001, as_json=False)
    for fault in NAMES:
        assert f"\n{fault} " in table
    assert {hint for hint in NAMES.values() if hint} >= {
        Hint.MASK,
        Hint.SUNGLASSES,
        Hint.HAND,
        Hint.CAP,
    }
