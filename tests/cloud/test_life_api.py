"""Facility life over HTTP: from the first account to the QR code, and the refusals."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cloud.accounts.model import IDLE_MS, Role
from cloud.accounts.service import Accounts
from cloud.adapters.sql.connect import connect
from cloud.api_life import life_routes
from cloud.config import load
from cloud.eligibility.watch import Notice, NoticeKind, Target, begun
from cloud.facilities.ladder import BY_FACILITY, Move
from cloud.facilities.life import FacilityLife
from cloud.keyring import accounts_key
from cloud.main import Stores, committing, open_database, sql_stores
from cloud.web.door import RegisteredDoor
from cloud.web.route import Call, Nothing, Problem, Route
from cloud.web.routes.about import described
from cloud.web.routes.eligibility import handle_of
from cloud.web.routes.facility import OwnMove
from protocol.ids import FacilityCode, RequestId
from tests.cloud.accounts_world import PASSWORD, QUICK, STEP_MS, Phone
from tests.cloud.api_world import Answer, Api, served
from tests.cloud.command_desk import INSURER, Desk
from tests.cloud.test_facility_life import CLINIC, INSTALLED, NOW, client
from tests.cloud.world import AUDIT_SECRET

HERE = FacilityCode("1310000008")
ELSEWHERE = FacilityCode("1310000016")
MARKS = {HERE: client(b"here", days=50), ELSEWHERE: client(b"else", facility=ELSEWHERE)}
EXAMPLES = 150 if os.environ.get("SHIKAKU_LONG") else 3
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
START = NOW - 100 * STEP_MS


class Clinic:
    """A cloud with two facilities, its clock, and the staff of one."""

    def __init__(self, desk: Desk) -> None:
        self.now = NOW
        self.desk = desk
        self.config = load(desk.config)
        self.port = 0
        self.phones: dict[str, Phone] = {}
        with closing(connect(desk.file)) as database:
            stores = sql_stores(database, AUDIT_SECRET)
            life = FacilityLife(stores.life)
            for code in MARKS:
                life.enter(replace(CLINIC, code=code))
                life.register(MARKS[code])
            for move in INSTALLED:
                life.move(HERE, move, who="operator kuma", now_ms=START)
            staff = Accounts(stores.accounts, accounts_key(self.config), cost=QUICK)
            for role in Role:
                self.phones[role] = enrolled(staff, role)

    def routes(self) -> tuple[RegisteredDoor, tuple[Route, ...]]:
        database = open_database(self.config)
        stores = sql_stores(database, AUDIT_SECRET)
        commit = committing(database, stores.audit)
        made = life_routes(stores, commit, self.config, QUICK)
        found = RegisteredDoor(FacilityLife(stores.life), Accounts(stores.accounts))
        return found, described(made, "0")

    def api(self, code: FacilityCode = HERE, token: str = "") -> Api:
        return Api(self.port, MARKS[code].fingerprint, token)

    def signs_in(self, role: Role) -> Api:
        """After the code of an earlier time: each works once."""
        self.now += STEP_MS
        answer = self.tries(role, self.phones[role].code(self.now))
        assert answer.status == 200, answer.body
        return self.api(token=answer.json["token"])

    def tries(self, role: Role, code: str, password: str = PASSWORD) -> Answer:
        factors = [
            {"method": "1-01", "value": password},
            {"method": "3-02", "value": code},
        ]
        body = {"account": role.value, "factors": factors}
        return self.api().ask("POST", "/v1/sign-in", body)


def enrolled(staff: Accounts, role: Role) -> Phone:
    secret = staff.add(HERE, role.value, role, "架空　職員", START).secret
    uri = staff.begin_enrolment(HERE, role.value, secret, PASSWORD, START)
    phone = Phone(uri)
    staff.finish_enrolment(HERE, role.value, secret, phone.code(START), START)
    return phone


@contextmanager
def open_clinic(folder: Path) -> Iterator[Clinic]:
    made = Clinic(Desk(folder))
    made.desk.knows()
    with served(made.routes, folder, lambda: made.now) as port:
        made.port = port
        yield made


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with open_clinic(tmp_path_factory.mktemp("clinic")) as made:
        yield made


@pytest.fixture
def administrator(clinic: Clinic) -> Api:
    return clinic.signs_in(Role.ADMINISTRATOR)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["code"]


# -- sign-in ------------------------------
def test_the_facilitys_certificate_alone_does_not_manage(clinic: Clinic) -> None:
    assert refused(clinic.api().ask("GET", "/v1/facility/accounts")) == (401, "A902")


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.CLINICIAN])
def test_only_administrators_manage(clinic: Clinic, role: Role) -> None:
    staff = clinic.signs_in(role)
    assert refused(staff.ask("GET", "/v1/facility/accounts")) == (403, "A903")


def test_a_certificate_that_is_over_signs_nobody_in(clinic: Clinic) -> None:
    before = clinic.now
    clinic.now = MARKS[HERE].not_after + 1
    try:
        found = refused(clinic.tries(Role.RECEPTION, "000000"))
    finally:
        clinic.now = before
    assert found == (401, "A901")


def test_a_wrong_factor_is_not_named(clinic: Clinic) -> None:
    clinic.now += STEP_MS
    code = clinic.phones[Role.CLINICIAN].code(clinic.now)
    wrong = clinic.tries(Role.CLINICIAN, code, "another sentence")
    other = clinic.tries(Role.CLINICIAN, "000000")
    assert refused(wrong) == refused(other) == (403, "A911")
    assert wrong.body == other.body


def test_two_factors_of_one_kind_are_refused_by_name(clinic: Clinic) -> None:
    factors = [{"method": "1-01", "value": "x"}, {"method": "1-02", "value": "1"}]
    body = {"account": "reception", "factors": factors}
    assert refused(clinic.api().ask("POST", "/v1/sign-in", body)) == (400, "L205")


def test_a_used_code_does_not_sign_in_again(clinic: Clinic) -> None:
    clinic.signs_in(Role.RECEPTION)
    again = clinic.tries(Role.RECEPTION, clinic.phones[Role.RECEPTION].code(clinic.now))
    assert refused(again) == (403, "A911")


def test_signed_out_or_idle_a_token_is_over(clinic: Clinic) -> None:
    one, other = (clinic.signs_in(Role.ADMINISTRATOR) for _ in range(2))
    assert one.ask("POST", "/v1/sign-out").status == 204
    assert refused(one.ask("GET", "/v1/facility")) == (401, "A902")
    assert other.ask("GET", "/v1/facility").status == 200
    clinic.now += IDLE_MS
    assert refused(other.ask("GET", "/v1/facility")) == (401, "A902")


def test_a_token_is_refused_with_another_facilitys_certificate(
    clinic: Clinic, administrator: Api
) -> None:
    stolen = clinic.api(ELSEWHERE, administrator.token)
    assert refused(stolen.ask("GET", "/v1/facility")) == (401, "A902")


def test_from_an_invitation_to_the_first_sign_in(
    clinic: Clinic, administrator: Api
) -> None:
    body = {"account": "n-new", "role": "reception", "name": "新人"}
    made = administrator.ask("POST", "/v1/facility/accounts", body)
    assert made.status == 201
    again = administrator.ask("POST", "/v1/facility/accounts", body)
    assert refused(again) == (409, "L209")
    who = {"account": "n-new", "secret": made.json["secret"]}
    api = clinic.api()
    weak = api.ask("POST", "/v1/enrolment", {**who, "password": "short"})
    assert refused(weak) == (400, "L208")
    begun_ = api.ask("POST", "/v1/enrolment", {**who, "password": PASSWORD})
    phone = Phone(begun_.json["uri"])
    assert "</svg>" in begun_.json["qr_svg"]
    code = phone.code(clinic.now)
    confirmed = api.ask("POST", "/v1/enrolment/confirm", {**who, "code": code})
    assert confirmed.status == 204
    used = api.ask("POST", "/v1/enrolment", {**who, "password": PASSWORD})
    assert refused(used) == (403, "L207")
    clinic.now += STEP_MS
    factors = [
        {"method": "3-02", "value": phone.code(clinic.now)},
        {"method": "1-01", "value": PASSWORD},
    ]
    signed = api.ask("POST", "/v1/sign-in", {"account": "n-new", "factors": factors})
    assert signed.status == 200
    gone = clinic.signs_in(Role.ADMINISTRATOR)
    assert gone.ask("DELETE", "/v1/facility/accounts/n-new").status == 204
    token = signed.json["token"]
    assert refused(clinic.api(token=token).ask("GET", "/v1/facility")) == (401, "A902")


def test_many_tries_are_paused_and_the_administrator_reopens(clinic: Clinic) -> None:
    found = [refused(clinic.tries(Role.CLINICIAN, "000000")) for _ in range(6)]
    assert found[-1] == (429, "L206")
    administrator = clinic.signs_in(Role.ADMINISTRATOR)
    path = "/v1/facility/accounts/clinician/reopen"
    assert administrator.ask("POST", path).status == 204
    clinic.signs_in(Role.CLINICIAN)


def test_accounts_from_a_file_first_rehearsed(administrator: Api) -> None:
    csv = {"Content-Type": "text/csv"}
    data = "account,role,name\nf-one,reception,一\nf-two,nobody,二\n".encode()
    path = "/v1/facility/accounts-file"
    dry = administrator.ask("POST", path + "?dry_run=true", data, csv).json
    assert (dry["new"], dry["invitations"]) == (1, [])
    assert [(one["line"], one["code"]) for one in dry["faults"]] == [(3, "L213")]
    first = administrator.ask("POST", path, data, csv).json
    assert [one["account"] for one in first["invitations"]] == ["f-one"]
    second = administrator.ask("POST", path, data, csv).json
    assert (second["new"], second["same"], second["invitations"]) == (0, 1, [])
    listed = administrator.ask("GET", "/v1/facility/accounts").json["accounts"]
    states = {one["account"]: one["state"] for one in listed}
    assert (states["f-one"], states["administrator"]) == ("invited", "enrolled")
    assert "secret" not in str(listed)


def test_the_last_administrator_is_not_disabled(administrator: Api) -> None:
    path = "/v1/facility/accounts/administrator"
    assert refused(administrator.ask("DELETE", path)) == (409, "L210")


# -- the place ------------------------------
def test_a_facility_sees_itself_only(clinic: Clinic) -> None:
    here, there = clinic.api(), clinic.api(ELSEWHERE)
    assert here.ask("GET", "/v1/facility").json["code"] == HERE
    assert there.ask("GET", "/v1/facility").json["code"] == ELSEWHERE
    assert there.ask("GET", "/v1/facility/history").json == {"steps": []}
    prints = {
        one.ask("GET", "/v1/facility/certificates").json["certificates"][0][
            "fingerprint"
        ]
        for one in (here, there)
    }
    assert prints == {one.fingerprint.hex() for one in MARKS.values()}


def test_own_moves_are_those_of_the_ladder() -> None:
    own = {Move(one.value) for one in OwnMove}
    assert own == BY_FACILITY - {Move.ENTER_START}


def test_the_start_day_is_entered_and_todays_begins_at_once(
    clinic: Clinic, administrator: Api
) -> None:
    def enter(day: str) -> Answer:
        return administrator.ask("PUT", "/v1/facility/start-day", {"day": day})

    assert refused(enter("2026-06-14")) == (409, "L202")
    later = enter("2026-07-01").json
    assert (later["state"], later["start_day"]) == ("5", "2026-07-01")
    early = administrator.ask("POST", "/v1/facility/moves", {"move": "apply"})
    assert refused(early) == (409, "A909")
    assert enter("2026-06-15").json["state"] == "6"
    steps = clinic.api().ask("GET", "/v1/facility/history").json["steps"]
    assert [one["who"] for one in steps[-3:]] == [
        "staff administrator",
        "staff administrator",
        "calendar",
    ]
    stopped = administrator.ask("POST", "/v1/facility/moves", {"move": "suspend"})
    assert (stopped.json["state"], stopped.json["start_day"]) == ("5", None)


def test_a_function_is_on_after_its_terms_and_has_a_qr_code(
    clinic: Clinic, administrator: Api
) -> None:
    path, address = "/v1/facility/settings/home_visits", "/v1/facility/addresses/2"
    assert refused(administrator.ask("POST", address)) == (409, "L203")
    assert refused(administrator.ask("PUT", path, {"on": True})) == (409, "L201")
    wrong = administrator.ask("POST", path + "/terms", {"version": "1999"})
    assert refused(wrong) == (409, "L201")
    shown = clinic.api().ask("GET", "/v1/facility/settings").json["settings"][0]
    version = shown["terms"]["version"]
    administrator.ask("POST", path + "/terms", {"version": version})
    on = administrator.ask("PUT", path, {"on": True}).json["settings"][0]
    assert (on["on"], on["accepted_by"]) == (True, "staff administrator")

    made = administrator.ask("POST", address)
    token = made.json["url"].rpartition("/")[2]
    assert (made.status, made.json["generation"]) == (201, 1)
    anybody = Api(clinic.port)
    door_ = anybody.ask("GET", f"/v1/addresses/{token}").json
    assert door_ == {"facility": "架空診療所", "kind": "2"}
    svg = administrator.ask("GET", address + "/qr")
    assert b"</svg>" in svg.body
    png = administrator.ask("GET", address + "/qr", headers={"Accept": "image/png"})
    assert png.body.startswith(b"\x89PNG")

    assert administrator.ask("POST", address).json["generation"] == 2
    old = anybody.ask("GET", f"/v1/addresses/{token}")
    assert refused(old) == (404, "L204")
    assert administrator.ask("DELETE", address).status == 204
    assert refused(administrator.ask("GET", address)) == (404, "A905")


# -- notices ------------------------------
def test_certificates_and_notices_are_shown(clinic: Clinic) -> None:
    def told(stores: Stores) -> None:
        FacilityLife(stores.life).tell_expiries(NOW)
        handle = RequestId("00000000-0000-7000-8000-000000000009")
        from cloud.eligibility.cause import Cause

        watch = begun(HERE, handle, (Target.CARD, "00"), Cause.NUMBER_UNKNOWN, NOW)
        ended = Notice(HERE, handle, NoticeKind.VALID, NOW)
        stores.eligibility.watch(watch)
        stores.eligibility.settle_watches([], [(watch, ended)])

    with closing(connect(clinic.desk.file)) as database:
        told(sql_stores(database, AUDIT_SECRET))
    api = clinic.api()
    (one,) = api.ask("GET", "/v1/facility/certificate-notices").json["notices"]
    assert (one["days"], one["code"]) == (60, "L214")
    (word,) = api.ask("GET", "/v1/facility/notices").json["notices"]
    assert word["kind"] == "valid"
    behind = f"/v1/facility/notices?after={word['number']}"
    assert api.ask("GET", behind).json == {"notices": []}
    there = clinic.api(ELSEWHERE)
    assert there.ask("GET", "/v1/facility/notices").json == {"notices": []}


# -- patient numbers ------------------------------
def test_patient_numbers_are_taken_and_refused_row_by_row(clinic: Clinic) -> None:
    path = "/v1/facility/patient-numbers"
    person = {
        "insurer_number": INSURER,
        "symbol": "12",
        "number": "34",
        "birth_date": "1970-01-02",
    }
    rows = [
        {"person": person, "reference_number": "P-1"},
        {"person": {**person, "number": "35"}, "reference_number": "P-2"},
        {"person": person, "reference_number": "P-3"},
    ]
    taken = clinic.api().ask("POST", path, {"rows": rows}).json
    assert taken == {"results": [None, "R601", "L212"], "taken": 1}
    assert clinic.api().ask("GET", path).json == {"count": 1}
    assert clinic.api(ELSEWHERE).ask("GET", path).json == {"count": 0}
    visit = {"visit": "00000000-0000-7000-8000-000000000001", "reference_number": "1"}
    tapped = clinic.api().ask("POST", path + "/tapped", visit)
    assert refused(tapped) == (404, "A905")
    administrator = clinic.signs_in(Role.ADMINISTRATOR)
    number = {"reference_number": "P-1"}
    assert administrator.ask("POST", path + "/unlink", number).status == 204
    assert refused(administrator.ask("POST", path + "/unlink", number)) == (404, "A905")


@pytest.mark.parametrize("field", ["insurer_number", "symbol", "number", "branch"])
def test_what_no_database_takes_is_refused_at_the_door(
    clinic: Clinic, field: str
) -> None:
    """PostgreSQL has no NUL in text: it would be an error of ours, not theirs."""
    person = {"insurer_number": INSURER, "number": "34", "birth_date": "1970-01-02"}
    row = {"person": {**person, field: "1\x00"}, "reference_number": "P-9"}
    answer = clinic.api().ask("POST", "/v1/facility/patient-numbers", {"rows": [row]})
    assert refused(answer) == (400, "A906")


def test_a_handle_is_printable() -> None:
    call = Call(None, {"handle": "a\x00"}, Nothing(), Nothing(), NOW)
    with pytest.raises(Problem) as problem:
        handle_of(call)
    assert problem.value.status == 404


# -- the description ------------------------------
def test_whatever_an_administrator_sends_the_description_holds(tmp_path: Path) -> None:
    """In a clinic of its own: what is drawn may disable whom it likes."""
    with open_clinic(tmp_path) as clinic:
        url = f"http://127.0.0.1:{clinic.port}/openapi.json"
        schema = schemathesis.openapi.from_url(url)
        headers = clinic.signs_in(Role.ADMINISTRATOR).headers()
        for found in schema.get_all_operations():
            operation = found.ok()  # type: ignore[union-attr]
            if operation.path == "/v1/sign-out":
                continue
            strategies = [operation.as_strategy(mode) for mode in GenerationMode]

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            )
            @given(case=st.one_of(strategies))
            def holds(case: schemathesis.Case) -> None:  # type: ignore[type-arg]
                case.call_and_validate(headers=headers, checks=[*CHECKS])

            holds()
