"""Bounds of the facilities' interface: what is refused, how, and before what."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.web.caller import Caller, Right, Role, Staff
from cloud.web.patience import Patience
from cloud.web.problem import ProblemDetails
from cloud.web.route import Call, Problem, Reply, Route, Shape, Upload
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from tests.cloud.api_world import FINGERPRINT, Api, served

HERE = FacilityCode("1310000003")
MARK = b"\x01" * 32
SECRET = "Yamada-Taro-06991004"


class Wish(Shape):
    number: int
    name: str = ""


class Told(Shape):
    number: int


class OneDoor:
    """Knows one facility; nobody has signed in."""

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        return Caller(HERE) if fingerprint == MARK else None

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        return None


def crash(_call: Call) -> Reply:
    raise RuntimeError(SECRET)


def keep(call: Call) -> Reply:
    assert call.upload is not None
    return Reply(Told(number=call.upload.stat().st_size))


def double(call: Call) -> Reply:
    assert isinstance(call.body, Wish)
    if call.body.number < 0:
        raise Problem(409, Code.WRONG_STATE, "number")
    return Reply(Told(number=2 * call.body.number))


XML = Upload(("application/xml",), 100_000)
ROUTES = (
    Route("POST", "/double", Right.ASK, double, "twice", body=Wish, reply=Told),
    Route("GET", "/read", Right.READ_RECORDS, crash, "never"),
    Route("GET", "/crash", Right.ASK, crash, "breaks"),
    Route("POST", "/keep", Right.ASK, keep, "size", upload=XML, reply=Told),
)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    spool = tmp_path_factory.mktemp("spool")
    with served(
        lambda: (OneDoor(), ROUTES),
        spool,
        lambda: 0,
        body_s=0.5,
        patience=Patience(idle_s=1.0),
    ) as running:
        yield running
    assert list(spool.iterdir()) == []


@pytest.fixture
def api(port: int) -> Api:
    return Api(port, MARK)


def refused(api: Api, status: int, code: Code, *asked: object) -> ProblemDetails:
    answer = api.ask(*asked)  # type: ignore[arg-type]
    assert answer.status == status, answer.body
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = ProblemDetails.model_validate_json(answer.body)
    assert (said.status, said.code) == (status, code)
    assert said.type.endswith(code.value)
    return said


def test_a_good_question_is_answered_and_kept_out_of_caches(api: Api) -> None:
    answer = api.ask("POST", "/double", {"number": 21})
    assert (answer.status, answer.json) == (200, {"number": 42})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_stranger_is_refused_before_a_byte_of_the_body_is_read(port: int) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.putrequest("POST", "/double")
    line.putheader("Content-Type", "application/json")
    line.putheader("Content-Length", "30000")
    line.endheaders()
    answer = line.getresponse()
    assert answer.status == 401
    assert json.loads(answer.read())["code"] == "A901"
    line.close()


def test_a_certificate_of_nobody_is_a_stranger(port: int) -> None:
    refused(Api(port, b"\x02" * 32), 401, Code.FACILITY_UNKNOWN, "GET", "/crash")


def test_a_token_that_does_not_live_is_refused_even_where_none_is_needed(
    port: int,
) -> None:
    api = Api(port, MARK, "x" * 40)
    refused(api, 401, Code.SIGN_IN_NEEDED, "POST", "/double", {"number": 1})
    refused(Api(port, MARK, "x" * 400), 401, Code.SIGN_IN_NEEDED, "GET", "/crash")


def test_records_need_somebody_who_signed_in(api: Api) -> None:
    refused(api, 401, Code.SIGN_IN_NEEDED, "GET", "/read")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"number":1,"number":2}', "body"),
        (b'{"number":NaN}', "body"),
        (b"[" * 30_000, "body"),
        (b'{"number":"1"}', "number"),
        (b'{"number":true}', "number"),
        (b'{"number":1,"' + SECRET.encode() + b'":1}', "body"),
        (b"\xff\xfe", "body"),
        (b"", "body"),
        (b'{"number":1}garbage', "body"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_its_place(
    api: Api, body: bytes, place: str
) -> None:
    media = {"Content-Type": "application/json"}
    said = refused(api, 400, Code.INPUT_UNREADABLE, "POST", "/double", body, media)
    assert place in said.detail
    assert SECRET not in said.model_dump_json()


def test_a_name_that_comes_twice_in_the_query_is_refused(api: Api) -> None:
    refused(api, 400, Code.INPUT_UNREADABLE, "GET", "/crash?a=1&a=2")
    said = refused(api, 400, Code.INPUT_UNREADABLE, "GET", f"/crash?{SECRET}=1")
    assert SECRET not in said.model_dump_json()


def test_another_media_type_is_refused(api: Api) -> None:
    media = {"Content-Type": "text/plain"}
    refused(api, 415, Code.MEDIA_TYPE, "POST", "/double", b"{}", media)
    refused(api, 415, Code.MEDIA_TYPE, "POST", "/keep", b"{}", media)


def test_an_oversized_body_is_refused_declared_or_not(api: Api) -> None:
    media = {"Content-Type": "application/json"}
    big = b'{"number":1,"name":"' + b"a" * 70_000 + b'"}'
    refused(api, 413, Code.INPUT_TOO_LARGE, "POST", "/double", big, media)
    line = http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    chunks = iter([big[:40_000], big[40_000:]])
    line.request(
        "POST", "/double", chunks, {**api.headers(), **media}, encode_chunked=True
    )
    assert line.getresponse().status == 413
    line.close()


def test_an_upload_is_spooled_to_its_limit_and_no_further(api: Api) -> None:
    media = {"Content-Type": "application/xml"}
    whole = api.ask("POST", "/keep", b"x" * 100_000, media)
    assert whole.json == {"number": 100_000}
    refused(api, 413, Code.INPUT_TOO_LARGE, "POST", "/keep", b"x" * 100_001, media)


def test_a_body_that_does_not_come_is_a_refusal(api: Api) -> None:
    line = http.client.HTTPConnection("127.0.0.1", api.port, timeout=5)
    line.putrequest("POST", "/double")
    for name, value in {**api.headers(), "Content-Type": "application/json"}.items():
        line.putheader(name, value)
    line.putheader("Content-Length", "12")
    line.endheaders(b'{"num')
    answer = line.getresponse()
    assert answer.status == 408
    assert json.loads(answer.read())["code"] == "A910"
    line.close()


def drip(line: socket.socket) -> None:
    for _ in range(40):
        line.sendall(b"A: b\r\n")
        time.sleep(0.1)


def test_a_head_that_never_ends_is_cut(port: int) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=6) as slow:
        slow.sendall(b"GET /crash HTTP/1.1\r\nHost: x\r\n")
        with pytest.raises(ConnectionError):
            drip(slow)
    assert time.monotonic() - begun < 5


def test_a_slow_client_holds_up_nobody(api: Api, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as slow:
        head = f"POST /double HTTP/1.1\r\nHost: x\r\n{FINGERPRINT}: {MARK.hex()}\r\n"
        slow.sendall(f"{head}Content-Length: 9\r\n\r\n".encode())
        assert api.ask("POST", "/double", {"number": 1}).status == 200


def test_no_more_connections_than_there_is_room_for(tmp_path: Path) -> None:
    narrow = Patience(connections=3)
    with served(lambda: (OneDoor(), ROUTES), tmp_path, lambda: 0, patience=narrow) as p:
        held = [socket.create_connection(("127.0.0.1", p)) for _ in range(3)]
        time.sleep(0.1)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            Api(p, MARK).ask("POST", "/double", {"number": 1})
        for one in held:
            one.close()
        time.sleep(0.1)
        assert Api(p, MARK).ask("POST", "/double", {"number": 1}).status == 200


def test_a_handler_that_breaks_says_nothing_of_why(
    api: Api, capfd: pytest.CaptureFixture[str]
) -> None:
    said = refused(api, 500, Code.INTERNAL, "GET", "/crash")
    assert SECRET not in said.model_dump_json()
    out, err = capfd.readouterr()
    assert SECRET not in out + err


def test_a_path_that_is_not_there_and_a_method_that_is_not(api: Api) -> None:
    refused(api, 404, Code.NOT_THERE, "GET", "/nothing")
    answer = api.ask("GET", "/double")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert answer.json["code"] == "A905"


def test_a_refusal_of_the_room_carries_its_place(api: Api) -> None:
    said = refused(api, 409, Code.WRONG_STATE, "POST", "/double", {"number": -1})
    assert said.detail == "number"


def test_every_role_is_known_to_the_table() -> None:
    assert {role.value for role in Role} == {"reception", "clinician", "administrator"}
