"""`shikaku-cloud registry`, as an operator runs it."""

import csv
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cloud.adapters.load_file import WORTH_A_PROCESS
from cloud.cli import app
from cloud.registry.rows import COLUMNS
from cloud.residents import Shares, residents, sample
from tests.cloud.registry_world import HEALTH, line
from tests.cloud.world import TODAY

VERBS = (
    *("load", "person", "insurer", "register-fill", "sample"),
    *("use", "cancel", "return", "holds", "release", "lists"),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "cloud.toml"
    file.write_text(
        '[cloud]\nhome = "home"\n[broker]\nhost = "127.0.0.1"\nport = 1883\n'
        '[keys]\nsigning = "s"\nagreement = "a"\n[trust]\njpki_cas = ["c"]\n'
    )
    assert run("migrate", "--config", str(file)).exit_code == 0
    filled = run("registry", "register-fill", "--persons", "200", "--config", str(file))
    assert filled.exit_code == 0, filled.output
    return file


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, words, input=stdin)


def told(*words: str, stdin: str = "") -> dict[str, object]:
    """What a command that succeeds prints as JSON."""
    answer = run(*words, "--json", stdin=stdin)
    assert answer.exit_code == 0, answer.output
    found: dict[str, object] = json.loads(answer.stdout)
    return found


@pytest.fixture
def sampled(config: Path, tmp_path: Path) -> Path:
    file = tmp_path / "in.csv"
    rows = ("--rows", "200", "--broken", "0.1", "--differing", "0.1")
    assert run("registry", "sample", str(file), *rows).exit_code == 0
    return file


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_an_example(verb: str) -> None:
    answer = run("registry", verb, "--help")
    assert answer.exit_code == 0
    assert "shikaku-cloud registry" in answer.output


def test_a_sample_is_loaded_and_its_faults_written(
    config: Path, sampled: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.csv"
    words = ("registry", "load", str(sampled), "--errors", str(wrong))
    answer = run(*words, "--config", str(config), "--json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert found["registered"] + found["faulty"] == found["lines"] == 200
    assert found["faulty"] > 5
    assert sum(found["on_hold"].values()) > 5
    assert "200 lines, 100 %" in answer.stderr
    assert wrong.stat().st_mode & 0o777 == 0o600
    with wrong.open(newline="", encoding="utf-8") as opened:
        faults = list(csv.DictReader(opened))
    assert len(faults) == found["faults"] >= found["faulty"]
    assert {"L201", "L202", "L301", "L303", "L312"} >= {one["code"] for one in faults}
    assert all(one["sentence_ja"] and one["sentence_en"] for one in faults)
    assert "R99-" not in wrong.read_text("utf-8")
    again = run(*words, "--config", str(config), "--json")
    repeated = json.loads(again.stdout)
    assert (repeated["loaded_before"], repeated["registered"]) == (True, 0)
    assert repeated["faulty"] == found["faulty"] == repeated["lines"]


def test_a_dry_run_writes_nothing(config: Path, sampled: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    words = ("registry", "load", str(sampled), "--errors", str(wrong))
    dry = run(*words, "--dry-run", "--config", str(config), "--json")
    real = run(*words, "--config", str(config), "--json")
    assert json.loads(dry.stdout) == json.loads(real.stdout)
    assert dry.exit_code == 1


@pytest.mark.parametrize(
    ("content", "word"), [("a,b\n", "no such column"), (None, "No such file")]
)
def test_a_file_that_is_none_ends_with_2(
    config: Path, tmp_path: Path, content: str | None, word: str
) -> None:
    file = tmp_path / "in.csv"
    if content is not None:
        file.write_text(content)
    errors = ("--errors", str(tmp_path / "wrong.csv"))
    answer = run("registry", "load", str(file), *errors, "--config", str(config))
    assert answer.exit_code == 2
    assert answer.stderr.startswith("D702")
    assert word in answer.stderr


def test_one_person_is_registered_used_cancelled_and_returned(config: Path) -> None:
    here = ("--config", str(config))
    run("registry", "insurer", HEALTH, "架空健康保険組合", *here)
    who = json.dumps(line(1, resident_ref="R99-one-by-one"))
    found = told("registry", "person", "register", *here, stdin=who)
    assert found == {"registered": 1, "not_found": 1}
    again = told("registry", "person", "register", *here, stdin=who)
    assert again == {"unchanged": 1}
    me = "R99-one-by-one\n"
    assert told("registry", "use", *here, stdin=me) == {"result": "done"}
    ended = told("registry", "cancel", "--on", "2024-10-15", *here, stdin=me)
    assert ended == {"result": "done", "last_day_of_use": "2024-11-30"}
    assert told("registry", "return", *here, stdin=me)["result"] == "done"
    unknown = run("registry", "use", *here, stdin="R99-who-is-this\n")
    assert unknown.exit_code == 1


def test_a_refused_person_says_why_and_ends_with_1(config: Path) -> None:
    here = ("--config", str(config))
    who = json.dumps(line(1, insurer_number="06991005"))
    answer = run("registry", "person", "register", *here, stdin=who)
    assert answer.exit_code == 1
    assert "L312 insurer_number" in answer.stdout
    assert "should be 4" in answer.stdout
    assert run("registry", "person", "move", *here).exit_code == 2
    assert run("registry", "person", "end", *here, stdin="[]").exit_code == 2
    wrong = run("registry", "person", "end", *here, stdin='{"my_number": "1"}')
    assert wrong.exit_code == 2


def test_holds_are_listed_and_released(config: Path, tmp_path: Path) -> None:
    here = ("--config", str(config))
    run("registry", "insurer", HEALTH, "架空健康保険組合", *here)
    who = json.dumps(line(1, resident_ref="R99-one-by-one"))
    told("registry", "person", "register", *here, stdin=who)
    out = tmp_path / "holds.csv"
    counts = told("registry", "holds", "--insurer", HEALTH, "--out", str(out), *here)
    assert counts == {
        "holds": [{"insurer": "6991004", "kind": "not_found", "open": 1, "ended": 0}]
    }
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(newline="") as opened:
        (row,) = csv.DictReader(opened)
    other = run("registry", "release", row["hold"], "--insurer", "138057", *here)
    assert other.exit_code == 1
    done = told("registry", "release", row["hold"], "--insurer", HEALTH, *here)
    assert done == {"ended": 1}
    assert run("registry", "holds", "--out", str(out), *here).exit_code == 2


def test_lists_are_written_per_insurer(
    config: Path, sampled: Path, tmp_path: Path
) -> None:
    here = ("--config", str(config))
    errors = ("--errors", str(tmp_path / "wrong.csv"))
    run("registry", "load", str(sampled), *errors, *here)
    out = tmp_path / "lists"
    told("registry", "lists", "--month", "2026-10", "--out", str(out), *here)
    files = list(out.iterdir())
    assert len(files) > 10
    assert all(one.name.startswith("A-2026-10-0699") for one in files)
    assert run("registry", "lists", "--out", str(out), *here).exit_code == 2
    both = ("--month", "2026-10", "--day", "2026-10-01")
    assert run("registry", "lists", *both, "--out", str(out), *here).exit_code == 2


def test_a_sample_agrees_with_the_register_of_its_seed() -> None:
    lines = list(sample(50, seed=3, today=TODAY, shares=Shares(0, 0)))
    known = dict(residents(50, seed=3, today=TODAY))
    for row in csv.DictReader(lines):
        resident = known[row["resident_ref"]]
        assert (row["name"], row["sex"]) == (resident.name, resident.sex)
        assert row["birth_date"] == resident.birth_date
    assert lines[0].strip().split(",") == list(COLUMNS)
    assert list(sample(50, seed=3, today=TODAY)) == list(
        sample(50, seed=3, today=TODAY)
    )


def test_a_load_that_was_killed_goes_on_and_takes_nothing_twice(
    config: Path, tmp_path: Path
) -> None:
    """A file that is large enough for a second process, and SIGKILL."""
    big, home = tmp_path / "big.csv", tmp_path / "home"
    assert run("registry", "sample", str(big), "--rows", "22000").exit_code == 0
    assert big.stat().st_size > WORTH_A_PROCESS
    words = ["registry", "load", str(big), "--errors", str(tmp_path / "wrong.csv")]
    words += ["--config", str(config), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "cloud", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as killed:
        first = _taken(home / "cloud.sqlite3", killed)
        killed.kill()
    assert 0 < first < 22_000
    found = json.loads(run(*words).stdout)
    assert found["lines"] == found["registered"] + found["faulty"] <= 22_000 - first
    with closing(sqlite3.connect(home / "cloud.sqlite3")) as raw:
        counts = raw.execute("SELECT n_registered, n_faulty FROM loads").fetchone()
        persons = raw.execute("SELECT count(*) FROM persons").fetchone()
    assert sum(counts) == 22_000
    assert persons[0] == counts[0]


def _taken(file: Path, load: "subprocess.Popen[bytes]") -> int:
    """Lines that are committed, as soon as there are some."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as raw:
        while load.poll() is None:
            row = raw.execute("SELECT line FROM loads").fetchone()
            if row and row[0]:
                return int(row[0]) - 1
            time.sleep(0.005)
    return 0
