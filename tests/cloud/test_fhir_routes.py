"""What a facility asks in FHIR, as calls: on every store, failures first."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cloud.audit.model import Kind, details
from cloud.fhir import jp, systems
from cloud.fhir.outcome import outcome
from cloud.main import Stores
from cloud.records.model import CheckupItem, DataType, DrugLine
from cloud.web.route import Problem
from cloud.web.routes.fhir import PROOF, rendered
from protocol import proof
from protocol.catalogue import Code, entry
from protocol.codes import CareKind
from protocol.ids import FacilityCode
from protocol.numbers import check_digit
from tests.cloud.fhir_world import (
    BASE,
    BORN,
    HELD,
    MEMBER,
    Clinic,
    body,
    clinic,
    parsed,
)
from tests.cloud.records_world import (
    CHECKUP,
    DRUGS,
    OPERATION,
    Shelf,
    checkup,
    line,
    many_lines,
)
from tests.cloud.test_audit_chain import KEYS
from tests.cloud.world import DAY_MS, TODAY, insurance, memory_stores, person

ELSEWHERE = FacilityCode("1310000016")
LIMIT = {"url": systems.LIMIT_CONSENT, "valueBoolean": True}


@pytest.fixture
def desk(tmp_path: Path) -> Clinic:
    return clinic(Shelf(memory_stores()), tmp_path)


@pytest.fixture
def kept(stores: Stores, tmp_path: Path) -> Clinic:
    """The same over every store, where what is kept matters."""
    return clinic(Shelf(stores), tmp_path)


def refused(action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as found:
        action()
    said = parsed(rendered(found.value))
    assert said["resourceType"] == "OperationOutcome"
    return found.value


def extension(resource: Any, url: str) -> Any:
    (found,) = (one for one in resource.get("extension", ()) if one["url"] == url)
    return found


# -- Coverage by number --------------------------------------------------------------
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"identifier": MEMBER},
        {"beneficiary.birthdate": BORN},
        {"identifier": MEMBER, "beneficiary.birthdate": "1970"},
        {"identifier": MEMBER, "beneficiary.birthdate": "1970-02-30"},
        {"identifier": MEMBER, "beneficiary.birthdate": "19700102"},
        {"identifier": "99130015:記１２:0034567:01", "beneficiary.birthdate": BORN},
        {"identifier": MEMBER.rstrip(":01"), "beneficiary.birthdate": BORN},
        {"identifier": MEMBER, "beneficiary.birthdate": BORN, "name": "花子"},
    ],
)
def test_a_search_that_names_nobody_wholly_is_refused(
    desk: Clinic, values: dict[str, str]
) -> None:
    problem = refused(lambda: desk.form("/Coverage/_search", values))
    assert (problem.status, problem.code) == (400, Code.INPUT_UNREADABLE)
    assert "34567" not in str(problem)
    assert "花子" not in str(problem)
    assert desk.rows == []


def test_a_name_that_comes_twice_is_refused(desk: Clinic) -> None:
    twice = b"identifier=a&identifier=b&beneficiary.birthdate=1970-01-02"
    assert refused(lambda: desk.post("/Coverage/_search", twice)).status == 400


def test_a_number_in_a_url_is_refused_with_the_way_to_ask(desk: Clinic) -> None:
    problem = refused(lambda: desk.get(f"/Coverage?identifier={MEMBER}"))
    assert problem.status == 400
    assert "POST /fhir/Coverage/_search" in problem.detail
    assert desk.rows == []


@pytest.mark.parametrize(
    "headers",
    [{"accept": "application/fhir+xml"}, {"accept": "text/html, application/xml"}],
)
def test_another_form_than_json_is_406(desk: Clinic, headers: dict[str, str]) -> None:
    problem = refused(lambda: desk.get("/metadata", **headers))
    assert (problem.status, problem.code) == (406, Code.MEDIA_TYPE)
    assert refused(lambda: desk.get("/metadata?_format=xml")).status == 406


@pytest.mark.parametrize(
    "accept", ["*/*", "application/fhir+json; fhirVersion=4.0", "text/html, */*;q=0.1"]
)
def test_json_by_any_of_its_names_is_answered(desk: Clinic, accept: str) -> None:
    assert desk.get("/metadata", accept=accept).status == 200


def test_the_insurance_comes_as_jp_coverage(desk: Clinic) -> None:
    found = desk.searched()
    assert (found["type"], found["total"]) == ("searchset", 1)
    made = found["entry"][0]["resource"]
    assert jp.faults(made) == []
    assert [one["value"] for one in made["identifier"]] == [
        "99130015:記１２:0034567:01",
        '"99130015","記１２","００３４５６７","01"',
    ]
    assert made["status"] == "active"
    assert made["dependent"] == "01"
    assert made["relationship"]["coding"][0]["code"] == "1"
    assert made["period"] == {"start": "2025-04-01"}
    assert made["costToBeneficiary"][0]["valueQuantity"]["value"] == 30
    assert made["contained"][0]["identifier"][0]["value"] == "99130015"
    assert made["subscriber"] == {"display": "試験　太郎"}
    assert found["entry"][0]["fullUrl"] == f"{BASE}/Coverage/{made['id']}"
    # Nobody consented to the limit certificate at this desk.
    assert "A03" not in json.dumps(found, default=str)


def test_who_pays_beside_it_comes_with_it(kept: Clinic) -> None:
    entry = kept.searched()["entry"][1]
    made = entry["resource"]
    assert entry["search"]["mode"] == "include"
    assert (made["order"], made["subscriberId"]) == (1, "1234567")
    assert made["costToBeneficiary"][0]["valueMoney"]["value"] == 5000
    assert body(kept.get(f"/Coverage/{made['id']}"))["order"] == 1


def test_the_csv_identifier_finds_the_same(kept: Clinic) -> None:
    csv = f'{systems.CSV_ID}|"99130015","記１２","３４５６７","01"'
    assert kept.searched(csv)["entry"][0]["resource"]["id"] == kept.coverage()["id"]


@pytest.mark.parametrize(
    ("identifier", "born", "cause"),
    [
        (MEMBER, "1970-01-03", "生年月日"),
        (MEMBER.replace("記", "違"), BORN, "記号"),
        (MEMBER.replace("99130015", "99130016"), BORN, "検証番号"),
    ],
)
def test_who_is_not_found_is_no_error_and_says_why(
    desk: Clinic, identifier: str, born: str, cause: str
) -> None:
    found = desk.searched(identifier, born)
    assert found["total"] == 0
    (entry,) = found["entry"]
    assert entry["search"]["mode"] == "outcome"
    assert cause in entry["resource"]["issue"][0]["diagnostics"]


def test_somebody_on_hold_is_not_shown(stores: Stores, tmp_path: Path) -> None:
    desk = clinic(Shelf(stores), tmp_path)
    known = desk.coverage()["id"]
    desk.shelf.registers(b"one", replace(person(insurances=(HELD,)), hold=True))
    assert desk.searched()["total"] == 0
    assert refused(lambda: desk.get(f"/Coverage/{known}")).status == 404


# -- Coverage by id, and 304 ----------------------------------------------------------
def test_an_id_of_another_facility_is_404(desk: Clinic) -> None:
    made = desk.coverage()
    patient = desk.patient()
    desk.facility = ELSEWHERE
    for path in (f"/Coverage/{made['id']}", f"/Patient/{patient}", "/Coverage/1"):
        problem = refused(lambda path=path: desk.get(path))  # type: ignore[misc]
        assert (problem.status, problem.code) == (404, Code.NOT_THERE)
    desk.facility = (
        desk.shelf_facility if hasattr(desk, "shelf_facility") else ELSEWHERE
    )
    assert refused(lambda: desk.get(f"/Coverage/{patient}")).status == 404
    assert desk.coverage()["id"] != made["id"]


def test_an_id_is_never_the_registrys_number(desk: Clinic) -> None:
    number = str(desk.shelf.entry.id)
    assert len(desk.patient()) == 53
    assert desk.patient() != number


def test_an_id_of_somebody_who_was_erased_opens_nobody_else(kept: Clinic) -> None:
    """SQLite gives the number of the last person again."""
    made, patient = kept.coverage(), kept.patient()
    other = replace(
        person(born=date(1999, 9, 9), insurances=(insurance(number="9"),)), name="別人"
    )
    kept.shelf.registers(b"one", other)
    for path in (
        f"/Coverage/{made['id']}",
        f"/Patient/{patient}",
        f"/Consent?patient={patient}",
        f"/MedicationStatement?patient={patient}",
    ):
        assert refused(lambda path=path: kept.get(path)).status == 404  # type: ignore[misc]


def test_what_a_client_has_already_is_304_with_a_new_proof(desk: Clinic) -> None:
    path = f"/Coverage/{desk.coverage()['id']}"
    first = desk.get(path)
    tag = first.headers["ETag"]
    assert tag == f'W/"{body(first)["meta"]["versionId"]}"'
    rows = len(desk.rows)
    desk.shelf.now += 60_000
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*", tag[3:-1]):
        again = desk.get(path, if_none_match=known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, None, tag)
        number = proof.read(again.headers[PROOF])
        number.check(KEYS.values())
        assert number.at_s == desk.shelf.now // 1000
    # Each is an answer, and a row of the log.
    assert len(desk.rows) == rows + 5
    assert desk.get(path, if_none_match='W/"other"').status == 200


def test_what_changed_has_another_tag(kept: Clinic) -> None:
    path = f"/Coverage/{kept.coverage()['id']}"
    tag = kept.get(path).headers["ETag"]
    changed = replace(HELD, copayment_ratio="020")
    kept.shelf.registers(b"one", person(insurances=(changed,)))
    again = kept.get(path, if_none_match=tag)
    assert again.status == 200
    assert body(again)["costToBeneficiary"][0]["valueQuantity"]["value"] == 20
    # The next day, with nothing new, it is the same.
    tag = again.headers["ETag"]
    kept.shelf.now += DAY_MS
    assert kept.get(path, if_none_match=tag).status == 304


def test_what_changed_since_is_said_field_by_field(kept: Clinic) -> None:
    made = kept.coverage()
    assert extension(made, systems.CHANGES)["extension"][0]["valueCode"] == "first_seen"
    path = f"/Coverage/{made['id']}"
    tag = kept.get(path).headers["ETag"]
    changed = replace(HELD, copayment_ratio="020")
    kept.shelf.registers(b"one", person(insurances=(changed,)))
    state, field = extension(kept.coverage(), systems.CHANGES)["extension"]
    assert state["valueCode"] == "changed"
    assert {one["url"]: one["valueString"] for one in field["extension"]} == {
        "field": "insurance.copayment_ratio",
        "before": "030",
        "now": "020",
        "label": "保険の負担割合 / insurance: copayment ratio",
    }
    assert kept.get(path, if_none_match=tag).status == 200


def test_a_304_changes_nothing_of_what_was_seen(kept: Clinic) -> None:
    made = kept.coverage()
    path = f"/Coverage/{made['id']}"
    tag = kept.get(path).headers["ETag"]
    person_id = kept.shelf.entry.id
    store = kept.shelf.stores.changes
    (before,) = store.last_seen(kept.facility, [person_id])
    kept.shelf.now += 60_000
    assert kept.get(path, if_none_match=tag).status == 304
    assert store.last_seen(kept.facility, [person_id]) == [before]
    assert kept.get(path).status == 200
    assert store.last_seen(kept.facility, [person_id]) != [before]


def test_a_patient_is_shown_and_their_insurances_are_not_seen(desk: Clinic) -> None:
    patient = desk.patient()
    store = desk.shelf.stores.changes
    before = store.last_seen(desk.facility, [desk.shelf.entry.id])
    desk.shelf.now += 60_000
    reply = desk.get(f"/Patient/{patient}")
    made = body(reply)
    assert (made["gender"], made["birthDate"]) == ("female", BORN)
    assert [one["text"] for one in made["name"]] == ["試験　花子", "シケン　ハナコ"]
    assert proof.read(reply.headers[PROOF])
    assert store.last_seen(desk.facility, [desk.shelf.entry.id]) == before
    tag = reply.headers["ETag"]
    assert desk.get(f"/Patient/{patient}", if_none_match=tag).status == 304


def test_an_insurance_that_is_over_is_cancelled(desk: Clinic) -> None:
    desk.coverage()
    over = replace(HELD, valid_until=TODAY - timedelta(days=1), loss_reason="99")
    desk.shelf.registers(b"one", person(insurances=(over,)))
    found = desk.searched()
    made = found["entry"][0]["resource"]
    assert made["status"] == "cancelled"
    assert made["period"]["end"] == "2026-06-14"
    assert extension(made, systems.VALIDITY)["valueCoding"]["code"] == "2"
    assert extension(made, systems.CAUSE)["valueCode"] == "lost"
    assert found["entry"][-1]["search"]["mode"] == "outcome"


# -- CoverageEligibilityRequest ------------------------------------------------------
def request(**changes: Any) -> dict[str, Any]:
    system, _, value = MEMBER.partition("|")
    return {
        "resourceType": "CoverageEligibilityRequest",
        "contained": [{"resourceType": "Patient", "id": "p", "birthDate": BORN}],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"reference": "#p"},
        "created": "2026-06-15",
        "insurer": {"display": "?"},
        "insurance": [{"coverage": {"identifier": {"system": system, "value": value}}}],
        **changes,
    }


def submitted(desk: Clinic, **changes: Any) -> Any:
    content = json.dumps(request(**changes)).encode()
    return body(desk.post("/CoverageEligibilityRequest/$submit", content))


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": ["discovery"]},
        {"purpose": []},
        {"insurance": []},
        {"patient": {"reference": "Patient/1"}},
        {"contained": []},
        {"contained": [{"resourceType": "Patient", "id": "p"}]},
        {"servicedDate": "2026-06"},
        {"servicedPeriod": {"start": "2026-06-01"}},
        {"resourceType": "Coverage"},
        {"nonsense": "花子"},
        {"status": "花子花子花子 "},
        {"insurance": [{"coverage": {"identifier": {"value": "花子"}}}]},
        {"insurance": [{"coverage": {"display": "花子"}}]},
    ],
)
def test_a_request_that_is_none_is_refused(desk: Clinic, changes: Any) -> None:
    problem = refused(lambda: submitted(desk, **changes))
    assert (problem.status, problem.code) == (400, Code.INPUT_UNREADABLE)
    assert "花子" not in str(problem)
    assert desk.rows == []


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"resourceType": 1}', b"\xff"])
def test_what_is_no_resource_is_refused(desk: Clinic, content: bytes) -> None:
    path = "/CoverageEligibilityRequest/$submit"
    assert refused(lambda: desk.post(path, content)).status == 400


def test_eligibility_is_answered_with_the_proof_as_identifier(desk: Clinic) -> None:
    made = submitted(desk)
    assert (made["outcome"], made["insurance"][0]["inforce"]) == ("complete", True)
    number = proof.read(made["identifier"][0]["value"])
    assert number.facility == desk.facility
    reference = made["insurance"][0]["coverage"]["reference"]
    assert reference == f"Coverage/{desk.coverage()['id']}"
    assert made["requestor"]["identifier"]["value"] == desk.facility
    names = [one["name"] for one in made["insurance"][0]["item"]]
    assert names == ["自己負担", "公費 54990018"]
    benefit = made["insurance"][0]["item"][0]["benefit"][0]
    assert benefit["allowedUnsignedInt"] == 30


def test_the_limit_takes_the_patients_word_at_the_desk(desk: Clinic) -> None:
    assert "A03" not in json.dumps(submitted(desk), default=str)
    made = submitted(desk, extension=[LIMIT])
    (item,) = (one for one in made["insurance"][0]["item"] if one["name"] == "限度額")
    assert item["benefit"][0]["type"]["coding"][0] == {
        "system": "urn:shikaku:oqscd:012",
        "code": "A03",
    }
    no = {**LIMIT, "valueBoolean": False}
    assert "A03" not in json.dumps(submitted(desk, extension=[no]), default=str)


def test_validation_alone_says_no_benefits(desk: Clinic) -> None:
    made = submitted(desk, purpose=["validation"])
    assert "item" not in made["insurance"][0]


def test_asked_by_the_id_of_a_coverage_it_is_the_same(desk: Clinic) -> None:
    known = [{"coverage": {"reference": f"Coverage/{desk.coverage()['id']}"}}]
    made = submitted(desk, insurance=known, contained=[], patient={"display": "x"})
    assert made["insurance"][0]["inforce"] is True
    desk.facility = ELSEWHERE
    assert refused(lambda: submitted(desk, insurance=known)).status == 404


def test_as_of_another_day_nothing_is_compared(desk: Clinic) -> None:
    made = submitted(desk, servicedDate="2025-01-01")
    assert made["servicedDate"] == "2025-01-01"
    assert made["insurance"][0]["inforce"] is False
    urls = {one["url"] for one in made["extension"]}
    assert systems.CHANGES not in urls


def test_nobody_found_is_outcome_error_with_cause_and_advice(kept: Clinic) -> None:
    system, _, value = MEMBER.partition("|")
    wrong = {"system": system, "value": value.replace("0034567", "0034568")}
    made = submitted(kept, insurance=[{"coverage": {"identifier": wrong}}])
    assert made["outcome"] == "error"
    assert made["error"][0]["code"]["coding"][0]["code"] == "number_unknown"
    assert "資格情報のお知らせ" in made["disposition"]
    assert extension(made, systems.WATCHED)["valueBoolean"] is True
    (watch,) = kept.shelf.stores.eligibility.watches(kept.facility)
    assert watch.handle == made["id"]


# -- consents ------------------------------------------------------------------------
def test_a_facility_sees_its_own_consents_only(kept: Clinic) -> None:
    kept.shelf.presses(DRUGS)
    kept.shelf.presses(OPERATION, facility=ELSEWHERE)
    found = body(kept.get(f"/Consent?patient=Patient/{kept.patient()}"))
    (entry,) = found["entry"]
    made = entry["resource"]
    provision = made["provision"]
    assert (made["status"], provision["type"]) == ("active", "permit")
    assert provision["class"][0]["code"] == DRUGS
    assert provision["actor"][0]["reference"]["identifier"]["value"] == kept.facility
    assert provision["period"] == {
        "start": "2026-06-15T12:00:00.000+09:00",
        "end": "2026-06-16T12:00:00.000+09:00",
    }
    assert body(kept.get(f"/Consent/{made['id']}")) == made
    by_form = body(kept.form("/Consent/_search", {"patient": kept.patient()}))
    assert by_form["entry"][0]["resource"] == made
    kept.facility = ELSEWHERE
    assert refused(lambda: kept.get(f"/Consent/{made['id']}")).status == 404


def test_a_consent_ends_to_the_millisecond(desk: Clinic) -> None:
    desk.shelf.presses(DRUGS)
    url = f"/Consent?patient={desk.patient()}"

    def status() -> str:
        return str(body(desk.get(url))["entry"][0]["resource"]["status"])

    desk.shelf.now += DAY_MS - 1
    assert status() == "active"
    desk.shelf.now += 1
    assert status() == "inactive"


def test_a_home_visits_consent_has_no_end_and_a_withdrawal_denies(kept: Clinic) -> None:
    kept.shelf.presses(DRUGS, care=CareKind.HOME_VISIT)
    url = f"/Consent?patient={kept.patient()}"
    made = body(kept.get(url))["entry"][0]["resource"]
    assert "end" not in made["provision"]["period"]
    kept.shelf.now += 1
    kept.shelf.withdraws()
    by_item = {
        one["resource"]["provision"]["class"][0]["code"]: one["resource"]
        for one in body(kept.get(url))["entry"]
    }
    made = by_item[DRUGS]
    assert (made["status"], made["provision"]["type"]) == ("inactive", "deny")
    assert extension(made, systems.ENDED)["valueCoding"]["code"] == "2"


# -- records -------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["MedicationStatement", "Observation"])
def test_without_a_living_consent_records_are_refused(desk: Clinic, kind: str) -> None:
    patient = desk.patient()
    rows = len(desk.rows)

    def problem() -> Problem:
        return refused(lambda: desk.get(f"/{kind}?patient={patient}"))

    assert (problem().status, problem().code) == (403, Code.CONSENT_MISSING)
    other = CHECKUP if kind == "MedicationStatement" else DRUGS
    desk.shelf.presses(other)
    assert problem().code is Code.CONSENT_MISSING
    desk.shelf.presses(DRUGS, CHECKUP)
    assert desk.get(f"/{kind}?patient={patient}").status == 200
    desk.shelf.now += DAY_MS
    assert problem().code is Code.CONSENT_MISSING
    assert len(desk.rows) == rows + 1


def test_a_withdrawal_closes_at_once_what_was_open(kept: Clinic) -> None:
    kept.shelf.presses(DRUGS)
    url = f"/MedicationStatement?patient={kept.patient()}"
    made = body(kept.get(url))["entry"][0]["resource"]
    kept.shelf.withdraws()
    for path in (url, f"/MedicationStatement/{made['id']}"):
        problem = refused(lambda path=path: kept.get(path))  # type: ignore[misc]
        assert problem.code is Code.CONSENT_MISSING


def test_a_reading_logs_what_it_handed_out_and_no_more(desk: Clinic) -> None:
    desk.shelf.presses(DRUGS, OPERATION, CHECKUP)
    patient = desk.patient()
    desk.get(f"/Observation?patient={patient}")
    assert desk.rows[-1].kind is Kind.READ
    assert details(desk.rows[-1].detail)["items"] == CHECKUP
    desk.get(f"/MedicationStatement?patient={patient}")
    assert details(desk.rows[-1].detail)["items"] == DRUGS


def test_drugs_come_as_statements(kept: Clinic) -> None:
    kept.shelf.holds(line(quantity="0.50", code="612345678"))
    kept.shelf.presses(DRUGS)
    reply = kept.get(f"/MedicationStatement?patient=Patient/{kept.patient()}")
    assert isinstance(reply.body, bytes)
    # A decimal's zeros mean something.
    assert b'"value":0.50,' in reply.body
    first, about = body(reply)["entry"]
    made = first["resource"]
    assert made["status"] == "unknown"
    assert made["subject"]["reference"] == f"Patient/{kept.patient()}"
    assert made["effectiveDateTime"] == "2026-04-03"
    assert made["medicationCodeableConcept"] == {
        "coding": [{"system": systems.DRUG, "code": "612345678"}],
        "text": "ノルバスク錠5mg (アムロジピンベシル酸塩錠)",
    }
    assert made["dosage"][0]["text"] == "1日1回朝食後 0.50錠 内服"
    assert made["informationSource"]["display"] == "見本薬局"
    assert about["search"]["mode"] == "outcome"
    assert "レセプト" in about["resource"]["issue"][0]["diagnostics"]
    assert body(kept.get(f"/MedicationStatement/{made['id']}")) == made


@pytest.mark.parametrize("quantity", ["", "適量", "1E5", "NaN", "１", "-1"])
def test_a_quantity_that_is_no_number_stays_text(desk: Clinic, quantity: str) -> None:
    desk.shelf.holds(line(quantity=quantity))
    desk.shelf.presses(DRUGS)
    found = body(desk.get(f"/MedicationStatement?patient={desk.patient()}"))
    dosage = found["entry"][0]["resource"]["dosage"][0]
    assert quantity in dosage["text"]


def test_results_come_as_observations_with_their_flag(desk: Clinic) -> None:
    items = (
        CheckupItem("9A751000000000001", "収縮期血圧", "152", "mmHg"),
        CheckupItem("3D046000001906202", "HbA1c", "6.0", "%"),
        CheckupItem("9N701000000000011", "服薬1", "1", "", DataType.CODED, "はい"),
        CheckupItem("9N511000000000049", "所見", "特記なし"),
    )
    desk.shelf.holds(checkup(date(2026, 5, 20), *items))
    desk.shelf.presses(CHECKUP)
    found = body(desk.get(f"/Observation?patient={desk.patient()}"))
    pressure, sugar, coded, words = (one["resource"] for one in found["entry"])
    assert pressure["code"]["coding"][0]["code"] == "9A751000000000001"
    assert pressure["interpretation"][0]["coding"][0]["code"] == "HH"
    assert sugar["valueQuantity"]["value"] == Decimal("6.0")
    assert str(sugar["valueQuantity"]["value"]) == "6.0"
    assert coded["valueCodeableConcept"]["text"] == "はい"
    assert words["valueString"] == "特記なし"
    assert pressure["effectiveDateTime"] == "2026-05-20"


def test_pages_hold_everything_once(kept: Clinic) -> None:
    kept.shelf.holds(*many_lines(25))
    kept.shelf.presses(DRUGS)
    url = f"{BASE}/MedicationStatement?patient=Patient/{kept.patient()}&_count=10"
    ids: list[str] = []
    sizes = []
    while url:
        found = body(kept.get(url))
        matches = [
            one["resource"]["id"]
            for one in found["entry"]
            if one["search"]["mode"] == "match"
        ]
        assert found["total"] == 25
        ids += matches
        sizes.append(len(matches))
        links = {one["relation"]: one["url"] for one in found["link"]}
        url = links.get("next", "")
    assert sizes == [10, 10, 5]
    assert len(set(ids)) == 25
    assert links["previous"].endswith("page=2")


def test_two_lines_that_are_alike_are_two(desk: Clinic) -> None:
    alike: list[DrugLine] = [line(), line()]
    desk.shelf.holds(*alike)
    desk.shelf.presses(DRUGS)
    found = body(desk.get(f"/MedicationStatement?patient={desk.patient()}"))
    first, second, _ = (one["resource"] for one in found["entry"])
    assert first["id"] != second["id"]


def test_only_counting_is_possible(desk: Clinic) -> None:
    desk.shelf.presses(DRUGS)
    found = body(desk.get(f"/MedicationStatement?patient={desk.patient()}&_count=0"))
    assert found["total"] == 1
    assert [one["search"]["mode"] for one in found["entry"]] == ["outcome"]


@pytest.mark.parametrize(
    "query",
    ["", "?patient=", "?patient=Group/a", "?patient=a&name=x", "?patient=a&page=0"],
)
def test_a_query_that_is_none_is_refused(desk: Clinic, query: str) -> None:
    assert refused(lambda: desk.get(f"/Observation{query}")).status == 400


# -- itself --------------------------------------------------------------------------
def test_it_describes_exactly_what_it_does(desk: Clinic) -> None:
    made = body(desk.get("/metadata"))
    assert made["fhirVersion"] == "4.0.1"
    said = set()
    for one in made["rest"][0]["resource"]:
        kinds = {each["code"] for each in one.get("interaction", ())}
        names = {"read": "/{id}", "search-type": "/_search"}
        said |= {f"/fhir/{one['type']}{names[kind]}" for kind in kinds}
        said |= {
            f"/fhir/{one['type']}/${each['name']}" for each in one.get("operation", ())
        }
    done = {one.path for one in desk.routes} - {"/fhir/metadata"}
    bare = {f"/fhir/{one['type']}" for one in made["rest"][0]["resource"]}
    assert said == done - bare


def test_every_refusal_is_an_operation_outcome() -> None:
    for code in Code:
        for status in (400, 401, 403, 404, 406, 408, 409, 413, 415, 429, 500, 503):
            (issue,) = parsed(outcome(status, code, "a place"))["issue"]
            assert issue["details"]["coding"][0]["code"] == code.value
            assert entry(code).staff["ja"] in issue["diagnostics"]
            assert issue["diagnostics"].endswith("a place")


def test_who_is_fictitious_is_marked_as_test_data(
    stores: Stores, tmp_path: Path
) -> None:
    nowhere = "0699001" + check_digit("0699001")
    desk = clinic(Shelf(stores), tmp_path, replace(HELD, insurer_number=nowhere))
    desk.shelf.presses(DRUGS)
    member = MEMBER.replace("99130015", nowhere)
    made = desk.searched(member)["entry"][0]["resource"]
    patient = made["beneficiary"]["reference"].removeprefix("Patient/")
    consent = body(desk.get(f"/Consent?patient={patient}"))["entry"][0]["resource"]
    for one in (made, consent, body(desk.get(f"/Patient/{patient}"))):
        assert one["meta"]["security"][0]["code"] == "HTEST"


def test_six_digits_and_no_symbol_are_a_national_insurance(
    stores: Stores, tmp_path: Path
) -> None:
    held = insurance(insurer_number="993303", number="１８７", symbol="", branch="")
    desk = clinic(Shelf(stores), tmp_path, held)
    made = desk.searched(f"{systems.MEMBER_ID}|00993303::187:")["entry"][0]["resource"]
    assert made["identifier"][0]["value"] == "00993303::１８７:"
    assert made["type"]["coding"][0]["code"] == "2"
    assert "dependent" not in made
    assert jp.faults(made) == []
