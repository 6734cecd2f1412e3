"""The units are units, and stay as closed as they were measured."""

import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "systemd"
EXPOSURE = {"shikaku-reader": 16, "shikaku-cloud": 13}
"""Ten times the exposure level that is still accepted."""
INSTALLED = "/opt/shikaku/.venv/bin/"


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} on this machine")
    return path


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def as_installed(name: str, folder: Path) -> Path:
    """The unit with a program that exists: `verify` looks for the executable."""
    text = (UNITS / f"{name}.service").read_text()
    assert INSTALLED in text
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    copy = folder / f"{name}.service"
    copy.write_text(text.replace(f"{INSTALLED}{name}", str(program)))
    return copy


def lines(name: str) -> list[str]:
    text = (UNITS / f"{name}.service").read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("name", EXPOSURE)
def test_an_unknown_word_in_a_unit_is_found(name: str, tmp_path: Path) -> None:
    """First that the check checks."""
    unit = as_installed(name, tmp_path)
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=sometimes"))
    done = run(tool("systemd-analyze"), "verify", str(unit))
    assert "restart specifier" in done.stderr


@pytest.mark.parametrize("name", EXPOSURE)
def test_systemd_has_nothing_to_say_about_a_unit(name: str, tmp_path: Path) -> None:
    unit = as_installed(name, tmp_path)
    done = run(tool("systemd-analyze"), "verify", "--man=no", str(unit))
    said = [line for line in done.stderr.splitlines() if name in line]
    assert said == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "threshold"), EXPOSURE.items())
def test_a_unit_stays_as_closed_as_it_was(name: str, threshold: int) -> None:
    done = run(
        tool("systemd-analyze"),
        "security",
        "--offline=true",
        "--no-pager",
        f"--threshold={threshold}",
        str(UNITS / f"{name}.service"),
    )
    assert done.returncode == 0, done.stdout[-200:] + done.stderr


@pytest.mark.parametrize("name", EXPOSURE)
def test_a_unit_comes_back_and_keeps_no_core(name: str) -> None:
    said = lines(name)
    assert "Restart=always" in said
    assert "RestartPreventExitStatus=2" in said
    assert "LimitCORE=0" in said
    assert f"ExecStart={INSTALLED}{name} " in "\n".join(said)


def test_device_rules_name_groups_and_never_a_pattern() -> None:
    """A path with a star is accepted by systemd and never matches."""
    rules = [line for line in lines("shikaku-reader") if line.startswith("DeviceAllow")]
    assert rules
    assert all("char-" in rule and "*" not in rule for rule in rules)


def test_the_accounts_can_be_made(tmp_path: Path) -> None:
    done = run(
        tool("systemd-sysusers"),
        "--dry-run",
        f"--root={tmp_path}",
        str(UNITS / "shikaku.sysusers"),
    )
    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd-sysusers has no --dry-run")
    assert done.returncode == 0, done.stderr
    for account in ("shikaku", "shikaku-cloud", "shikaku-facility"):
        assert account in done.stdout + done.stderr


def test_every_account_of_the_units_and_folders_is_made() -> None:
    made = {
        line.split()[1]
        for line in (UNITS / "shikaku.sysusers").read_text().splitlines()
        if line[:2] in {"u ", "g "}
    }
    owners = {
        word
        for line in (UNITS / "shikaku.tmpfiles").read_text().splitlines()
        if line.startswith("d ")
        for word in line.split()[3:5]
    }
    users = {
        line.partition("=")[2]
        for name in EXPOSURE
        for line in lines(name)
        if line.startswith(("User=", "Group="))
    }
    assert (owners | users) - {"root"} <= made
