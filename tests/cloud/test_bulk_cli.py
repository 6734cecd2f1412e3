"""Bulk inquiries as commands; killed with no warning, and started again."""

import json
import os
import signal
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.adapters.sql.connect import connect
from cloud.bulk_process import work
from cloud.cli import app
from cloud.config import load
from protocol.oqs.document import parse
from tests.cloud.command_desk import FACILITY, Desk

HERE = ("--facility", FACILITY)
ROWS = 8_000
KILLS = 5


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    assert made.runs("seed", "--persons", "40")[0] == 0
    return made


def sampled(folder: Path, rows: int, *, name: str = "OQSmuquc01req_1.xml") -> str:
    file = folder / name
    size = ("--rows", str(rows), "--persons", "40")
    done = CliRunner().invoke(app, ["bulk", "sample", str(file), *HERE, *size])
    assert done.exit_code == 0, done.output
    return str(file)


def submitted(desk: Desk, file: str) -> str:
    code, out, err = desk.runs("bulk", "submit", file, *HERE, "--json")
    assert code == 0, out + err
    number: str = json.loads(out)["reception"]
    return number


def test_a_person_can_try_it_from_sample_to_result(desk: Desk, tmp_path: Path) -> None:
    number = submitted(desk, sampled(tmp_path, 300))
    assert desk.runs("bulk", "show", number, *HERE)[0] == 1
    out = str(tmp_path / "result.zip")
    early = desk.runs("bulk", "download", number, *HERE, "--out", out)
    assert early[0] == 1
    assert "0 of 300" in early[2]
    code, _, told = desk.runs("bulk", "run")
    assert code == 0
    assert "300 of 300" in told
    code, shown, _ = desk.runs("bulk", "show", number, *HERE, "--json")
    said = json.loads(shown)
    assert (code, said["state"], said["rows"]) == (0, "done", 300)
    assert 0 < said["faulty"] < 30
    words = ("--out", out, "--media", "zip", "--encoding", "cp932")
    assert desk.runs("bulk", "download", number, *HERE, *words)[0] == 0
    with zipfile.ZipFile(out) as archive:
        content = archive.read(archive.namelist()[0])
    found = [
        one.get("QualificationValidity")
        for one in parse(content, limit=1 << 24).body.parts
    ]
    assert len(found) == 300
    assert found.count("1") > 250
    assert number in desk.runs("bulk", "list", *HERE)[1]
    assert desk.runs("bulk", "delete", number, *HERE)[0] == 0
    assert desk.runs("bulk", "list", *HERE)[1] == "no jobs\n"
    assert desk.runs("audit", "verify")[0] == 0


def test_a_refused_file_names_its_code_and_the_place(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "OQSmuquc01req_2.xml"
    file.write_text("<XmlMsg><MessageHeader/></XmlMsg>")
    code, out, _ = desk.runs("bulk", "submit", str(file), *HERE)
    assert code == 1
    assert out.startswith("B15")


def test_a_file_whose_name_says_no_family_asks_for_it(
    desk: Desk, tmp_path: Path
) -> None:
    file = sampled(tmp_path, 1, name="patients.xml")
    code, _, err = desk.runs("bulk", "submit", file, *HERE)
    assert (code, "--family" in err) == (2, True)
    words = ("--family", "OQSmuquc")
    assert desk.runs("bulk", "submit", file, *HERE, *words)[0] == 0


def position(file: Path) -> int:
    with closing(connect(file)) as database:
        row = database.run_text("SELECT max(answered) FROM bulk_jobs").fetchone()
    return int(row[0])


def started(desk: Desk) -> int:
    """A process that does what `bulk run` does; its id."""
    child = os.fork()
    if child == 0:
        try:
            work(load(desk.config), lambda: False)
        finally:
            os._exit(0)
    return child


def test_killed_again_and_again_no_row_is_lost_and_none_is_answered_twice(
    desk: Desk, tmp_path: Path
) -> None:
    submitted(desk, sampled(tmp_path, ROWS))
    killed = []
    for attempt in range(KILLS):
        before = position(desk.file)
        child = started(desk)
        patience = time.monotonic() + 30
        while position(desk.file) == before < ROWS:
            assert time.monotonic() < patience
            time.sleep(0.001)
        # Behind a commit, somewhere in the next batch or in its transaction.
        time.sleep(0.008 * attempt)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed.append(os.WIFSIGNALED(status) and position(desk.file) < ROWS)
    assert killed.count(True) >= 2
    assert desk.runs("bulk", "run")[0] == 0
    with closing(connect(desk.file)) as database:
        run = database.run_text
        places = [one for (one,) in run("SELECT place FROM bulk_answers ORDER BY 1")]
        left = run("SELECT count(*) FROM bulk_questions").fetchone()[0]
        logged = run(
            "SELECT count(*) FROM audit_rows WHERE detail LIKE '%by=bulk;%'"
        ).fetchone()[0]
    assert places == list(range(1, ROWS + 1))
    assert (left, logged) == (0, ROWS)
    assert desk.runs("audit", "verify")[0] == 0
