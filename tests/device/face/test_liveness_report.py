"""Rendered heads pass the challenge, and pictures of them do not: the short form.

The long one is `shikaku-reader face liveness-report`.
"""

import json

import pytest

from device.adapters.face_tflite import FaceModels
from device.liveness_report import Report, measured, printed
from device.simulated.heads import Light
from device.simulated.heads.held import SPECIES


@pytest.fixture(scope="module")
def report() -> Report:
    models = FaceModels.open()
    said: list[str] = []
    found = measured(
        1, 41, models, said.append, tilts=(0.0,), lights=(Light.FRONT, Light.LEFT)
    )
    assert said == ["head 1 of 1"]
    return found


def test_no_picture_passes_within_45_degrees(report: Report) -> None:
    assert [row.kind for row in report.attacks] == [held.name for held in SPECIES]
    assert all(row.presentations == 2 for row in report.attacks)
    assert [row.passed for row in report.attacks] == [0] * len(SPECIES)
    assert sum(row.not_seen for row in report.attacks) == 0, "they are seen as faces"


def test_every_head_that_turns_to_30_degrees_passes(report: Report) -> None:
    assert (report.people.passed, report.people.presentations) == (8, 8)


def test_the_report_says_that_it_claims_no_rate(report: Report) -> None:
    assert "no rate of real people" in printed(report, as_json=False)
    rows = json.loads(printed(report, as_json=True))["rows"]
    assert {row["kind"] for row in rows} >= {"telephone", "paper, bent 1.4 rad"}
