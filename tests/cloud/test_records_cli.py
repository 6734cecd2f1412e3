"""The commands of records, as an operator runs them."""

import hashlib
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.audit.model import Kind
from cloud.cli import app
from cloud.config import load
from cloud.consent.model import DAY_MS, Ended, Pressed
from cloud.consent.service import Consents
from cloud.keyring import audit_log, audit_secret, keep_secrets, vault
from cloud.main import sql_stores
from cloud.records.answer import from_json
from cloud.registry.model import CertificateLink, LinkKind, PersonId
from cloud.registry.service import Record
from protocol.codes import CareKind, Decision
from protocol.ids import FacilityCode, RequestId
from tests.cloud.records_world import ALL_ITEMS
from tests.cloud.test_stores import settled
from tests.cloud.world import insurance, person

FACILITY = FacilityCode("1310000003")
MARK = hashlib.sha256(b"a certificate").digest()
ANOTHER = hashlib.sha256(b"another certificate").digest()
CONFIG = """
[cloud]
home = "home"
[broker]
host = "127.0.0.1"
port = 1883
[keys]
signing = "signing.key"
agreement = "agreement.key"
[trust]
jpki_cas = ["ca.pem"]
"""


class Desk:
    """One cloud on disk, with one fictitious and one other person."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "cloud.toml"
        self.config.write_text(CONFIG)
        (folder / "home").mkdir()
        self.database = folder / "home" / "cloud.sqlite3"
        nobody = insurance(insurer_number="06990014")
        with self.opened() as database:
            migrate(database)
            keep_secrets(load(self.config), database)
            registry = SqlRegistry(database)
            for mark, held in ((MARK, nobody), (ANOTHER, insurance())):
                who = person(insurances=(held,))
                link = CertificateLink(LinkKind.CERTIFICATE, mark)
                registry.put([Record(mark, who, (link,))])

    def opened(self) -> "closing[Database]":
        return closing(connect(self.database))

    def says(self, *words: str) -> tuple[int, str, str]:
        answer = CliRunner().invoke(app, ["records", *words])
        if answer.exception and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer.exit_code, answer.stdout, answer.stderr

    def runs(self, *words: str) -> tuple[int, str, str]:
        return self.says(*words, "--config", str(self.config))

    def shows(self, *words: str, who: bytes = MARK) -> tuple[int, str, str]:
        place = ("--facility", FACILITY, "--person-of", who.hex())
        return self.runs("show", *place, *words)

    def presses(self, *items: str, ago: int = 0) -> None:
        at = now_ms() - ago
        with self.opened() as database:
            stores = sql_stores(database, audit_secret(load(self.config)))
            consents = Consents(stores.consents, vault(load(self.config)))
            made = consents.settle(
                tuple(Pressed(item, Decision.GRANTED) for item in items),
                facility=FACILITY,
                person=self.person(database),
                request=RequestId("r"),
                care=CareKind.OUTPATIENT,
                pressed_at=at,
                decided_at=at,
            )
            one = settled(RequestId("r"), consents=made, data_keys=consents.keys(made))
            stores.ledger.commit([one], [])

    def withdraws(self) -> None:
        with self.opened() as database:
            Consents(SqlConsents(database)).withdraw(
                self.person(database),
                why=Ended.BY_PATIENT,
                request=RequestId("w"),
                at=now_ms(),
            )

    def reads_logged(self) -> list[str]:
        with self.opened() as database:
            log, _ = audit_log(load(self.config), database)
            rows = log.of_person(self.person(database))
            return [row.detail for row in rows if row.kind == Kind.READ]

    def person(self, database: Database) -> PersonId:
        link = CertificateLink(LinkKind.CERTIFICATE, MARK)
        found = SqlRegistry(database).linked(link)
        assert found is not None
        return found.id


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    assert desk.runs("seed")[0] == 0
    return desk


@pytest.mark.parametrize("command", ["seed", "show", "specimen", "schema"])
def test_every_command_has_an_example(desk: Desk, command: str) -> None:
    code, out, _ = desk.says(command, "--help")
    assert code == 0
    assert "Example: shikaku-cloud records" in out


# -- refusals --------------------------------------------------------------------------
def test_without_a_consent_the_answer_is_no(filled: Desk) -> None:
    code, out, err = filled.shows("--json")
    assert (code, out) == (1, "")
    assert "no living consent" in err


def test_a_consent_that_is_over_opens_nothing(filled: Desk) -> None:
    filled.presses(*ALL_ITEMS, ago=DAY_MS)
    assert filled.shows("--json")[:2] == (1, "")


def test_after_a_withdrawal_the_answer_is_no(filled: Desk, tmp_path: Path) -> None:
    filled.presses(*ALL_ITEMS)
    paper = tmp_path / "paper.pdf"
    assert filled.shows("--json")[0] == 0
    filled.withdraws()
    assert filled.shows("--json")[:2] == (1, "")
    assert filled.shows("--pdf", str(paper))[0] == 1
    assert not paper.exists()


def test_disclosure_on_hold_is_a_no(filled: Desk) -> None:
    filled.presses(*ALL_ITEMS)
    with filled.opened() as database:
        registry = SqlRegistry(database)
        link = CertificateLink(LinkKind.CERTIFICATE, MARK)
        found = registry.linked(link)
        assert found is not None
        held = replace(found.person, hold=True)
        registry.put([Record(MARK, held, (link,))])
    code, out, err = filled.shows("--json")
    assert (code, out) == (1, "")
    assert "on hold" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--person-of", "zz", "--json"), 2, "64 hex digits"),
        (("--person-of", "00" * 32, "--json"), 1, "nobody"),
        (("--facility", "1310000004", "--json"), 2, "check digit"),
        ((), 2, "say --json, or --pdf FILE"),
        (("--json", "--pdf", "x.pdf"), 2, "say --json, or --pdf FILE"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(
    filled: Desk, words: tuple[str, ...], code: int, said: str
) -> None:
    got, out, err = filled.shows(*words)
    assert (got, out) == (code, "")
    assert said in err


def test_a_missing_secret_says_what_to_do(desk: Desk) -> None:
    load(desk.config).records_key.unlink()
    code, _, err = desk.runs("seed")
    assert code == 2
    assert "records.key" in err


# -- what is shown ---------------------------------------------------------------------
def test_a_living_consent_opens_its_items(filled: Desk, tmp_path: Path) -> None:
    filled.presses("diagnosis_and_drugs", "operation")
    code, out, _ = filled.shows("--json")
    assert code == 0
    told = from_json(out.encode())
    assert [one.item for one in told.opened] == ["diagnosis_and_drugs", "operation"]
    assert told.fictitious
    assert told.facility == FACILITY
    assert not told.checkups
    paper = tmp_path / "paper.pdf"
    paper.touch(0o644)
    assert filled.shows("--pdf", str(paper))[0] == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert os.stat(paper).st_mode & 0o777 == 0o600


def test_reading_needs_no_secret_of_those_who_fill(filled: Desk) -> None:
    """A reader has consents.key only: there is no other way to a record key."""
    filled.presses(*ALL_ITEMS)
    load(filled.config).records_key.unlink()
    assert filled.shows("--json")[0] == 0


def test_a_read_stands_in_the_audit_log_and_a_refusal_does_not(filled: Desk) -> None:
    assert filled.shows("--json")[0] == 1
    assert filled.reads_logged() == []
    filled.presses("operation")
    assert filled.shows("--json")[0] == 0
    assert filled.reads_logged() == ["items=operation;outcome=accepted"]
    assert "試験" not in str(filled.reads_logged())
    filled.withdraws()
    assert filled.shows("--json")[0] == 1
    assert len(filled.reads_logged()) == 1


def test_without_its_audit_log_nothing_is_read(filled: Desk) -> None:
    filled.presses(*ALL_ITEMS)
    load(filled.config).audit_secret.unlink()
    code, out, _ = filled.shows("--json")
    assert (code, out) == (2, "")


# -- filling ---------------------------------------------------------------------------
def test_only_fictitious_people_are_given_fictitious_records(filled: Desk) -> None:
    code, out, err = filled.runs("seed", "--json")
    assert code == 0
    told = json.loads(out)
    assert told["persons"] == 1
    assert "2 of 2 persons" in err
    with filled.opened() as database:
        (people,) = database.run_text(
            "SELECT count(DISTINCT person_id) FROM records"
        ).fetchone()
        (rows,) = database.run_text("SELECT count(*) FROM records").fetchone()
    assert (people, rows) == (1, told["records"])


def test_the_same_seed_gives_the_same_records(filled: Desk) -> None:
    filled.presses(*ALL_ITEMS)
    one = json.loads(filled.shows("--json")[1])
    assert filled.runs("seed", "--seed", "1")[0] == 0
    two = json.loads(filled.shows("--json")[1])
    assert filled.runs("seed", "--seed", "2")[0] == 0
    three = json.loads(filled.shows("--json")[1])
    kinds = ("drugs", "treatments", "operations", "checkups")
    assert [one[kind] for kind in kinds] == [two[kind] for kind in kinds]
    assert [one[kind] for kind in kinds] != [three[kind] for kind in kinds]


# -- specimen --------------------------------------------------------------------------
def test_a_specimen_needs_no_database(desk: Desk, tmp_path: Path) -> None:
    day = ("--day", "2026-06-15", "--seed", "23", "--age", "78", "--sex", "2")
    code, out, _ = desk.says("specimen", *day, "--json")
    assert code == 0
    told = from_json(out.encode())
    assert told.fictitious
    assert told.as_of.newest_month == "2026-04"
    papers = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for paper in papers:
        assert desk.says("specimen", *day, "--pdf", str(paper))[0] == 0
    assert papers[0].read_bytes() == papers[1].read_bytes()


def test_the_schema_is_json(desk: Desk) -> None:
    code, out, _ = desk.says("schema")
    assert code == 0
    assert json.loads(out)["title"] == "Report"


def test_commands_that_print_no_paper_do_not_wait_for_its_library() -> None:
    told = (
        "import sys, cloud.records_cli;"
        "print([one for one in sys.modules if one.startswith('reportlab')])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
