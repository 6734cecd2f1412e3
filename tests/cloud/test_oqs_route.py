"""A request file over HTTP: the handler alone, with real answers behind it."""

from pathlib import Path

import pytest

from cloud.web.caller import Caller, Profile, Role, Staff
from cloud.web.route import Call, Nothing, Problem, Reply, Route
from cloud.web.routes.oqs import routes
from protocol.catalogue import Code
from protocol.oqs.document import parse
from tests.cloud.bulk_world import row, searches
from tests.cloud.oqs_world import ReceiptComputer, asked, file, records_file
from tests.cloud.records_world import DRUGS, line
from tests.cloud.world import FACILITY, memory_stores

RECEIPT_COMPUTER = Caller(FACILITY)
CLINICIAN = Staff("doctor", Role.CLINICIAN)
RECEPTION = Staff("desk", Role.RECEPTION)


@pytest.fixture
def clinic(tmp_path: Path) -> ReceiptComputer:
    made = ReceiptComputer(memory_stores(), tmp_path / "clinic")
    made.shelf.holds(line())
    made.shelf.presses(DRUGS)
    return made


def ways(clinic: ReceiptComputer) -> dict[str, Route]:
    return {one.method: one for one in routes(clinic.desk)}


def post(
    clinic: ReceiptComputer,
    content: bytes,
    name: str = "OQSsiquc01req_1.xml",
    caller: Caller = RECEIPT_COMPUTER,
    key: str = "",
) -> Reply:
    spooled = clinic.folder / "spooled"
    spooled.write_bytes(content)
    told = {"x-shikaku-file": name, "idempotency-key": key}
    now = clinic.shelf.now
    call = Call(caller, {}, Nothing(), Nothing(), now, told, spooled)
    return ways(clinic)["POST"].handler(call)


def test_the_certificates_facility_is_answered(clinic: ReceiptComputer) -> None:
    reply = post(clinic, file(asked()))
    assert reply.headers["x-shikaku-file"] == "OQSsiquc01res_1.xml"
    assert "x-shikaku-code" not in reply.headers
    assert reply.media == "application/xml"
    assert isinstance(reply.body, bytes)
    found = parse(reply.body, limit=1 << 20)
    assert found.body.get("QualificationValidity") == "1"


def test_a_refused_file_is_an_answer_with_its_code_in_a_header(
    clinic: ReceiptComputer,
) -> None:
    reply = post(clinic, b"<XmlMsg>")
    assert (reply.status, reply.headers["x-shikaku-code"]) == (200, "B151")


@pytest.mark.parametrize(
    "name",
    ["", "../OQSsiquc01req_1.xml", "OQSsiquc01res_1.xml", "x", "OQSsiquc01req_/"],
)
def test_a_name_with_path_parts_is_a_problem_that_does_not_repeat_it(
    clinic: ReceiptComputer, name: str
) -> None:
    with pytest.raises(Problem) as caught:
        post(clinic, file(asked()), name)
    assert (caught.value.status, caught.value.code) == (400, "B150")
    assert name not in caught.value.detail or not name


@pytest.mark.parametrize("key", ["short", "x" * 65, "../../../../etc/passwd"])
def test_a_key_that_is_none_is_a_problem(clinic: ReceiptComputer, key: str) -> None:
    with pytest.raises(Problem) as caught:
        post(clinic, file(asked()), key=key)
    assert caught.value.status == 400


def test_an_upload_with_a_key_is_taken_once(clinic: ReceiptComputer) -> None:
    content = file(*searches([row(1)]))
    bodies = [
        post(clinic, content, "OQSmuquc01req_1.xml", key="k" * 32).body
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1]
    assert len(clinic.room.bulk.jobs(FACILITY, clinic.shelf.now)) == 1


@pytest.mark.parametrize(
    ("caller", "code"),
    [
        (Caller(FACILITY), Code.SIGN_IN_NEEDED),
        (Caller(FACILITY, staff=RECEPTION), Code.NOT_YOUR_ROLE),
        (Caller(FACILITY, Profile.ELIGIBILITY_ONLY, CLINICIAN), Code.NOT_IN_PROFILE),
        (Caller(FACILITY, staff=CLINICIAN), None),
    ],
)
def test_records_by_file_need_what_records_need(
    clinic: ReceiptComputer, caller: Caller, code: Code | None
) -> None:
    """The rule of cloud/web/caller.py: a second factor and a role, then a consent."""
    reply = post(clinic, records_file(), "YZKsiquc01req_1.xml", caller)
    assert reply.headers.get("x-shikaku-code") == code
    assert bool(code) == (b"MeTrMonthInf" not in (reply.body or b""))  # type: ignore[operator]


def test_the_kinds_are_told(clinic: ReceiptComputer) -> None:
    call = Call(Caller(FACILITY), {}, Nothing(), Nothing(), clinic.shelf.now)
    reply = ways(clinic)["GET"].handler(call)
    assert "OQSmuhvq02" in str(reply.body)
