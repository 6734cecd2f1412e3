"""The facilities' interface over the real rooms: what a clinic's computer gets."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import CheckContext, CheckFunction, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cloud.adapters.clock import now_ms
from cloud.api import RENDERS, Rooms, opened_rooms, routes
from cloud.config import load
from cloud.web.caller import Caller, Profile, Role, Staff
from cloud.web.route import Route
from protocol.ids import FacilityCode
from tests.cloud.api_world import Api, served
from tests.cloud.command_desk import FACILITY, INSURER, Desk

ELSEWHERE = "1310000011"
MARKS = {FACILITY: b"\x01" * 32, ELSEWHERE: b"\x02" * 32}
EXAMPLES = 300 if os.environ.get("SHIKAKU_LONG") else 8
"""An operation; SHIKAKU_LONG=1 takes more."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
QUESTION = {
    "insurer_number": INSURER,
    "symbol": "12",
    "number": "34",
    "birth_date": "1970-01-02",
}


class TwoFacilities:
    """Two certificates, and whoever shows a token is staff in its role."""

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        for code, mark in MARKS.items():
            if mark == fingerprint:
                return Caller(FacilityCode(code), Profile.FULL)
        return None

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        return Staff("a-1", Role.CLINICIAN)


@contextmanager
def interface(desk: Desk, folder: Path) -> Iterator[int]:
    opened: list[Rooms] = []

    def make() -> tuple[TwoFacilities, tuple[Route, ...]]:
        rooms = replace(opened_rooms(load(desk.config)), door=TwoFacilities())
        opened.append(rooms)
        return TwoFacilities(), routes(rooms)

    with served(make, folder, now_ms, renders=RENDERS) as port:
        yield port


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    made.knows()
    return made


@pytest.fixture(scope="module")
def port(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with interface(desk, tmp_path_factory.mktemp("spool")) as running:
        yield running


@pytest.fixture(scope="module")
def api(port: int) -> Api:
    return Api(port, MARKS[FACILITY])


def test_a_number_is_asked_in_the_body_and_answered_with_a_proof(api: Api) -> None:
    answer = api.ask("POST", "/v1/eligibility", QUESTION)
    assert answer.status == 200, answer.body
    said = answer.json
    assert (said["validity"], said["cause"]) == ("1", "")
    assert said["patient"]["birth_date"] == date(1970, 1, 2).isoformat()
    assert len(said["proof"]) >= 100


def test_a_kept_answer_fits_its_proof_and_a_changed_one_does_not(
    api: Api, desk: Desk, tmp_path: Path
) -> None:
    answer = api.ask("POST", "/v1/eligibility", QUESTION)
    number, file = answer.json["proof"], tmp_path / "answer.json"
    file.write_bytes(answer.body)
    assert desk.runs("proof", "verify", number, "--result", str(file))[0] == 0
    changed = answer.body.replace(b'"birth_date":"1970', b'"birth_date":"1971')
    assert changed != answer.body
    file.write_bytes(changed)
    assert desk.runs("proof", "verify", number, "--result", str(file))[0] == 1


def test_what_is_not_found_comes_with_its_cause_and_is_watched(api: Api) -> None:
    said = api.ask("POST", "/v1/eligibility", {**QUESTION, "number": "35"}).json
    assert (said["validity"], said["patient"], said["watched"]) == ("4", None, True)
    assert said["advice"]["staff"]["ja"]
    assert said["handle"]


def test_every_inquiry_is_a_row_of_the_audit_log(api: Api, desk: Desk) -> None:
    api.ask("POST", "/v1/eligibility", QUESTION)
    shown = desk.runs("audit", "show", "--facility", FACILITY, "--json")[1]
    rows = [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
    assert "inquiry" in shown
    assert desk.runs("audit", "verify")[0] == 0
    assert "1970-01-02" not in json.dumps(rows)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/eligibility/0198-nobody/again"),
        ("DELETE", "/v1/eligibility/0198-nobody"),
        ("GET", "/v1/visits/0198-nobody/records"),
    ],
)
def test_a_handle_of_nobody_is_not_there(port: int, method: str, path: str) -> None:
    answer = Api(port, MARKS[ELSEWHERE], "token").ask(method, path)
    assert (answer.status, answer.json["code"]) == (404, "A905")


def test_the_catalogue_is_there_for_everybody(port: int) -> None:
    every = Api(port).ask("GET", "/v1/codes").json["codes"]
    one = Api(port).ask("GET", "/v1/codes/A901").json
    assert one in every
    assert Api(port).ask("GET", "/v1/codes/X999").status == 404
    assert Api(port).ask("GET", "/readyz").json == {"status": "ready"}


# -- the description -------------------------------------------------------------------
@pytest.fixture(scope="module")
def described(port: int) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")


def walk(
    described: schemathesis.BaseSchema, headers: dict[str, str], *extra: CheckFunction
) -> None:
    """Every operation, with what fits its description and with what does not."""
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        strategies = [operation.as_strategy(mode) for mode in GenerationMode]

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(case=st.one_of(strategies))
        def holds(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=[*CHECKS, *extra])

        holds()


def refuses_strangers(
    _context: CheckContext, response: Response, case: schemathesis.Case[Any]
) -> None:
    if case.operation.definition.raw["security"]:
        assert response.status_code == 401


def test_whatever_a_facility_sends_the_description_holds(
    described: schemathesis.BaseSchema, api: Api
) -> None:
    walk(described, {**api.headers(), "Authorization": "Bearer x"})


def test_whatever_a_stranger_sends_the_description_holds(
    described: schemathesis.BaseSchema,
) -> None:
    walk(described, {}, refuses_strangers)
