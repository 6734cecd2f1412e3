"""`shikaku-sim training` lists the cases, and no answers."""

import json

from typer.testing import CliRunner

from device.simulated.cli import app
from device.simulated.training.cases import CASES


def test_the_cases_are_listed_as_json_without_the_answers() -> None:
    told = CliRunner().invoke(app, ["training", "--json"])
    assert told.exit_code == 0
    assert [row["id"] for row in json.loads(told.stdout)] == [c.id for c in CASES]
    assert all(case.question.right.ja not in told.stdout for case in CASES)


def test_the_list_names_every_case_and_when_it_is_passed() -> None:
    told = CliRunner().invoke(app, ["training"])
    assert all(case.title.ja in told.stdout for case in CASES)
    assert "120 points; passed from 80 %" in told.stdout


def test_help_has_an_example() -> None:
    told = CliRunner().invoke(app, ["training", "--help"])
    assert "shikaku-sim training --json" in told.stdout
