"""A foreign client, fhirpy, walks the interface over HTTP."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import (
    AuthorizationError,
    ForbiddenError,
    OperationOutcome,
    ResourceNotFound,
)

from cloud.fhir import systems
from cloud.fhir.resource import MEDIA
from cloud.web.caller import Caller, Role, Staff
from cloud.web.guard import Door
from cloud.web.route import Call, Route
from cloud.web.routes import fhir
from protocol.ids import FacilityCode
from tests.cloud.api_world import FINGERPRINT, Api, served
from tests.cloud.fhir_world import BORN, MEMBER, Clinic, clinic
from tests.cloud.records_world import CHECKUP, DRUGS, Shelf, checkup, many_lines
from tests.cloud.world import FACILITY, memory_stores

OURS, OTHERS = b"o" * 32, b"x" * 32
ELSEWHERE = FacilityCode("1310000016")
CLERK, DOCTOR = "clerk", "doctor"


@dataclass(frozen=True)
class Doors:
    """Two facilities, and in one of them a clerk and a doctor."""

    def facility(self, fingerprint: bytes, now_ms: int) -> Caller | None:
        known = {OURS: FACILITY, OTHERS: ELSEWHERE}
        return Caller(known[fingerprint]) if fingerprint in known else None

    def staff(
        self, facility: FacilityCode, token_hash: bytes, now_ms: int
    ) -> Staff | None:
        roles = {CLERK: Role.RECEPTION, DOCTOR: Role.CLINICIAN}
        hashes = {hashlib.sha256(one.encode()).digest(): one for one in roles}
        name = hashes.get(token_hash)
        return Staff(name, roles[name]) if name else None


@pytest.fixture
def desk(tmp_path: Path) -> Clinic:
    made = clinic(Shelf(memory_stores()), tmp_path)
    made.shelf.holds(*many_lines(25), checkup())
    return made


@pytest.fixture
def port(desk: Clinic, tmp_path: Path) -> Iterator[int]:
    def make() -> tuple[Door, tuple[Route, ...]]:
        def base(call: Call) -> str:
            return fhir.address(call, "http")

        return Doors(), fhir.routes(desk.fhir(), "1.0", "2026-06-15", base)

    renders = {MEDIA: fhir.rendered}
    with served(make, tmp_path, lambda: desk.shelf.now, renders=renders) as port:
        yield port


def client(
    port: int, certificate: bytes | None = OURS, token: str = DOCTOR
) -> SyncFHIRClient:
    headers = {FINGERPRINT: certificate.hex()} if certificate else {}
    return SyncFHIRClient(
        f"http://127.0.0.1:{port}/fhir",
        authorization=f"Bearer {token}" if token else None,
        extra_headers=headers,
    )


def asks(way: SyncFHIRClient) -> Any:
    """The answer to a CoverageEligibilityRequest by number and birth date."""
    system, _, value = MEMBER.partition("|")
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "contained": [{"resourceType": "Patient", "id": "p", "birthDate": BORN}],
        "patient": {"reference": "#p"},
        "created": "2026-06-15",
        "insurer": {"display": "as printed"},
        "insurance": [{"coverage": {"identifier": {"system": system, "value": value}}}],
    }
    return way.execute("CoverageEligibilityRequest/$submit", data=request)


def test_a_foreign_client_walks_from_the_number_to_the_drugs(
    port: int, desk: Clinic
) -> None:
    way = client(port)
    described = way.execute("metadata", method="get")
    assert described["resourceType"] == "CapabilityStatement"
    answer = asks(way)
    assert answer.insurance[0].inforce is True
    (named,) = answer.insurance
    coverage = way.reference(reference=named.coverage.reference).to_resource()
    assert coverage.status == "active"
    before = dict(coverage)
    # If-None-Match with its version: 304, and it stays as it was.
    assert dict(coverage.refresh()) == before
    patient = coverage.beneficiary.to_resource()
    assert patient.birthDate == BORN

    desk.shelf.presses(DRUGS, CHECKUP)
    mine = f"Patient/{patient.id}"
    consents = way.resources("Consent").search(patient=mine).fetch_all()
    assert {one.provision.type for one in consents} == {"permit"}
    drugs = way.resources("MedicationStatement").search(patient=mine).limit(10)
    lines = [
        one for one in drugs.fetch_all() if one.resourceType == drugs.resource_type
    ]
    assert len({one.id for one in lines}) == len(lines) == 25
    (pressure,) = way.resources("Observation").search(patient=mine).fetch_all()
    assert pressure.valueQuantity.value == 152
    again = way.reference("Observation", pressure.id).to_resource()
    assert dict(again) == dict(pressure)


def test_a_stranger_and_who_is_not_signed_in_are_turned_away(port: int) -> None:
    with pytest.raises(AuthorizationError) as refused:
        asks(client(port, None, ""))
    said = json.loads(str(refused.value))
    assert said["issue"][0]["details"]["coding"][0]["code"] == "A901"
    with pytest.raises(AuthorizationError):
        client(port, OURS, "").resources("Observation").search(patient="a").fetch()


def test_a_clerk_checks_eligibility_and_reads_no_records(
    port: int, desk: Clinic
) -> None:
    desk.shelf.presses(DRUGS)
    way = client(port, token=CLERK)
    patient = asks(way).patient.reference
    for kind in ("MedicationStatement", "Observation"):
        with pytest.raises(ForbiddenError) as refused:
            way.resources(kind).search(patient=patient).fetch()
        assert "A903" in str(refused.value)


def test_without_consent_it_is_forbidden_with_a_code(port: int) -> None:
    way = client(port)
    patient = asks(way).patient.reference
    with pytest.raises(ForbiddenError) as refused:
        way.resources("MedicationStatement").search(patient=patient).fetch()
    said = json.loads(str(refused.value))
    assert said["issue"][0]["details"]["coding"][0]["code"] == "A912"


def test_another_facility_finds_none_of_our_ids(port: int) -> None:
    answer = asks(client(port))
    other = client(port, OTHERS)
    for reference in (
        answer.patient.reference,
        answer.insurance[0].coverage.reference,
    ):
        with pytest.raises(ResourceNotFound):
            other.reference(reference=reference).to_resource()


def test_a_number_in_a_url_is_refused(port: int) -> None:
    way = client(port)
    with pytest.raises(OperationOutcome) as refused:
        way.resources("Coverage").search(identifier=MEMBER).fetch()
    assert "POST /fhir/Coverage/_search" in str(refused.value)


def test_by_form_with_a_plain_http_client(port: int) -> None:
    """fhirpy searches by GET only; a form is what the standard has for this."""
    api = Api(port, OURS)
    found = requests.post(
        f"{api.url}/fhir/Coverage/_search",
        data={"identifier": MEMBER, "beneficiary.birthdate": BORN},
        headers=api.headers(),
        timeout=10,
    )
    assert found.headers["Content-Type"] == MEDIA
    bundle = found.json()
    made = bundle["entry"][0]["resource"]
    assert made["identifier"][0]["system"] == systems.MEMBER_ID
    read = requests.get(
        bundle["entry"][0]["fullUrl"], headers=api.headers(), timeout=10
    )
    tagged = {**api.headers(), "If-None-Match": read.headers["ETag"]}
    again = requests.get(bundle["entry"][0]["fullUrl"], headers=tagged, timeout=10)
    assert (again.status_code, again.content) == (304, b"")
    assert len(again.headers[fhir.PROOF]) == 150
    assert again.headers[fhir.PROOF] != ""


@pytest.mark.parametrize(
    ("media", "content", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"a" * 9000, 413),
        ("application/x-www-form-urlencoded", b"a=%ff", 400),
        ("application/x-www-form-urlencoded", b"&" * 900, 400),
    ],
)
def test_a_form_that_is_none_is_an_operation_outcome(
    port: int, media: str, content: bytes, status: int
) -> None:
    sent = {"Content-Type": media}
    found = Api(port, OURS).ask("POST", "/fhir/Coverage/_search", content, sent)
    assert found.status == status
    assert found.headers["Content-Type"] == MEDIA
    assert found.json["resourceType"] == "OperationOutcome"


def test_xml_is_406(port: int) -> None:
    api = Api(port)
    found = api.ask("GET", "/fhir/metadata", None, {"Accept": "application/fhir+xml"})
    assert (found.status, found.json["resourceType"]) == (406, "OperationOutcome")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir/Immunization", 404),
        ("GET", "/fhir/Coverage/1/history", 404),
        ("PUT", "/fhir/Coverage/1", 405),
        ("DELETE", "/fhir/Consent/1", 405),
        ("POST", "/fhir/Consent", 405),
    ],
)
def test_what_is_not_done_here_is_an_operation_outcome_too(
    port: int, method: str, path: str, status: int
) -> None:
    found = Api(port, OURS).ask(method, path)
    assert found.status == status
    assert found.headers["Content-Type"] == MEDIA
    assert found.json["issue"][0]["details"]["coding"][0]["code"] == "A905"
