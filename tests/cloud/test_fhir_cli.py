"""The commands of FHIR, as an installer runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.cli import app
from cloud.fhir import jp
from cloud.fhir.coverage import Shown, coverage
from protocol.codes import Validity
from tests.cloud.command_desk import FACILITY, INSURER, Desk
from tests.cloud.fhir_world import HELD, parsed

WHO = ("--symbol", "12", "--number", "34", "--birth-date", "1970-01-02")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("verb", ["coverage", "capability", "check"])
def test_every_command_has_an_example(verb: str) -> None:
    done = CliRunner().invoke(app, ["fhir", verb, "--help"])
    assert done.exit_code == 0
    assert "Example: shikaku-cloud" in done.stdout


def test_the_capability_needs_no_database() -> None:
    done = CliRunner().invoke(app, ["fhir", "capability"])
    assert done.exit_code == 0
    assert parsed(done.stdout.encode())["resourceType"] == "CapabilityStatement"


def test_a_coverage_is_shown_as_a_client_gets_it(desk: Desk) -> None:
    asked = ("fhir", "coverage", "--facility", FACILITY, "--insurer", INSURER, *WHO)
    code, out, _ = desk.runs(*asked)
    assert code == 1
    assert parsed(out.encode())["total"] == 0
    desk.knows()
    code, out, err = desk.runs(*asked)
    assert code == 0
    found = parsed(out.encode())
    assert jp.faults(found["entry"][0]["resource"]) == []
    number = err.split()[-1]
    assert desk.runs("proof", "verify", number)[0] == 0
    assert desk.runs("audit", "verify")[0] == 0


def test_what_changed_is_printed_and_the_keys_are_made(desk: Desk) -> None:
    home = desk.file.parent
    for name in ("changes.key", "handles.key"):
        assert (home / name).stat().st_mode & 0o777 == 0o600
    desk.knows()
    assert desk.asks()[1]["changes"] == {
        "state": "first_seen",
        "since": None,
        "fields": [],
    }
    base = ("eligibility", "ask", "--facility", FACILITY, "--insurer", INSURER)
    assert "last saw this person: unchanged" in desk.runs(*base, *WHO)[1]


def test_a_key_that_something_rests_on_is_not_made_anew(desk: Desk) -> None:
    desk.knows()
    desk.asks()
    key = desk.file.parent / "changes.key"
    key.unlink()
    code, _, err = desk.runs("migrate")
    assert code == 2
    assert "changes.key" in err
    assert not key.exists()


def test_a_file_is_checked_and_no_value_repeated(tmp_path: Path) -> None:
    made = coverage(Shown("a", "b", HELD, Validity.VALID))
    file = tmp_path / "coverage.json"

    def checks(resource: object) -> tuple[int, str]:
        file.write_text(json.dumps(resource))
        done = CliRunner().invoke(app, ["fhir", "check", str(file)])
        return done.exit_code, done.stderr

    assert checks(made) == (0, "")
    code, said = checks({**made, "dependent": "09"})
    assert (code, "dependent" in said) == (1, True)
    code, said = checks({**made, "status": ["花子"]})
    assert (code, "status" in said, "花子" in said) == (1, True, False)
    assert checks([])[0] == 2
    assert checks({})[0] == 2
    assert checks({"resourceType": "Nonsense"})[0] == 2
    assert CliRunner().invoke(app, ["fhir", "check", "/nowhere"]).exit_code == 2


def test_no_other_command_waits_for_the_models() -> None:
    asked = (
        "import sys, cloud.fhir_cli, cloud.fhir.outcome as o;"
        "from protocol.catalogue import Code;"
        "o.outcome(404, Code.NOT_THERE);"
        "sys.exit(any(name.startswith('fhir.') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=False, timeout=60)
    assert done.returncode == 0
