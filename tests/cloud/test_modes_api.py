"""Modes over HTTP: as a clinic's computer, a PC at a counter and a phone meet them."""

import base64
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.facility_life import SqlLife
from cloud.adapters.sql.registry import SqlRegistry
from cloud.api import opened_rooms, routes
from cloud.config import load
from cloud.console import today
from cloud.facilities.life import FacilityLife
from cloud.facilities.place import Facility
from cloud.facilities.place import Profile as Kind
from cloud.facilities.terms import TERMS, Setting
from cloud.registry.service import Record
from cloud.web.caller import Caller, Profile, Role, Staff
from cloud.web.route import Route
from cloud.web.routes.online import read
from device.uplink.channel import Channel, Identity
from protocol.activation import activation_code, ask_to_sign
from protocol.codec import encode
from protocol.codes import Decision
from protocol.ids import FacilityCode, reader_id
from protocol.keys import CloudPublic, SoftwareSigner, spki
from protocol.messages import ConsentDecision, VerificationAnswer
from protocol.online import OnlinePresentation, ticket_hash
from protocol.online import encode as presented
from tests.cloud.api_world import Answer, Api, served
from tests.cloud.command_desk import FACILITY, MARK, Desk
from tests.cloud.world import (
    Card,
    authority,
    body,
    card,
    insurance,
    person,
    request_id,
    signed,
)

ELSEWHERE, SMALL = "1310000011", "1310000029"
MARKS = {FACILITY: b"\x01" * 32, ELSEWHERE: b"\x02" * 32, SMALL: b"\x03" * 32}
ROLES = {"r": Role.RECEPTION, "c": Role.CLINICIAN, "a": Role.ADMINISTRATOR}
SEARCH = {
    "name_kana": "ｼｹﾝ ﾊﾅｺ",
    "birth_date": "1970-01-02",
    "sex": "2",
    "reason": "停電でカードを読めない",
}


class ThreeFacilities:
    """The token's first letter is the role: what stands behind the door is tested."""

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        for code, mark in MARKS.items():
            if mark == fingerprint:
                small = code == SMALL
                profile = Profile.ELIGIBILITY_ONLY if small else Profile.FULL
                return Caller(FacilityCode(code), profile)
        return None

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        for letter, role in ROLES.items():
            if hashlib.sha256(letter.encode()).digest() == token_hash:
                return Staff(f"{role}-1", role)
        return None


@contextmanager
def interface(desk: Desk, folder: Path) -> Iterator[int]:
    def make() -> tuple[ThreeFacilities, tuple[Route, ...]]:
        rooms = replace(opened_rooms(load(desk.config)), door=ThreeFacilities())
        return ThreeFacilities(), routes(rooms)

    with served(make, folder, now_ms) as port:
        yield port


@pytest.fixture(scope="module")
def mine() -> Card:
    return card()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, mine: Card) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    pem = authority().public_bytes(Encoding.PEM)
    (made.config.parent / "ca.pem").write_bytes(pem)
    with closing(connect(made.file)) as database:
        who = person(insurances=(insurance(),))
        SqlRegistry(database).put([Record(MARK, who, (mine.link,))])
    return made


@pytest.fixture(scope="module")
def port(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with interface(desk, tmp_path_factory.mktemp("spool")) as running:
        yield running


def at(port: int, role: str = "", facility: str = FACILITY) -> Api:
    return Api(port, MARKS[facility], role)


def code_of(answer: Answer) -> tuple[int, str]:
    return answer.status, str(answer.json["code"])


def settled() -> None:
    """Until a mode that was approved just now is open."""
    time.sleep(2.1)


# -- outage and disaster -----------------------------------------------------------
def test_an_outage_from_asking_to_its_end(port: int, desk: Desk) -> None:
    desk_1, nobody = at(port, "r"), at(port)
    reason = {"reason": "回線障害でカードを読めない"}
    assert code_of(nobody.ask("POST", "/v1/modes/outages", reason)) == (401, "A902")
    assert code_of(desk_1.ask("POST", "/v1/modes/search", SEARCH)) == (409, "E402")
    asked = desk_1.ask("POST", "/v1/modes/outages", reason)
    assert (asked.status, asked.json["state"]) == (201, "asked")
    handle = asked.json["id"]
    alone = ("mode", "outage", "approve", handle, "--by", "reception-1")
    code, _, said = desk.runs(*alone)
    assert (code, said.split()[0]) == (1, "E403")
    approved = ("mode", "outage", "approve", handle, "--by", "op-1", "--hours", "1")
    assert desk.runs(*approved)[0] == 0
    settled()
    assert desk_1.ask("GET", "/v1/modes").json["mode"] == "outage"
    found = desk_1.ask("POST", "/v1/modes/search", SEARCH)
    assert found.status == 200, found.body
    assert (found.json["mode"], found.json["validity"]) == ("outage", "1")
    words = {"decisions": {"operation": "granted"}}
    path = f"/v1/modes/cases/{found.json['case']}/spoken"
    assert code_of(at(port, "c").ask("POST", path, words)) == (409, "E402")
    other = at(port, "r", ELSEWHERE)
    assert other.ask("GET", "/v1/modes/outages").json["outages"] == []
    ended = other.ask("POST", f"/v1/modes/outages/{handle}/end")
    assert code_of(ended) == (404, "A905")
    assert code_of(other.ask("POST", "/v1/modes/search", SEARCH)) == (409, "E402")
    number = {"insurer_number": "99130015", "number": "1", "birth_date": "1970-01-02"}
    by_number = desk_1.ask("POST", "/v1/eligibility", number)
    assert by_number.json["mode"] == "outage"
    mine = desk_1.ask("POST", f"/v1/modes/outages/{handle}/end")
    assert mine.json["state"] == "ended"
    assert code_of(desk_1.ask("POST", "/v1/modes/search", SEARCH)) == (409, "E402")
    uses = json.loads(desk.runs("mode", "uses", "--json")[1])
    assert {one["staff"] for one in uses} == {"reception-1"}


def test_a_disaster_from_opening_to_records_and_its_end(port: int, desk: Desk) -> None:
    days = ("--first", "2026-01-01", "--last", "2026-01-20")
    where = ("--prefecture", FACILITY[:2], "--reason", "地震による被害")
    begun = desk.runs("mode", "disaster", "open", *where, *days, "--by", "op-1")
    assert begun[0] == 1, "those days are over"
    days = ("--first", str(today()), "--last", str(today() + timedelta(days=1)))
    opening = ("mode", "disaster", "open", *where, *days, "--by", "op-1", "--json")
    handle = json.loads(desk.runs(*opening)[1])["id"]
    admit = ("mode", "disaster", "approve", handle, "--by")
    assert desk.runs(*admit, "op-1")[0] == 1
    assert desk.runs(*admit, "op-2")[0] == 0
    settled()
    nurse, doctor = at(port, "r"), at(port, "c")
    found = nurse.ask("POST", "/v1/modes/search", SEARCH).json
    assert found["mode"] == "disaster"
    records = f"/v1/visits/{found['case']}/records"
    assert code_of(doctor.ask("GET", records)) == (404, "A905")
    path = f"/v1/modes/cases/{found['case']}/spoken"
    words = {"decisions": {"diagnosis_and_drugs": "granted", "operation": "refused"}}
    assert code_of(nurse.ask("POST", path, words)) == (403, "A903")
    odd = {"decisions": {"no such item": "granted"}}
    assert code_of(doctor.ask("POST", path, odd)) == (422, "E404")
    spoken = doctor.ask("POST", path, words)
    assert spoken.status == 200, spoken.body
    read_now = doctor.ask("GET", records)
    assert read_now.status == 200, read_now.body
    assert read_now.json["mode"] == "disaster"
    opened = [one["item"] for one in read_now.json["opened"]]
    assert opened == ["diagnosis_and_drugs"]
    other = at(port, "c", ELSEWHERE)
    assert code_of(other.ask("GET", records)) == (404, "A905")
    second = nurse.ask("POST", "/v1/modes/search", SEARCH).json["case"]
    asleep = {"items": ["operation"], "reason": "意識障害で応答がない"}
    path = f"/v1/modes/cases/{second}/unconscious"
    assert doctor.ask("POST", path, asleep).json["spoken"] == "unconscious"
    reviews = json.loads(desk.runs("consent", "reviews", "--json")[1])
    assert second in [one["request"] for one in reviews]
    judged = desk.runs(
        *("mode", "review", second, "--verdict", "not_justified", "--by", "rev-1")
    )
    assert judged[0] == 0
    assert desk.runs("mode", "disaster", "close", handle, "--by", "op-3")[0] == 0
    assert code_of(doctor.ask("GET", records)) == (403, "A912")
    assert desk.runs("audit", "verify")[0] == 0


def test_an_eligibility_only_place_searches_and_reads_nothing_else(port: int) -> None:
    small = at(port, "c", SMALL)
    assert small.ask("GET", "/v1/modes").status == 200
    for method, path, what in (
        ("GET", "/v1/visits/0198/records", None),
        (
            "POST",
            "/v1/modes/cases/0198/spoken",
            {"decisions": {"operation": "granted"}},
        ),
    ):
        assert code_of(small.ask(method, path, what)) == (403, "A904")


# -- a PC at a counter -------------------------------------------------------------
def activation(code: str, key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    public = spki(key.public_key())
    facility = FacilityCode(FACILITY)
    proof = SoftwareSigner(key).sign(ask_to_sign(code, facility, public))
    return {
        "facility": FACILITY,
        "code": code,
        "public_key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(proof).decode(),
    }


def test_a_pc_is_bound_asks_and_is_let_go(port: int, mine: Card) -> None:
    admin, nobody = at(port, "a"), Api(port)
    assert code_of(at(port, "r").ask("POST", "/v1/devices/codes")) == (403, "A903")
    made = admin.ask("POST", "/v1/devices/codes")
    assert made.status == 201
    code = activation_code(made.json["code"])
    key = ec.generate_private_key(ec.SECP256R1())
    bound = nobody.ask("POST", "/v1/devices/activation", activation(code, key))
    assert bound.status == 201, bound.body
    again = nobody.ask("POST", "/v1/devices/activation", activation(code, key))
    assert code_of(again) == (403, "E406")
    name = reader_id(bound.json["reader"])
    cloud = CloudPublic.from_dict(bound.json["cloud"])
    channel = Channel(Identity(name, SoftwareSigner(key), cloud), _random)
    asked = signed(
        mine,
        body(
            mine,
            request_id=request_id(now_ms()),
            visit_id=request_id(now_ms()),
            reader_id=name,
            issued_at=now_ms(),
            expires_at=now_ms() + 60_000,
        ),
    )
    sealed, _ = channel.seal(encode(asked), now_ms())
    said = nobody.ask(
        "POST",
        f"/v1/devices/{name}/ask",
        {"envelope": base64.b64encode(sealed).decode()},
    )
    assert said.status == 200, said.body
    answer = channel.open(base64.b64decode(said.json["envelope"]), now_ms())
    assert isinstance(answer, VerificationAnswer)
    assert (answer.outcome, answer.consent_asks) == ("accepted", ())
    assert answer.patient is not None
    listed = admin.ask("GET", "/v1/devices").json["devices"]
    assert [one["reader"] for one in listed] == [name]
    other = at(port, "a", ELSEWHERE)
    assert other.ask("GET", "/v1/devices").json["devices"] == []
    assert code_of(other.ask("DELETE", f"/v1/devices/{name}")) == (404, "A905")
    assert admin.ask("DELETE", f"/v1/devices/{name}").json["revoked_at"]
    assert code_of(admin.ask("DELETE", f"/v1/devices/{name}")) == (409, "A909")


def _random(size: int) -> bytes:
    return os.urandom(size)


@pytest.mark.parametrize("envelope", ["", "AAAA", "!!!", "QQ=="])
def test_junk_from_a_device_gets_a_signed_notice_or_a_problem(
    port: int, envelope: str
) -> None:
    answer = Api(port).ask("POST", "/v1/devices/pc-nobody/ask", {"envelope": envelope})
    assert answer.status in {200, 400}


# -- online care -------------------------------------------------------------------
def test_an_online_visit_from_ticket_to_result(
    port: int, desk: Desk, mine: Card
) -> None:
    clinic, phone = at(port, "r"), Api(port)
    assert code_of(clinic.ask("POST", "/v1/online/tickets")) == (403, "E408")
    _switch_on(desk)
    made = clinic.ask("POST", "/v1/online/tickets")
    assert made.status == 201, made.body
    ticket = {"ticket": made.json["ticket"]}
    asked = phone.ask("POST", "/v1/online/questions", ticket)
    assert asked.json["facility"] == FACILITY
    assert code_of(clinic.ask("POST", "/v1/online/results", ticket)) == (409, "A909")
    shown = OnlinePresentation(
        ticket=ticket_hash(read(ticket["ticket"])),
        facility=FACILITY,
        issued_at=now_ms(),
        expires_at=now_ms() + 60_000,
        certificate=mine.der,
        decisions=(ConsentDecision(item="operation", decision=Decision.GRANTED),),
    )
    what = presented(shown)
    sent = {
        "body": base64.b64encode(what).decode(),
        "card_signature": base64.b64encode(mine.sign(what)).decode(),
    }
    done = phone.ask("POST", "/v1/online/presentations", sent)
    assert done.json == {"outcome": "accepted", "code": ""}
    replayed = phone.ask("POST", "/v1/online/presentations", sent)
    assert code_of(replayed) == (410, "E407")
    other = at(port, "r", ELSEWHERE).ask("POST", "/v1/online/results", ticket)
    assert code_of(other) == (404, "A905")
    found = clinic.ask("POST", "/v1/online/results", ticket)
    assert found.json["patient"]["name_kana"] == "シケン　ハナコ"
    assert code_of(clinic.ask("POST", "/v1/online/results", ticket)) == (410, "E407")
    records = at(port, "c").ask("GET", f"/v1/visits/{found.json['handle']}/records")
    assert records.status == 200, records.body
    assert [one["item"] for one in records.json["opened"]] == ["operation"]


def _switch_on(desk: Desk) -> None:
    with closing(connect(desk.file)) as database:
        life, where = FacilityLife(SqlLife(database)), FacilityCode(FACILITY)
        life.enter(Facility(where, "架空医院", Kind.FULL, FACILITY[:2]))
        setting, now = Setting.ONLINE_CARE, now_ms()
        life.accept(where, setting, TERMS[setting].version, who="a", now_ms=now)
        life.switch(where, setting, on=True, who="a", now_ms=now)


# -- places ------------------------------------------------------------------------
def test_a_place_is_set_by_its_administrator(port: int, desk: Desk) -> None:
    kind = {"kind": "fever_clinic"}
    assert code_of(at(port, "r").ask("PUT", "/v1/places", kind)) == (403, "A903")
    assert at(port, "a").ask("PUT", "/v1/places", kind).status == 200
    said = desk.runs("place", "list", "--facility", FACILITY)[1]
    assert "24 hours" in said
    gone = at(port, "r").ask("POST", "/v1/care/0198/discharge")
    assert code_of(gone) == (404, "A905")
