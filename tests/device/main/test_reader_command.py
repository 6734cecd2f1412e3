"""The command as an installer meets it: verdicts, codes, one action, no traceback."""

import json
import signal
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from device.cli import app
from provisioning.pem import write_secret
from tests.support.reader_desk import (
    COMMANDS,
    ReaderDesk,
    broker,
    eventually,
    reader_desk,
    running,
)


@pytest.fixture
def at(tmp_path: Path) -> ReaderDesk:
    return reader_desk(tmp_path)


def failed(output: str) -> dict[str, str]:
    """Part -> code of every verdict that is not good."""
    return {one["part"]: one["code"] for one in json.loads(output) if not one["good"]}


def test_an_unknown_key_ends_with_2_and_says_what_to_do(at: ReaderDesk) -> None:
    at.edit("[facility]", "[facility]\nfoldr = 1")
    done = at.command("config", "check")
    assert done.returncode == 2
    assert "D702" in done.stderr
    assert "facility.foldr: unknown key" in done.stderr
    assert "do now" in done.stderr
    assert "Traceback" not in done.stderr


def test_real_hardware_is_refused_by_name_and_never_pretended(at: ReaderDesk) -> None:
    at.edit("simulated = true", "simulated = false")
    at.edit('number_b = "simulated"', 'number_b = "keypad"')
    at.edit(f'terminal = "{at.keys.terminal_key}"', 'terminal = "none"')
    at.edit(f'"udp:127.0.0.1:{at.desk.card_port}"', '"usb"')
    text = at.config.read_text()
    start, end = text.index("[front]"), text.index("[session]")
    at.config.write_text(text[:start] + text[end:])
    done = at.command("run")
    assert done.returncode == 2
    for missing in ("camera (picamera2", "panel (e-paper", "gpiozero"):
        assert missing in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mode_that_the_models_do_not_carry_is_refused(at: ReaderDesk) -> None:
    at.edit('mode = "assist"', 'mode = "auto"')
    done = at.command("run")
    assert done.returncode == 2
    assert "face.mode" in done.stderr


def test_the_self_test_names_every_part_that_is_not_well(at: ReaderDesk) -> None:
    at.keys.reader_key.chmod(0o644)
    at.desk.facility_folder.rmdir()
    at.edit('pack = "dlib-resnet"', 'pack = "not-installed"')
    home = at.desk.folder("reader")
    (home / "outbox.sqlite").write_bytes(b"not a database" * 100)
    done = at.command("selftest", "--json")
    assert done.returncode == 1
    assert failed(done.stdout) == {
        "keys": "D702",
        "models": "F204",
        "face": "F204",
        # No broker runs on this desk.
        "broker": "N301",
        "facility": "D703",
        "outbox": "D704",
    }


@pytest.mark.parametrize(
    ("liveness", "said"),
    [("turn", "liveness: turn"), ("none", "liveness: NONE, a photograph passes")],
)
def test_the_self_test_says_what_the_face_may_do(
    at: ReaderDesk, liveness: str, said: str
) -> None:
    at.edit("[facility]", f'liveness = "{liveness}"\n[facility]')
    verdicts = {
        one["part"]: one for one in json.loads(at.command("selftest", "--json").stdout)
    }
    detail = verdicts["face"]["detail"]
    assert detail.startswith("assist: the face assists, PIN or staff confirm")
    assert detail.endswith(said)


@pytest.mark.parametrize("plug", ["simulated", "keypad"])
def test_the_self_test_says_who_reads_the_printed_number(
    at: ReaderDesk, plug: str
) -> None:
    at.edit('number_b = "simulated"', f'number_b = "{plug}"')
    verdicts = {
        one["part"]: one for one in json.loads(at.command("selftest", "--json").stdout)
    }
    assert verdicts["number b"]["detail"] == plug


def test_a_certificate_of_another_key_is_found(at: ReaderDesk) -> None:
    write_secret(at.keys.reader_key, at.keys.cloud_key.read_bytes())
    done = at.command("selftest")
    assert "FAIL keys" in done.stdout
    assert "is not of broker.key" in done.stdout


def test_a_broker_that_refuses_us_or_that_we_refuse_is_found(at: ReaderDesk) -> None:
    with broker(at):
        at.edit(f'ca = "{at.keys.fleet_ca}"', f'ca = "{at.keys.card_ca}"')
        ours = at.command("selftest", "--json")
        at.edit(f'ca = "{at.keys.card_ca}"', f'ca = "{at.keys.fleet_ca}"')
        # A certificate that the fleet did not sign, with a key that fits it.
        at.edit(str(at.keys.reader_certificate), str(at.keys.card_ca))
        theirs = at.command("selftest", "--json")
    assert failed(ours.stdout) == {"broker": "N301"}
    assert "certificate" in ours.stdout
    assert {"keys", "broker"} <= failed(theirs.stdout).keys()


def test_a_reader_runs_tells_systemd_nothing_on_a_desk_and_ends_on_sigterm(
    at: ReaderDesk,
) -> None:
    log = at.desk.path("logs", "reader")
    command = [str(COMMANDS / "shikaku-reader"), "run", "--config", str(at.config)]
    with broker(at), running(command, log) as process:
        eventually(log, "broker connected")
        # While it runs, the self-test looks and does not disturb.
        verdicts = at.command("selftest", "--json")
        with urllib.request.urlopen(at.desk.front_url + "state") as page:  # noqa: S310
            assert json.load(page)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        text = log.read_text()
    assert failed(verdicts.stdout) == {}
    assert text.count("broker connected") == 1
    assert "broker lost" not in text
    assert "Traceback" not in text


def test_its_storage_key_and_outbox_are_its_own(at: ReaderDesk) -> None:
    at.edit(f'storage_key = "{at.keys.storage_key}"\n', "")
    log = at.desk.path("logs", "reader")
    command = [str(COMMANDS / "shikaku-reader"), "run", "--config", str(at.config)]
    with running(command, log) as process:
        eventually(log, "reader open")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    home = at.desk.folder("reader")
    modes = {path.name: path.stat().st_mode & 0o777 for path in home.iterdir()}
    assert modes["storage.key"] == 0o600
    assert modes["outbox.sqlite"] == 0o600


def test_every_command_has_help_with_an_example() -> None:
    for words in (
        ["run"],
        ["selftest"],
        ["config", "check"],
        ["card", "show"],
        ["voice", "build"],
    ):
        done = CliRunner().invoke(app, [*words, "--help"])
        assert done.exit_code == 0
        assert "Example: shikaku-reader" in done.output


def test_the_version_is_said() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert done.output.strip() == version("shikaku")
