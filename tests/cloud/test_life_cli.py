"""The commands of facility and account, as an operator runs them."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.cli import app
from cloud.console import today
from tests.cloud.accounts_world import NOW, Phone
from tests.cloud.command_desk import INSURER, Desk
from tests.cloud.test_accounts_file import GOOD
from tests.cloud.test_facility_life import INSTALLED, pem
from tests.cloud.world import TODAY

HERE = "1310000003"
NOUNS = {
    "facility": [
        *("add", "list", "show", "history", "move", "start", "start-due"),
        *("settings", "terms", "accept", "switch", "certificates", "certify"),
        *("revoke-certificate", "expiries", "tell-expiries", "address"),
        *("whose-address", "patient-numbers"),
    ],
    "account": ["list", "add", "import", "invite", "disable", "reopen", "code"],
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    assert made.runs("facility", "add", *at(), "--name", "架空診療所")[0] == 0
    return made


def at() -> tuple[str, str]:
    return "--facility", HERE


@pytest.mark.parametrize(
    ("noun", "verb"), [(noun, verb) for noun, verbs in NOUNS.items() for verb in verbs]
)
def test_every_command_shows_an_example(noun: str, verb: str) -> None:
    done = CliRunner().invoke(app, [noun, verb, "--help"])
    assert done.exit_code == 0
    assert "Example: shikaku-cloud" in done.stdout


def test_from_the_portal_into_operation(desk: Desk) -> None:
    for move in INSTALLED:
        assert desk.runs("facility", "move", *at(), "--move", move.value)[0] == 0
    code, _, err = desk.runs("facility", "move", *at(), "--move", "start")
    assert (code, "L202" in err) == (1, True)
    code, _, err = desk.runs("facility", "move", *at(), "--move", "order")
    assert (code, "A909" in err) == (1, True)
    past = (today() - timedelta(days=1)).isoformat()
    assert desk.runs("facility", "start", *at(), "--day", past)[0] == 1
    done = desk.runs("facility", "start", *at(), "--day", today().isoformat(), "--json")
    assert json.loads(done[1])["state"] == "6"
    steps = json.loads(desk.runs("facility", "history", *at(), "--json")[1])
    assert [one["became"] for one in steps] == ["1", "2", "3", "4", "5", "5", "6"]
    assert steps[-1]["who"] == "calendar"
    assert steps[0]["who"].startswith("operator ")


def test_an_unknown_facility_is_a_usage_error(desk: Desk) -> None:
    other = ("--facility", "1310000011")
    code, _, err = desk.runs("facility", "move", *other, "--move", "register")
    assert (code, "facility add" in err) == (2, True)


def test_terms_then_the_function_then_its_address_drawn(
    desk: Desk, tmp_path: Path
) -> None:
    of = (*at(), "--setting", "home_visits")
    assert desk.runs("facility", "switch", *of, "--on")[0] == 1
    assert desk.runs("facility", "accept", *of, "--version", "2020")[0] == 1
    version = json.loads(
        CliRunner().invoke(app, ["facility", "terms", "home_visits", "--json"]).stdout
    )["version"]
    assert desk.runs("facility", "accept", *of, "--version", version)[0] == 0
    assert desk.runs("facility", "switch", *of, "--on")[0] == 0
    kind = (*at(), "--kind", "2")
    assert desk.runs("facility", "address", *kind)[0] == 1
    pictures = [tmp_path / "door.svg", tmp_path / "door.png"]
    found = [
        desk.runs("facility", "address", *kind, "--new", "--qr", str(file))[1].strip()
        for file in pictures
    ]
    assert b"<svg" in pictures[0].read_bytes()
    assert pictures[1].read_bytes().startswith(b"\x89PNG")
    assert HERE not in found[1]
    assert desk.runs("facility", "whose-address", found[0])[0] == 1
    assert HERE in desk.runs("facility", "whose-address", found[1])[1]
    assert desk.runs("facility", "address", *kind, "--revoke")[0] == 0
    assert desk.runs("facility", "whose-address", found[1])[0] == 1


def test_a_certificate_registered_replaced_and_told_of(
    desk: Desk, tmp_path: Path
) -> None:
    days = (today() - TODAY).days
    old, new = tmp_path / "old.pem", tmp_path / "new.pem"
    old.write_bytes(pem(days + 10))
    new.write_bytes(pem(days + 400))
    done = desk.runs("facility", "certify", str(old), *at(), "--json")
    first = json.loads(done[1])
    assert first["living"]
    assert 9 <= first["days_left"] <= 10
    assert "days" in desk.runs("facility", "tell-expiries")[1]
    assert "nothing" in desk.runs("facility", "tell-expiries")[1]
    (told,) = json.loads(desk.runs("facility", "expiries", *at(), "--json")[1])
    assert told["days"] == 15
    change = ("--replaces", first["fingerprint"])
    assert desk.runs("facility", "certify", str(new), *at(), *change)[0] == 0
    shown = json.loads(desk.runs("facility", "certificates", *at(), "--json")[1])
    assert [one["living"] for one in shown] == [False, True]
    last = ("--fingerprint", shown[1]["fingerprint"])
    assert desk.runs("facility", "revoke-certificate", *at(), *last)[0] == 0
    unknown = ("--fingerprint", "00" * 32)
    assert desk.runs("facility", "revoke-certificate", *at(), *unknown)[0] == 1
    over = tmp_path / "over.pem"
    over.write_bytes(pem(days - 1))
    assert desk.runs("facility", "certify", str(over), *at())[0] == 2


def test_accounts_from_a_file_hand_their_secrets_out_once(
    desk: Desk, tmp_path: Path
) -> None:
    staff, secrets = tmp_path / "staff.csv", tmp_path / "secrets.csv"
    staff.write_text(GOOD + "b ad,reception,悪\n", "utf-8")
    words = ("account", "import", str(staff), *at(), "--secrets", str(secrets))
    faults = tmp_path / "faults.csv"
    code, out, _ = desk.runs(*words, "--dry-run", "--json", "--errors", str(faults))
    assert (code, secrets.exists(), len(json.loads(out)["new"])) == (1, False, 3)
    assert faults.read_text("utf-8").splitlines()[1].startswith("5,account,L213,")
    assert desk.runs(*words)[0] == 1
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = secrets.read_text("ascii")
    assert [line.split(",")[0] for line in kept.splitlines()] == [
        *("account", "a-kuma", "m-sato", "t-ito"),
    ]
    again = desk.runs(*words, "--json")
    assert json.loads(again[1])["same"] == 3
    assert secrets.read_text("ascii") == kept
    for line in kept.splitlines()[1:]:
        assert line.split(",")[1] not in again[1] + again[2]


def test_secrets_are_never_written_over_others(desk: Desk, tmp_path: Path) -> None:
    staff, secrets = tmp_path / "staff.csv", tmp_path / "secrets.csv"
    staff.write_text(GOOD, "utf-8")
    secrets.write_text("somebody else's")
    words = ("account", "import", str(staff), *at(), "--secrets", str(secrets))
    assert desk.runs(*words)[0] == 2
    assert secrets.read_text() == "somebody else's"
    assert "no account" in desk.runs("account", "list", *at())[1]


def test_one_account_added_invited_again_disabled(desk: Desk, tmp_path: Path) -> None:
    def run(*words: str) -> int:
        return desk.runs("account", words[0], *words[1:], *at())[0]

    who = ("--role", "administrator", "--name", "熊")
    one, two, three = (str(tmp_path / name) for name in ("one", "two", "three"))
    assert run("add", "a-kuma", *who, "--secrets", one) == 0
    assert run("add", "a-kuma", *who, "--secrets", two) == 1
    assert not Path(two).exists()
    assert run("add", "A Kuma", *who, "--secrets", two) == 2
    assert run("invite", "a-kuma", "--secrets", two) == 0
    assert Path(one).read_text() != Path(two).read_text()
    assert run("invite", "nobody", "--secrets", three) == 1
    assert not Path(three).exists()
    assert run("disable", "a-kuma") == 1
    assert run("disable", "nobody") == 1
    assert run("reopen", "a-kuma") == 0
    assert run("reopen", "nobody") == 1


def test_a_command_is_an_authenticator_for_demonstrations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uri = "otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=x"
    monkeypatch.setattr("cloud.account_cli.now_ms", lambda: NOW)
    done = CliRunner().invoke(app, ["account", "code"], input=uri + "\n")
    assert done.stdout.strip() == Phone(uri).code(NOW)
    wrong = CliRunner().invoke(app, ["account", "code"], input="nothing\n")
    assert wrong.exit_code == 2


def test_patient_numbers_from_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.knows()
    charts, errors = tmp_path / "charts.csv", tmp_path / "errors.csv"
    header = "insurer_number,symbol,number,branch,birth_date,own_number\n"
    good, bad = f"{INSURER},12,34,,1970-01-02,P-1\n", "99999999,1,1,,1970-01-02,P-2\n"
    charts.write_text(header + good + bad)
    words = ("facility", "patient-numbers", str(charts), *at())
    code, out, _ = desk.runs(*words, "--errors", str(errors), "--json")
    assert code == 1
    assert json.loads(out) == {"taken": 1, "refused": [{"line": 3, "code": "R601"}]}
    assert errors.read_text() == "line,code\n3,R601\n"
    charts.write_text(header + good)
    assert desk.runs(*words)[0] == 0
    assert desk.asks()[1]["reference_number"] == "P-1"
    charts.write_text(header + good.replace("P-1", "P-3"))
    assert desk.runs(*words)[0] == 1
    assert desk.runs(*words, "--replace")[0] == 0
    for wrong in ("a,b\n", header + "1,2\n", header + good.replace("1970", "70")):
        charts.write_text(wrong)
        assert desk.runs(*words)[0] == 2
