"""The accuracy table: few faces here, a thousand by the command."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from device.cli import app
from device.number_b_report import CONDITIONS, Count, measure, table, total, upper_bound

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="Tesseract is not installed (requirements/debian.txt)",
)


@pytest.mark.parametrize(
    ("wrong", "faces", "bound"), [(0, 0, 1.0), (0, 2, 1.0), (0, 1000, 0.003)]
)
def test_without_a_wrong_reading_the_rule_of_three_bounds_it(
    wrong: int, faces: int, bound: float
) -> None:
    assert upper_bound(wrong, faces) == pytest.approx(bound)


def test_a_wrong_reading_is_bounded_above_its_own_rate() -> None:
    assert 0.01 < upper_bound(10, 1000) < 0.02


def test_the_table_counts_every_condition_once() -> None:
    counts = {name: Count(right=8, not_sure=1, wrong=1) for name in CONDITIONS}
    assert total(counts).faces == 10 * len(CONDITIONS)
    rows = table(counts).splitlines()
    assert len(rows) == len(CONDITIONS) + 3
    assert rows[-2].split()[:5] == ["all", "90", "72", "9", "9"]


@needs_tesseract
def test_no_wrong_number_reaches_a_card() -> None:
    counts = measure(18, 5)
    every = total(counts)
    assert (every.wrong, every.faces) == (0, 18)
    assert counts["western date"].not_sure == 2
    assert every.right >= 10


@needs_tesseract
def test_the_same_seed_gives_the_same_table_as_json() -> None:
    ran = CliRunner().invoke(app, ["card", "ocr-report", "--faces", "2", "--json"])
    assert ran.exit_code == 0, ran.output
    rows = json.loads(ran.output)["conditions"]
    assert sum(rows[name]["faces"] for name in CONDITIONS) == rows["all"]["faces"] == 2
