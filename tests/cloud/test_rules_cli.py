"""The commands of eligibility and consent, as an operator runs them."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cloud.adapters.sql.connect import connect
from cloud.cli import app
from tests.cloud.command_desk import FACILITY, Desk

NOUNS = {
    "eligibility": ["ask", "again", "end-care", "watches", "recheck", "notices"],
    "consent": [
        *("show", "withdraw", "preset", "emergency", "reviews", "review", "items"),
    ],
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    ("noun", "verb"), [(noun, verb) for noun, verbs in NOUNS.items() for verb in verbs]
)
def test_every_command_has_an_example(noun: str, verb: str) -> None:
    done = CliRunner().invoke(app, [noun, verb, "--help"])
    assert done.exit_code == 0
    assert "Example: shikaku-cloud" in done.stdout


def test_who_is_not_found_is_explained_watched_and_later_told(desk: Desk) -> None:
    code, found = desk.asks()
    assert (code, found["cause"], found["watched"]) == (1, "number_unknown", True)
    assert found["patient"] is None
    (watch,) = json.loads(desk.runs("eligibility", "watches", "--json")[1])
    assert watch["handle"] == found["handle"]
    desk.knows()
    with closing(connect(desk.file)) as database:
        database.run_text("UPDATE watches SET next_at = 0")
    (notice,) = json.loads(desk.runs("eligibility", "recheck", "--json")[1])
    assert (notice["kind"], notice["handle"]) == ("valid", found["handle"])
    told = desk.runs("eligibility", "notices", "--facility", FACILITY)[1]
    assert "valid" in told
    assert desk.asks()[0] == 0


def test_an_answer_carries_a_proof_that_verifies_offline(desk: Desk) -> None:
    desk.knows()
    code, found = desk.asks()
    assert (code, found["validity"]) == (0, "1")
    proof = str(found["proof"])
    assert desk.runs("proof", "verify", proof)[0] == 0
    mistyped = ("0" if proof[20] != "0" else "1").join((proof[:20], proof[21:]))
    assert desk.runs("proof", "verify", mistyped)[0] == 2


def test_every_question_is_a_row_of_the_log(desk: Desk) -> None:
    desk.asks()
    desk.knows()
    desk.asks()
    shown = desk.runs("audit", "show", "--facility", FACILITY)[1]
    assert shown.count("cause=number_unknown") + shown.count("validity=1") >= 2
    assert re.search(r"\b34\b", shown.split("inquiry")[-1].split("by=")[-1]) is None
    assert desk.runs("audit", "verify")[0] == 0


def test_a_wrong_facility_code_is_told_which_digit(desk: Desk) -> None:
    code, _, err = desk.runs("eligibility", "notices", "--facility", "1310000004")
    assert code == 2
    assert "check digit" in err


def test_an_emergency_opens_is_listed_and_judged_by_somebody_else(desk: Desk) -> None:
    desk.knows()
    words = ("--facility", FACILITY, "--item", "operation", "--staff", "dr-1")
    assert desk.consent("emergency", *words, "--reason", "-")[0] == 1
    code, out, _ = desk.consent(
        "emergency", *words, "--reason", "意識障害で救急搬送", "--json"
    )
    assert code == 0
    case = json.loads(out)["request"]
    (opened,) = json.loads(desk.consent("show", "--json")[1])
    assert (opened["item"], opened["care"]) == ("operation", "4")
    assert case in desk.runs("consent", "reviews")[1]
    judge = ("consent", "review", case, "--verdict", "not_justified", "--reviewer")
    assert desk.runs(*judge, "dr-1")[0] == 1
    assert desk.runs(*judge, "board-1")[0] == 0
    assert json.loads(desk.consent("show", "--json")[1]) == []


def test_a_withdrawal_closes_everything_and_is_a_row(desk: Desk) -> None:
    desk.knows()
    words = ("--facility", FACILITY, "--item", "checkup", "--staff", "dr-1")
    desk.consent("emergency", *words, "--reason", "意識障害で救急搬送")
    assert desk.consent("withdraw", "--by", "nobody")[0] == 2
    code, out, _ = desk.consent("withdraw", "--by", "patient", "--json")
    assert (code, json.loads(out)) == (
        0,
        [{"facility": FACILITY, "item": "checkup"}],
    )
    assert json.loads(desk.consent("show", "--json")[1]) == []
    assert "withdrawal" in desk.runs("audit", "show", "--facility", FACILITY)[1]


def test_a_preset_opens_nothing(desk: Desk) -> None:
    desk.knows()
    words = ("--facility", FACILITY, "--item", "operation", "--decision", "granted")
    assert desk.consent("preset", *words)[0] == 0
    assert json.loads(desk.consent("show", "--json")[1]) == []


def test_a_facility_chooses_what_it_asks(desk: Desk) -> None:
    words = ("consent", "items", "--facility", FACILITY)
    usual = json.loads(desk.runs(*words, "--json")[1])
    assert usual == ["diagnosis_and_drugs", "operation", "checkup"]
    chosen = json.loads(desk.runs(*words, "--choose", "allergy,operation", "--json")[1])
    assert chosen == ["operation", "allergy"]
    assert desk.runs(*words, "--choose", "everything")[0] == 2
