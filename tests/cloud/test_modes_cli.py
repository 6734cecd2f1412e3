"""The commands of modes, as operators and facilities run them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from typer.testing import CliRunner

from cloud.cli import app
from cloud.console import today
from protocol.numbers import facility_code, is_substitute
from tests.cloud.command_desk import FACILITY, Desk

NOUNS = {
    "mode outage": ("ask", "approve", "end", "list"),
    "mode disaster": ("open", "approve", "close", "list", "consent", "search"),
    "mode": ("search", "uses", "review"),
    "workplace": ("issue", "list", "revoke"),
    "device": ("code", "activate", "list", "revoke"),
    "online": ("ticket", "present", "result"),
    "place": ("set", "list", "discharge"),
}
WHO = (
    *("--name-kana", "シケン　ハナコ", "--birth-date", "1970-01-02", "--sex", "2"),
    *("--reason", "停電でカードを読めない", "--facility", FACILITY, "--by", "desk-1"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "command", [f"{noun} {verb}" for noun, verbs in NOUNS.items() for verb in verbs]
)
def test_every_command_has_an_example(command: str) -> None:
    done = CliRunner().invoke(app, [*command.split(), "--help"])
    assert done.exit_code == 0
    assert f"Example: shikaku-cloud {command}" in done.stdout


def listed(desk: Desk, *words: str) -> list[dict[str, object]]:
    code, out, err = desk.runs(*words, "--json")
    assert code == 0, err
    found: list[dict[str, object]] = json.loads(out)
    return found


def asked(desk: Desk) -> str:
    words = ("mode", "outage", "ask", "--facility", FACILITY, "--by", "desk-1")
    code, out, err = desk.runs(*words, "--reason", "回線障害です", "--json")
    assert code == 0, err
    return str(json.loads(out)["id"])


def test_a_refusal_says_what_to_do_and_exits_with_one(desk: Desk) -> None:
    code, out, err = desk.runs("mode", "search", *WHO)
    assert (code, out) == (1, "")
    assert err.startswith("E402")
    assert "コールセンター" in err
    short = ("--facility", FACILITY, "--by", "d", "--reason", "-")
    code, _, err = desk.runs("mode", "outage", "ask", *short)
    assert (code, err.split()[0]) == (1, "E404")
    wrong = ("--facility", "1310000000", "--by", "d", "--reason", "回線障害")
    assert desk.runs("mode", "outage", "ask", *wrong)[0] == 2


def test_an_outage_waits_is_approved_and_ends(desk: Desk) -> None:
    handle = asked(desk)
    assert [one["state"] for one in listed(desk, "mode", "outage", "list")] == ["asked"]
    approve = ("mode", "outage", "approve", handle, "--by")
    assert desk.runs(*approve, "desk-1")[0] == 1
    assert desk.runs(*approve, "op-1", "--hours", "25")[0] == 1
    assert desk.runs(*approve, "op-1")[0] == 0
    assert desk.runs(*approve, "op-2")[0] == 1
    assert desk.runs("mode", "outage", "end", handle, "--by", "op-1")[0] == 0
    (one,) = listed(desk, "mode", "outage", "list", "--facility", FACILITY)
    assert (one["state"], one["approved_by"], one["ended_by"]) == (
        *("ended", "op-1"),
        "op-1",
    )
    assert desk.runs("audit", "verify")[0] == 0


def test_a_disaster_waits_for_a_second_operator(desk: Desk) -> None:
    days = ("--first", str(today()), "--last", str(today() + timedelta(days=2)))
    where = ("--prefecture", "13", "--area", "00", "--reason", "地震の被害")
    code, out, err = desk.runs(
        "mode", "disaster", "open", *where, *days, "--by", "op-1", "--json"
    )
    assert code == 0, err
    handle = json.loads(out)["id"]
    approve = ("mode", "disaster", "approve", handle, "--by")
    assert desk.runs(*approve, "OP-1")[0] == 1
    assert desk.runs(*approve, "op-2")[0] == 0
    (one,) = listed(desk, "mode", "disaster", "list")
    assert (one["region"], one["approved_by"]) == ("1300", "op-2")
    assert desk.runs("mode", "disaster", "close", handle, "--by", "op-3")[0] == 0
    odd = ("mode", "disaster", "consent", "0198", "--facility", FACILITY, "--by", "d")
    assert desk.runs(*odd, "--yes", "no such item")[0] == 2
    assert desk.runs(*odd, "--yes", "operation")[2].startswith("A905")


def test_a_workplace_gets_a_code_that_every_command_takes(desk: Desk) -> None:
    words = ("workplace", "issue", "--prefecture", "13", "--name", "架空工業")
    code, out, err = desk.runs(*words, "--by", "op-1", "--json")
    assert code == 0, err
    given = json.loads(out)["code"]
    assert is_substitute(facility_code(given))
    done = CliRunner().invoke(app, ["check", "facility", given])
    assert done.exit_code == 0
    assert desk.runs("place", "list", "--facility", given)[0] == 0
    assert desk.runs("workplace", "revoke", given, "--by", "op-1")[0] == 0
    assert desk.runs("workplace", "revoke", given, "--by", "op-1")[0] == 1
    (one,) = listed(desk, "workplace", "list")
    assert one["revoked_by"] == "op-1"


def test_a_device_is_prepared_at_a_desk_without_a_network(
    desk: Desk, tmp_path: Path
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "device.key").write_bytes(pem)
    where = ("--facility", FACILITY)
    code, out, err = desk.runs("device", "code", *where, "--by", "admin-1", "--json")
    assert code == 0, err
    given = ("--code", json.loads(out)["code"], "--key", str(tmp_path / "device.key"))
    code, out, err = desk.runs("device", "activate", *where, *given, "--json")
    assert code == 0, err
    name = json.loads(out)["reader"]
    assert desk.runs("device", "activate", *where, *given)[2].startswith("E406")
    gone = ("device", "revoke", name, *where, "--by", "admin-1")
    assert desk.runs(*gone)[0] == 0
    (one,) = listed(desk, "device", "list", *where)
    assert one["revoked_at"]


def test_online_care_needs_its_terms_and_its_files(desk: Desk, tmp_path: Path) -> None:
    where = ("--facility", FACILITY)
    refused = desk.runs("online", "ticket", *where, "--by", "desk-1")
    assert (refused[0], refused[2].split()[0]) == (1, "E408")
    missing = str(tmp_path / "nothing")
    assert desk.runs("online", "present", missing, missing)[0] == 2
    assert desk.runs("online", "result", *where, "--ticket", "short")[0] == 2
    unknown = desk.runs("online", "result", *where, "--ticket", "A" * 26)
    assert (unknown[0], unknown[2].split()[0]) == (1, "A905")


def test_a_place_says_how_long_a_yes_lasts(desk: Desk) -> None:
    where = ("--facility", FACILITY)
    for kind, words in (("fever_clinic", "24 hours"), ("bedside", "discharged")):
        code, out, _ = desk.runs("place", "set", *where, "--kind", kind, "--by", "a")
        assert (code, words in out) == (0, True)
    assert desk.runs("place", "set", *where, "--kind", "x", "--by", "a")[0] == 2
    gone = desk.runs("place", "discharge", "0198", *where, "--by", "a")
    assert (gone[0], gone[2].split()[0]) == (1, "A905")
