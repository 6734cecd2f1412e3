"""The receipt computer's file: its names, its order, its consents, its refusals."""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.bridge.face_file import FaceFile, face_file, for_facility
from protocol.codes import CONSENT_ITEMS, Decision, Outcome, Relationship, Sex, Validity
from protocol.ids import FacilityCode, ReaderId, RequestId, VisitId
from protocol.messages import (
    ConsentGrant,
    ConsentReceipt,
    CopaymentLimit,
    ElderlyCertificate,
    Patient,
    Period,
    Qualification,
    SpecifiedDisease,
    VerificationAnswer,
)
from protocol.oqs.document import parse
from protocol.oqs.result import result
from protocol.oqs.text import GETA, Encoding

GOLDEN = Path(__file__).parent / "golden"
FACILITY = FacilityCode("0110113719")
AT = 1_676_972_915_000
"""2023-02-21 18:48:35 in Japan."""
DAY_MS = 24 * 60 * 60 * 1000
PATIENT = Patient(
    name="資格 花子",
    name_kana="シカク ハナコ",
    birth_date="1958-07-04",
    sex=Sex.FEMALE,
    address="東京都千代田区",
    post_number="100-0000",
)
INSURANCE = Qualification(
    card_classification="01",
    insurer_number="123456",
    insurer_name="架空保険組合",
    symbol="０１２",
    number="0034567",
    branch="01",
    relationship=Relationship.INSURED,
    valid_from="2020-04-01",
    copayment_ratio="030",
    copayment_limit="A03",
)


def answer(**changes: Any) -> VerificationAnswer:
    fields: dict[str, Any] = {
        "request_id": RequestId("01867250-0000-7000-8000-000000000001"),
        "request_hash": bytes(32),
        "reader_id": ReaderId("rd-tokyo-1"),
        "answered_at": AT,
        "visit_id": VisitId("01867250-1234-7abc-8def-0123456789ab"),
        "outcome": Outcome.ACCEPTED,
        "validity": Validity.VALID,
        "patient": PATIENT,
        "qualifications": (INSURANCE,),
    }
    return VerificationAnswer(**(fields | changes))


def refusal(code: str) -> VerificationAnswer:
    return answer(
        outcome=Outcome.REFUSED,
        code=code,
        validity=None,
        patient=None,
        qualifications=(),
    )


def receipt(*grants: ConsentGrant) -> ConsentReceipt:
    return ConsentReceipt(
        request_id=RequestId("01867250-0000-7000-8000-000000000002"),
        request_hash=bytes(32),
        reader_id=ReaderId("rd-tokyo-1"),
        answered_at=AT + 20_000,
        grants=grants,
    )


def granted(item: str, until: int | None = AT + DAY_MS) -> ConsentGrant:
    return ConsentGrant(
        item=item, decision=Decision.GRANTED, decided_at=AT, available_until=until
    )


def written(
    given_answer: VerificationAnswer,
    given_receipt: ConsentReceipt | None = None,
    encoding: Encoding = Encoding.UTF8,
) -> FaceFile:
    return face_file(given_answer, given_receipt, FACILITY, encoding)


def read(file: FaceFile, encoding: Encoding = Encoding.UTF8) -> Element:
    # expat knows no Shift_JIS: the text is decoded first, as its reader does.
    _, _, body = file.content.decode(encoding).partition("\n")
    return fromstring(body)  # noqa: S314  our own file


def texts(file: FaceFile, encoding: Encoding = Encoding.UTF8) -> dict[str, str]:
    return {item.tag: item.text or "" for item in read(file, encoding).iter()}


@pytest.mark.parametrize("code", ["K503", "K504", "M402", "R604", "C105"])
def test_a_refusal_about_the_card_is_not_for_the_receipt_computer(code: str) -> None:
    assert not for_facility(refusal(code))
    with pytest.raises(ValueError, match="not for the facility"):
        written(refusal(code))


def test_registration_needed_is_not_a_result_yet() -> None:
    needed = answer(
        outcome=Outcome.REGISTRATION_NEEDED,
        validity=None,
        patient=None,
        qualifications=(),
    )
    assert not for_facility(needed)


@pytest.mark.parametrize(("code", "validity"), [("R601", "4"), ("R602", "2")])
def test_a_no_about_the_insurance_is_told_without_a_person(
    code: str, validity: str
) -> None:
    found = texts(written(refusal(code)))
    assert found["ProcessingResultStatus"] == "1"
    assert found["QualificationValidity"] == validity
    assert "ResultList" not in found


@pytest.mark.parametrize("decision", [Decision.REFUSED, Decision.UNANSWERED])
def test_refused_and_unanswered_are_zero_without_times(decision: Decision) -> None:
    no = ConsentGrant(
        item="operation",
        decision=decision,
        decided_at=AT,
        available_until=AT + DAY_MS,
    )
    found = texts(written(answer(), receipt(no)))
    assert found["OperationInfoConsFlg"] == "0"
    assert "OperationInfoConsTime" not in found
    assert "OperationInfoAvailableTime" not in found


def test_without_a_receipt_every_consent_is_zero() -> None:
    found = texts(written(answer()))
    usual = [item for item in CONSENT_ITEMS if item.usual]
    stems = [stem for item in usual for stem in item.oqs_elements]
    assert [found[f"{stem}ConsFlg"] for stem in stems] == ["0"] * 4


def test_withheld_records_stay_closed_whatever_was_pressed() -> None:
    found = texts(written(answer(records_withheld=True), receipt(granted("operation"))))
    assert found["OperationInfoConsFlg"] == "0"


def test_a_consent_for_home_visits_has_no_end_to_tell() -> None:
    found = texts(written(answer(), receipt(granted("operation", until=None))))
    assert found["OperationInfoConsFlg"] == "1"
    assert "OperationInfoConsTime" in found
    assert "OperationInfoAvailableTime" not in found


def test_a_further_item_is_told_where_it_was_asked() -> None:
    found = texts(written(answer(), receipt(granted("allergy"))))
    assert found["AllergyInfoConsFlg"] == "1"
    assert "InfectiousInfoConsFlg" not in found


def test_a_granted_consent_has_its_time_and_ends_a_day_later() -> None:
    found = texts(written(answer(), receipt(granted("diagnosis_and_drugs"))))
    for stem in ("DiagnosisInfo", "PharmacistsInfo"):
        assert found[f"{stem}ConsFlg"] == "1"
        assert found[f"{stem}ConsTime"] == "20230221184835"
        assert found[f"{stem}AvailableTime"] == "20230222184835"
    assert found["OperationInfoConsFlg"] == "0"


def test_numbers_are_text_as_printed() -> None:
    found = texts(written(answer()))
    assert found["InsurerNumber"] == "  123456"
    assert found["InsuredIdentificationNumber"] == "0034567"
    assert found["InsuredBranchNumber"] == "01"
    assert found["InsuredPartialContributionRatio"] == "030"


def test_a_lost_insurance_ended_and_a_running_one_expires() -> None:
    ends = INSURANCE.model_copy(update={"valid_until": "2027-03-31"})
    lost = ends.model_copy(update={"loss_reason": "03"})
    running = texts(written(answer(qualifications=(ends,))))
    ended = texts(written(answer(qualifications=(lost,))))
    assert running["InsuredCardExpirationDate"] == "20270331"
    assert "DisqualificationDate" not in running
    assert ended["DisqualificationDate"] == "20270331"
    assert ended["ReasonOfLoss"] == "03"


def test_several_insurances_are_several_results() -> None:
    aid = INSURANCE.model_copy(update={"card_classification": "A1"})
    root = read(written(answer(qualifications=(INSURANCE, aid))))
    kinds = root.findall(".//ResultOfQualificationConfirmation")
    assert [kind.findtext("InsuredCardClassification") for kind in kinds] == [
        "01",
        "A1",
    ]


CERTIFIED = INSURANCE.model_copy(
    update={
        "elderly": ElderlyCertificate(
            period=Period(valid_from="2026-01-01"), copayment_ratio="020"
        ),
        "limit": CopaymentLimit(
            period=Period(valid_from="2026-01-01", valid_until="2026-12-31"),
            certificate="01",
            category="A05",
            long_term_from="2026-03-01",
        ),
    }
)
DISEASE = SpecifiedDisease(
    period=Period(valid_from="2026-01-01"), disease="1", monthly_limit=10_000
)


def test_certificates_stand_in_groups_of_their_own() -> None:
    found = texts(written(answer(qualifications=(CERTIFIED,))))
    assert found["ElderlyRecipientContributionRatio"] == "020"
    assert found["LimitApplicationCertificateClassification"] == "01"
    assert found["LimitApplicationCertificateClassificationFlag"] == "A05"
    assert found["LimitApplicationCertificateValidEndDate"] == "20261231"
    assert found["LimitApplicationCertificateLongTermDate"] == "20260301"


def test_a_disease_is_told_with_its_consent_and_stands_once() -> None:
    told = receipt(granted("specified_disease")).model_copy(
        update={"diseases": (DISEASE,)}
    )
    file = written(answer(qualifications=(INSURANCE, INSURANCE)), told)
    (disease,) = read(file).findall(".//SpecificDiseasesCertificateInfo")
    assert disease.findtext("SpecificDiseasesSelfPay") == "10000"
    found = texts(file)
    assert found["SpecificDiseasesCertificateRelatedConsFlg"] == "1"
    assert "SpecificDiseasesCertificateRelatedAvailableTime" not in found


def test_a_disease_is_not_told_while_records_are_withheld() -> None:
    told = receipt(granted("specified_disease")).model_copy(
        update={"diseases": (DISEASE,)}
    )
    file = written(answer(records_withheld=True), told)
    assert b"SpecificDiseasesCertificateInfo" not in file.content


def test_our_own_reader_reads_the_face_file() -> None:
    file = written(answer(), receipt(granted("operation")), Encoding.SHIFT_JIS)
    body = parse(file.content, limit=1 << 16).body
    listed = body.one("ResultList")
    assert listed is not None
    one = result(listed.parts[0])
    assert (one.insurer_number, one.number) == ("123456", "0034567")
    assert dict(one.consents)["OperationInfo"].flag == "1"


def test_a_character_that_shift_jis_lacks_is_a_dot_and_counted() -> None:
    rare = PATIENT.model_copy(update={"name": "𠮷田 花子"})
    file = written(answer(patient=rare), encoding=Encoding.SHIFT_JIS)
    assert texts(file, Encoding.SHIFT_JIS)["Name"] == f"{GETA}田\u3000花子"
    assert file.replaced == 1
    assert written(answer(patient=rare)).replaced == 0


def test_the_name_says_when_and_nothing_of_whom() -> None:
    file = written(answer(), receipt())
    assert file.name() == "OQSsiquc01res_face_018672501234_20230221184855.xml"
    assert file.name(2) == "OQSsiquc01res_face_018672501234-2_20230221184855.xml"


@pytest.mark.parametrize("encoding", list(Encoding))
def test_the_whole_file_is_as_agreed(encoding: Encoding) -> None:
    file = written(
        answer(), receipt(granted("diagnosis_and_drugs"), granted("checkup")), encoding
    )
    golden = GOLDEN / f"accepted.{encoding.value}.xml"
    assert file.content == golden.read_bytes()


@pytest.mark.parametrize("encoding", Encoding)
def test_proof_numbers_stand_in_comments_that_change_nothing_else(
    encoding: Encoding,
) -> None:
    numbers = ["1" * 150, "2" * 150]
    proved = answer(proof=numbers[0])
    told = receipt().model_copy(update={"proof": numbers[1]})
    bare = face_file(answer(), receipt(), FACILITY, encoding)
    file = face_file(proved, told, FACILITY, encoding)
    assert texts(file, encoding) == texts(bare, encoding)
    comments = file.content.decode(encoding).splitlines()[-2:]
    assert comments == [f"<!-- shikaku-proof {number} -->" for number in numbers]
    assert "proof" not in bare.content.decode(encoding)


@given(
    name=st.text(min_size=1, max_size=40),
    kana=st.text(max_size=40),
    address=st.text(max_size=60),
    encoding=st.sampled_from(Encoding),
)
def test_no_name_breaks_the_file(
    name: str, kana: str, address: str, encoding: Encoding
) -> None:
    patient = PATIENT.model_copy(
        update={"name": name, "name_kana": kana, "address": address}
    )
    found = texts(written(answer(patient=patient), encoding=encoding), encoding)
    assert json.dumps(found)
    if encoding is Encoding.UTF8 and address.isprintable() and address.isalnum():
        assert found.get("Address", "") == address
