import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen, run
from sys import executable

import pytest

from device.adapters.card_nfcpy import NfcSlot
from device.card import visit
from device.simulated.card.situations import SITUATIONS
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
    ids = [one.id for one in personas()] + [one.id for one in SITUATIONS]
    assert [row["id"] for row in rows] == ids
    assert len(set(ids)) == len(ids)
    for row in rows:
        assert len(row["verification_number_b"]) == 14
        assert len(row["pin"]) == 4 or row["id"] == "pin-less"
        assert row["birth_date"] < "2026-04-02"
        assert row["situation"]


@pytest.mark.parametrize("command", ["card", "tray", "line", "personas"])
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


@pytest.mark.parametrize(
    "words",
    [
        ["--fault", "rain", "--situation", "pin-less"],
        ["--fault", "drop", "--situation", "pin-less"],
        ["--fault", "fwi=15", "--situation", "pin-less"],
        ["--situation", "nobody-knows"],
        ["--persona", "sato-hanako", "--situation", "pin-less"],
        [],
    ],
)
def test_a_card_that_cannot_be_is_refused_in_one_line(words: list[str]) -> None:
    said = run(
        [*SIM, "card", "--udp", "0", *words],
        capture_output=True,
        check=False,
        text=True,
        timeout=30,
    )
    assert said.returncode == 2
    assert said.stderr.count("\n") == 1


@pytest.fixture
def hard_card(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Where a card with faults lies, and its trace."""
    trace = tmp_path / "trace.txt"
    faults = [f"--fault={one}" for one in ("wtx", "wtx-in-chain", "drop=2", "fwi=8")]
    command = [*SIM, "card", "--udp", "0", "--situation", "pin-one-try-left"]
    with Popen([*command, *faults, "--trace", trace], stdout=PIPE, text=True) as card:
        try:
            assert card.stdout is not None
            yield card.stdout.readline().strip(), trace
        finally:
            card.terminate()
            assert card.wait(10) == 0


async def test_a_card_with_faults_is_read_over_the_air_and_traced(
    hard_card: tuple[str, Path],
) -> None:
    path, trace = hard_card
    async with NfcSlot.open(path) as slot:
        await asyncio.wait_for(slot.wait_for_card(), 10)
        assert (await slot.perform(visit.identify())).tries_left == 1
        await slot.perform(visit.sign_with_pin(bytearray(b"1357"), bytes(32)))
    lines = trace.read_text("ascii").splitlines()
    assert trace.stat().st_mode & 0o777 == 0o600
    assert lines[0] == "0001 00A4040C lc=10 data=D392F000260100000001 -> 9000"
    assert any(line.endswith("00200080 lc=4 data=* -> 9000") for line in lines)
    assert lines[-1].endswith("802A0080 lc=51 data=* le=256 -> 9000 len=256")
    assert b"1357".hex() not in trace.read_text("ascii")
