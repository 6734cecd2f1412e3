import json
from pathlib import Path
from subprocess import run
from sys import executable

import pytest

from device.simulated.persona import personas

SIM = [executable, "-m", "device.simulated.cli"]


def test_personas_are_listed_with_what_a_visitor_must_know() -> None:
    said = run(
        [*SIM, "personas", "--json", "--today", "2026-04-01"],
        capture_output=True,
        check=True,
        text=True,
    )
    rows = json.loads(said.stdout)
    assert [row["id"] for row in rows] == [one.id for one in personas()]
    for row in rows:
        assert len(row["verification_number_b"]) == 14
        assert len(row["pin"]) == 4
        assert row["birth_date"] < "2026-04-02"
        assert row["situation"]


@pytest.mark.parametrize("command", ["card", "tray", "personas"])
def test_every_command_helps_with_an_example(command: str) -> None:
    said = run([*SIM, command, "--help"], capture_output=True, check=True, text=True)
    assert f"Example: shikaku-sim {command}" in said.stdout


def test_a_file_that_is_no_test_card_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.card").write_bytes(b"junk")
    said = run(
        [*SIM, "card", "--udp", "0", "--card", str(tmp_path / "x.card")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert said.returncode == 2
    assert said.stderr == "x.card: not a fictitious test card of this product\n"


def test_an_empty_folder_is_no_tray(tmp_path: Path) -> None:
    said = run(
        [*SIM, "tray", "--udp", "0", "--cards", tmp_path, "--control", tmp_path / "s"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert said.returncode == 2
    assert "no .card files" in said.stderr
