"""The accuracy table: few faces here, tens of thousands by the command."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from device.card.number_strip import strips
from device.card.printed_layout import SPECIMEN
from device.cli import app
from device.number_b_report import CONDITIONS, Count, measure, rendered, table, total

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None,
    reason="Tesseract is not installed (requirements/debian.txt)",
)


def test_the_bound_of_numbers_leaves_out_what_was_not_believed() -> None:
    count = Count(right=300, not_sure=700)
    assert count.below_of_faces == pytest.approx(0.003, abs=1e-4)
    assert count.below_of_numbers == pytest.approx(0.01, abs=1e-4)
    assert Count(not_sure=700).below_of_numbers == 1.0


def test_a_wrong_reading_is_bounded_above_its_own_rate() -> None:
    assert 0.01 < Count(right=990, wrong=10).below_of_faces < 0.02


def test_thirty_thousand_right_numbers_show_one_in_ten_thousand() -> None:
    assert Count(right=29_900).below_of_numbers > 1e-4 * 1.001
    assert Count(right=29_960).below_of_numbers < 1e-4


def test_the_table_counts_every_condition_once() -> None:
    counts = {name: Count(right=8, not_sure=1, wrong=1) for name in CONDITIONS}
    assert total(counts).faces == 10 * len(CONDITIONS)
    rows = table(counts).splitlines()
    assert len(rows) == len(CONDITIONS) + 4
    assert rows[-3].split()[:5] == ["all", "90", "72", "9", "9"]


def test_a_face_is_the_same_whoever_renders_it() -> None:
    (alone,) = rendered(range(1, 2), 5)
    _, second = rendered(range(2), 5)
    (other,) = rendered(range(1, 2), 6)
    assert alone.truth == second.truth
    assert (alone.pair[0] == second.pair[0]).all()
    assert (alone.pair[0] != alone.pair[1]).any()
    assert alone.truth != other.truth


def test_half_a_digit_in_glare_is_not_a_whole_one() -> None:
    """The 9 of a security code, burnt to a 3 in both frames: 98 % sure, and wrong."""
    (face,) = rendered(range(1770, 1771), 15)
    assert face.condition == "glare"
    pair = strips(face.pair, SPECIMEN)
    assert pair is not None
    assert not pair[0].whole
    assert not pair[1].whole


@needs_tesseract
def test_no_wrong_number_reaches_a_card() -> None:
    told: list[int] = []
    counts = measure(18, 5, progress=lambda so_far: told.append(total(so_far).faces))
    every = total(counts)
    assert (every.wrong, every.faces) == (0, 18)
    assert counts["western date"].not_sure == 2
    assert every.right >= 10
    assert told == [18]


@needs_tesseract
def test_the_same_seed_gives_the_same_table_as_json() -> None:
    ran = CliRunner().invoke(app, ["card", "ocr-report", "--faces", "2", "--json"])
    assert ran.exit_code == 0, ran.output
    rows = json.loads(ran.stdout)["conditions"]
    assert sum(rows[name]["faces"] for name in CONDITIONS) == rows["all"]["faces"] == 2
    assert rows["all"]["wrong_of_faces_below_95"] > 0.5
