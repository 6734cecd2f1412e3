"""The commands of the log, of proof numbers and of retention, as people run them."""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner, Result

from cloud.adapters.secret_file import read_secret
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.registry import SqlRegistry
from cloud.audit.model import SECRET_BYTES, Entry, Kind, detail
from cloud.cli import app
from cloud.registry.model import PersonId
from cloud.registry.service import Record
from protocol import proof
from protocol.codec import encode
from protocol.ids import FacilityCode
from protocol.keys import SoftwareSigner
from tests.cloud.test_cli import private
from tests.cloud.world import FACILITY, NOON, authority, card, ms, person
from tests.protocol import samples

NOW = ms(NOON)
CARD = card()
SIGNING = ec.generate_private_key(ec.SECP256R1())
ANSWER = encode(samples.answer(b"request"))
RESULT = proof.result_hash(ANSWER)
NUMBER = proof.make(FACILITY, NOW, RESULT, SoftwareSigner(SIGNING))
SAID = detail(outcome="accepted", method="face", by="reader-one")
ASKED = detail(items=("operation:granted", "checkup:refused"), by="reader-one")


@dataclass
class Desk:
    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "cloud.toml"

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--config", str(self.config)])

    def json(self, *words: str, code: int = 0) -> Any:
        done = self.run(*words, "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout)

    def sql(self, text: str) -> None:
        with closing(connect(self.folder / "home" / "cloud.sqlite3")) as database:
            database.run_text(text)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A migrated database with two people, of whom one was at two facilities."""
    (tmp_path / "signing.key").write_bytes(private(SIGNING))
    (tmp_path / "agreement.key").write_bytes(private(X25519PrivateKey.generate()))
    (tmp_path / "ca.pem").write_bytes(authority().public_bytes(Encoding.PEM))
    made = Desk(tmp_path)
    made.config.write_text(
        '[cloud]\nhome = "home"\n[broker]\nhost = "127.0.0.1"\nport = 1\n'
        '[keys]\nsigning = "signing.key"\nagreement = "agreement.key"\n'
        '[trust]\njpki_cas = ["ca.pem"]\n[retention]\ndays = { audit = 3000 }\n'
    )
    assert made.run("migrate").exit_code == 0
    with closing(connect(tmp_path / "home" / "cloud.sqlite3")) as database:
        SqlRegistry(database).put(
            [Record(b"a", person(), (CARD.link,)), Record(b"b", person())]
        )
        log = SqlAudit(
            database, read_secret(tmp_path / "home" / "audit.key", SECRET_BYTES)
        )
        elsewhere = FacilityCode("1310000016")
        one, other = PersonId(1), PersonId(2)
        with database.transaction():
            log.append(
                [
                    Entry(FACILITY, NOW, Kind.VERIFICATION, one, SAID, RESULT),
                    Entry(FACILITY, NOW + 1, Kind.VERIFICATION, other, SAID, bytes(32)),
                    Entry(FACILITY, NOW + 2, Kind.CONSENT, one, ASKED, bytes(32)),
                    Entry(elsewhere, NOW + 3000, Kind.READ, one, "", bytes(32)),
                ]
            )
    return made


# -- audit -----------------------------------------------------------------------------
def test_a_whole_log_ends_with_0_and_a_changed_one_with_1_and_the_place(
    desk: Desk,
) -> None:
    assert desk.json("audit", "anchor")["total"] == 4
    assert desk.json("audit", "verify") == {"whole": True, "findings": []}
    desk.sql("UPDATE audit_rows SET detail = 'outcome=refused' WHERE seq = 2")
    (found,) = desk.json("audit", "verify", code=1)["findings"]
    assert (found["facility"], found["first"], found["what"]) == (
        FACILITY,
        2,
        "changed",
    )
    said = desk.run("audit", "verify")
    assert f"facility {FACILITY}, row 2: changed" in said.stdout
    assert desk.json("audit", "verify", "--facility", "1310000016")["whole"]


def test_anchors_kept_elsewhere_show_a_log_made_anew(desk: Desk) -> None:
    desk.json("audit", "anchor")
    kept = desk.folder / "anchors.jsonl"
    assert desk.json("audit", "export-anchors", str(kept))["anchors"] == 1
    assert desk.json("audit", "verify", "--anchors", str(kept))["whole"]
    for table in ("audit_rows", "audit_heads", "audit_anchors", "audit_moved"):
        desk.sql(f"DELETE FROM {table}")  # noqa: S608
    assert desk.json("audit", "verify")["whole"]
    found = desk.json("audit", "verify", "--anchors", str(kept), code=1)["findings"]
    assert {(one["facility"], one["first"], one["last"]) for one in found} >= {
        ("", 1, 1),
        (FACILITY, 1, 3),
        ("1310000016", 1, 1),
    }


def test_a_file_that_is_there_is_not_overwritten(desk: Desk) -> None:
    desk.json("audit", "anchor")
    kept = desk.folder / "anchors.jsonl"
    kept.write_text("mine")
    done = desk.run("audit", "export-anchors", str(kept))
    assert (done.exit_code, kept.read_text()) == (2, "mine")
    assert desk.run("audit", "verify", "--anchors", str(kept)).exit_code == 2


def test_a_patient_sees_who_what_and_when_in_two_languages(desk: Desk) -> None:
    rows = desk.json("audit", "patient", "--person", "1")
    assert [(row["who"], row["when"]) for row in rows] == [
        (FACILITY, "2026-06-15 12:00:00"),
        (FACILITY, "2026-06-15 12:00:00"),
        ("1310000016", "2026-06-15 12:00:03"),
    ]
    assert rows[0]["ja"] == "資格確認、顔認証、確認できました"
    assert rows[0]["en"] == "eligibility was checked, by face, accepted"
    assert rows[1]["ja"] == ("情報提供の同意、手術情報 同意、特定健診等情報 不同意")
    fingerprint = hashlib.sha256(CARD.der).hexdigest()
    assert desk.json("audit", "patient", "--certificate", fingerprint) == rows
    shown = desk.run("audit", "patient", "--person", "1").stdout
    assert "診療・薬剤情報等の閲覧 / records were read" in shown


@pytest.mark.parametrize(
    "words",
    [(), ("--person", "99"), ("--certificate", "zz"), ("--certificate", "00" * 32)],
)
def test_nobody_is_not_shown_anything(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.run("audit", "patient", *words).exit_code == 2


def test_a_facilitys_rows_name_nobody(desk: Desk) -> None:
    rows = desk.json("audit", "show", "--facility", FACILITY, "--last", "2")
    assert [row["seq"] for row in rows] == [2, 3]
    shown = desk.run("audit", "show", "--facility", FACILITY).stdout
    assert len(shown.splitlines()) == 3
    assert person().name not in shown
    assert len({line.split()[-1] for line in shown.splitlines()}) == 2


def test_a_log_whose_secret_is_lost_is_not_given_a_new_one(desk: Desk) -> None:
    secret = desk.folder / "home" / "audit.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    secret.unlink()
    for words in (("migrate",), ("audit", "verify")):
        done = desk.run(*words)
        assert done.exit_code == 2
        assert "backup" in done.stderr
    assert not secret.exists()


# -- proof -----------------------------------------------------------------------------
def test_a_proof_is_verified_with_a_public_key_alone(desk: Desk) -> None:
    key = desk.folder / "public.pem"
    key.write_text(desk.run("proof", "key").stdout)
    answer = desk.folder / "answer.cbor"
    answer.write_bytes(proof.attach(ANSWER, NUMBER))
    words = ["proof", "verify", proof.printed(NUMBER).lower(), "--key", str(key)]
    # No configuration is there at all.
    done = CliRunner().invoke(app, [*words, "--json", "--config", "/nowhere"])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "genuine": True,
        "facility": FACILITY,
        "at": NOW,
        "hash": RESULT[:9].hex(),
    }
    told = CliRunner().invoke(app, [*words, "--result", str(answer)])
    assert told.exit_code == 0
    assert told.stdout == (
        f"genuine, of this result: facility {FACILITY}, 2026-06-15 12:00:00 in Japan\n"
    )
    answer.write_bytes(encode(samples.answer(b"another request")))
    told = CliRunner().invoke(app, [*words, "--result", str(answer)])
    assert told.exit_code == 1
    assert "not of this result" in told.stdout


def test_a_typo_is_told_from_a_forgery_and_from_another_key(desk: Desk) -> None:
    typo = NUMBER[:14] + ("0" if NUMBER[14] != "0" else "1") + NUMBER[15:]
    assert desk.json("proof", "verify", typo, code=2)["group"] == 2

    class Forger:
        key_id = SoftwareSigner(SIGNING).key_id
        sign = SoftwareSigner(ec.generate_private_key(ec.SECP256R1())).sign

    forged = proof.make(FACILITY, NOW, RESULT, Forger())
    assert desk.json("proof", "verify", forged, code=1)["genuine"] is False
    stranger = SoftwareSigner(ec.generate_private_key(ec.SECP256R1()))
    other = proof.make(FACILITY, NOW, RESULT, stranger)
    done = desk.run("proof", "verify", other)
    assert done.exit_code == 2
    assert "--key" in done.stderr


def test_the_log_knows_the_answer_of_a_proof(desk: Desk) -> None:
    assert desk.json("proof", "verify", NUMBER, "--log")["row"] == 1
    unknown = proof.make(FACILITY, NOW, bytes(range(32)), SoftwareSigner(SIGNING))
    told = desk.json("proof", "verify", unknown, "--log", code=1)
    assert "log has no such answer" in told["problem"]


# -- retention -------------------------------------------------------------------------
def test_a_plan_is_what_a_dry_run_says(desk: Desk) -> None:
    plan = desk.json("retention", "plan")
    assert plan["dry_run"] is True
    assert plan == desk.json("retention", "run", "--dry-run")
    done = desk.json("retention", "run")
    assert done == {**plan, "dry_run": False}


def test_rules_are_said_with_their_reasons(desk: Desk) -> None:
    rules = {one["rule"]: one for one in desk.json("retention", "rules")}
    assert rules["audit"]["keep_ms"] == 3000 * 24 * 60 * 60 * 1000
    assert "医師法" in rules["consents"]["basis"]
    assert "fixed" in desk.run("retention", "rules").stdout


def test_a_period_of_a_rule_that_does_not_exist_refuses_to_start(desk: Desk) -> None:
    text = desk.config.read_text().replace("audit = 3000", "nonsense = 1")
    desk.config.write_text(text)
    done = desk.run("retention", "plan")
    assert done.exit_code == 2
    assert "no such rule: nonsense" in done.stderr


def test_erasing_asks_and_leaves_a_log_that_verifies(desk: Desk) -> None:
    desk.json("audit", "anchor")
    refused = desk.run("retention", "erase", "--person", "1")
    assert refused.exit_code != 0
    planned = desk.json("retention", "erase", "--person", "1", "--dry-run")["done"]
    done = desk.json("retention", "erase", "--person", "1", "--yes")["done"]
    assert done == planned
    assert {"rule": "erase", "table": "persons", "rows": 1} in done
    assert desk.run("audit", "patient", "--person", "1").exit_code == 2
    assert desk.json("audit", "verify")["whole"]


@pytest.mark.parametrize(
    "command",
    [
        *(f"audit {verb}" for verb in ("verify", "anchor", "show", "patient")),
        "audit export-anchors",
        *(f"proof {verb}" for verb in ("verify", "key")),
        *(f"retention {verb}" for verb in ("rules", "plan", "run", "erase")),
    ],
)
def test_every_command_has_an_example(command: str) -> None:
    told = CliRunner().invoke(app, [*command.split(), "--help"])
    assert "Example: shikaku-cloud " + command.split()[0] in told.stdout
