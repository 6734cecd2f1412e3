"""`shikaku-reader face` with the shipped models on rendered people."""

import csv
import json
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from device.cli import app
from device.evaluation.compare import compare
from device.simulated.heads import Head, Scene, render
from device.simulated.persona import personas
from tests.support.scripted_faces import CROWD, NOBODY, ScriptedModels, picture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("faces")
    for number, persona in enumerate(personas()[:2]):
        near = Scene(width=240, height=180, wall=(220, 222, 228))
        image = Image.fromarray(render(Head(persona.head), near))
        image.save(root / f"{number}.png")
        image.resize((400, 300)).save(root / f"{number}-again.jpg")
    names = [f"{n}{end}" for n in (0, 1) for end in (".png", "-again.jpg")]
    with (root / "pairs.csv").open("w", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(("a", "b", "same"))
        rows.writerows((a, b, int(a[0] == b[0])) for a, b in combinations(names, 2))
    return root


def call(*words: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["face", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


def test_evaluate_refuses_what_lies_outside(folder: Path) -> None:
    bad = folder / "bad.csv"
    bad.write_text("a,b,same\n0.png,../1.png,0\n")
    code, printed, said = call("evaluate", bad, "--root", folder, "--json")
    assert (code, printed) == (2, "")
    assert "outside" in said


@pytest.mark.parametrize(
    "words", [("--card", "gif:5"), ("--pack", "unknown"), ("--record", "unknown")]
)
def test_evaluate_refuses_what_is_not_there(
    folder: Path, words: tuple[str, str]
) -> None:
    code, _, _ = call("evaluate", folder / "pairs.csv", "--root", folder, *words)
    assert code == 2


def test_evaluate_prints_figures_and_writes_a_report(folder: Path) -> None:
    report = folder / "report.html"
    code, printed, said = call(
        "evaluate", folder / "pairs.csv", "--root", folder, "--html", report, "--json"
    )
    assert code == 0
    found = json.loads(printed)
    assert (found["pairs"], found["genuine"], found["impostor"]) == (6, 2, 4)
    assert found["failures_to_detect"] == 0
    assert set(found["at_threshold"]) >= {"threshold", "fmr", "fmr_ci95", "fnmr"}
    assert all(value > 0 for value in found["ms"].values())
    assert "pictures: 4/4" in said
    assert report.read_text().startswith("<!doctype html>")


def test_compare_says_match_and_no_match_by_its_exit_code(folder: Path) -> None:
    code, printed, _ = call("compare", folder / "0.png", folder / "0-again.jpg")
    assert code == 0
    assert printed.startswith("match")
    code, printed, _ = call("compare", folder / "0.png", folder / "missing.png")
    assert (code, printed) == (2, "")


@pytest.mark.parametrize(
    ("value", "said"), [(NOBODY, "no face"), (CROWD, "2 faces"), (None, "readable")]
)
def test_a_picture_that_cannot_be_compared_is_refused(
    tmp_path: Path, value: int | None, said: str
) -> None:
    good = tmp_path / picture(tmp_path, "good.png", 10)
    bad = tmp_path / "bad.png"
    if value is None:
        bad.write_bytes(b"not a picture")
    else:
        picture(tmp_path, "bad.png", value)
    verdict = compare(ScriptedModels(), good, bad)
    assert verdict.match is None
    assert said in verdict.reason
    assert "bad.png" in verdict.reason
    assert verdict.quality["a"] is not None


def test_strangers_do_not_match(tmp_path: Path) -> None:
    a = tmp_path / picture(tmp_path, "a.png", 10)
    b = tmp_path / picture(tmp_path, "b.png", 90)
    verdict = compare(ScriptedModels(), a, b)
    assert verdict.match is False
    assert verdict.mode == "assist"
    assert set(verdict.as_json()) == {
        "match", "distance", "threshold", "mode", "reason", "quality"
    }  # fmt: skip
