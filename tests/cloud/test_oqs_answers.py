"""One request file in, one response file out: the rules of each kind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from cloud.eligibility.service import ContinuingCare
from cloud.main import Stores
from cloud.oqs.answer import Answer
from cloud.registry.benefits import (
    Benefits,
    CopaymentLimit,
    ElderlyCertificate,
    Period,
    PublicExpense,
    SpecifiedDisease,
)
from cloud.registry.service import Record
from protocol import proof
from protocol.catalogue import Code
from protocol.codes import CareKind
from protocol.ids import FacilityCode
from protocol.numbers import check_digit
from protocol.oqs.document import Element, leaves
from protocol.oqs.errors import OqsError
from protocol.oqs.result import RESULTS, Result, result
from protocol.oqs.text import Encoding
from tests.cloud.bulk_world import row, searches, somebody
from tests.cloud.oqs_world import (
    ReceiptComputer,
    asked,
    file,
    records_file,
)
from tests.cloud.records_world import (
    CHECKUP,
    DRUGS,
    checkup,
    line,
    operation,
    treatment,
)
from tests.cloud.world import insurance, memory_stores, person, request_id

ELSEWHERE = FacilityCode("1310000016")
SINGLE = "OQSsiquc01req_0001.xml"
YZK, TKK = "YZKsiquc01req_0001.xml", "TKKsiquc01req_0001.xml"


@pytest.fixture
def clinic(stores: Stores, tmp_path: Path) -> ReceiptComputer:
    return ReceiptComputer(stores, tmp_path / "clinic")


@pytest.fixture
def desk(tmp_path: Path) -> ReceiptComputer:
    """On stores in memory: for rules that no store changes."""
    return ReceiptComputer(memory_stores(), tmp_path / "clinic")


def one_result(clinic: ReceiptComputer, answer: Answer) -> Result:
    listed = clinic.reads(answer).body.one(RESULTS)
    assert listed is not None
    (found,) = listed.parts
    return result(found)


# -- one person by number ------------------------------------------------------------
@pytest.mark.parametrize("encoding", Encoding)
def test_a_number_is_answered_in_the_encoding_it_asked_in(
    clinic: ReceiptComputer, encoding: Encoding
) -> None:
    answer = clinic.sends(file(asked(), encoding=encoding))
    assert answer.name == "OQSsiquc01res_0001.xml"
    assert answer.code == ""
    found = clinic.reads(answer)
    assert found.encoding is encoding
    assert found.header.get("MedicalInstitutionCode") == clinic.facility
    assert found.header.get("ArbitraryFileIdentifier") == "file-7"
    assert found.header.get("ReferenceClassification") == "2"
    assert found.header.get("SegmentOfResult") == "1"
    assert found.header.get("QualificationConfirmationDate") == "20260615"
    assert found.body.get("ProcessingResultStatus") == "1"
    assert found.body.get("QualificationValidity") == "1"
    one = one_result(clinic, answer)
    assert (one.name, one.name_kana) == ("試験\u3000花子", "ｼｹﾝ ﾊﾅｺ")
    assert one.birth_date == date(1970, 1, 2)
    assert one.copayment_ratio == "030"


def test_what_was_asked_stands_in_the_answer(desk: ReceiptComputer) -> None:
    found = desk.reads(desk.sends(file(asked(ArbitraryIdentifier="row-9"))))
    search = found.body.one("QualificationConfirmSearchInfo")
    assert search is not None
    assert search.get("ArbitraryIdentifier") == "row-9"


def test_six_digits_are_found_with_spaces_or_zeros_before_them(
    clinic: ReceiptComputer,
) -> None:
    clinic.knows(b"kokuho", insurance(insurer_number="138057", number="77"))
    for written in ("138057", "  138057", "00138057"):
        answer = clinic.sends(
            file(asked(InsurerNumber=written, InsuredIdentificationNumber="77"))
        )
        found = clinic.reads(answer).body
        assert found.get("QualificationValidity") == "1"
        assert one_result(clinic, answer).insurer_number == "138057"
        listed = found.one(RESULTS)
        assert listed is not None
        assert listed.parts[0].get("InsurerNumber") == "  138057"


def test_a_missing_symbol_is_legal_and_stays_missing(desk: ReceiptComputer) -> None:
    answer = desk.sends(file(asked()))
    listed = desk.reads(answer).body.one(RESULTS)
    assert listed is not None
    assert listed.parts[0].one("InsuredCardSymbol") is None
    assert listed.parts[0].one("InsuredBranchNumber") is None


def test_an_absent_branch_is_not_00(desk: ReceiptComputer) -> None:
    desk.knows(b"00", insurance(number="5", branch="00"))
    absent = desk.sends(file(asked(InsuredIdentificationNumber="5")))
    assert one_result(desk, absent).branch == "00"
    other = asked(InsuredIdentificationNumber="5", InsuredBranchNumber="01")
    found = desk.reads(desk.sends(file(other))).body
    assert found.get("QualificationValidity") == "4"


def test_a_no_is_an_ended_inquiry_with_our_code_and_the_staffs_line(
    clinic: ReceiptComputer,
) -> None:
    answer = clinic.sends(file(asked(InsuredIdentificationNumber="999")))
    found = clinic.reads(answer)
    assert answer.code == ""
    assert found.header.get("SegmentOfResult") == "1"
    assert found.body.get("QualificationValidity") == "4"
    assert found.body.get("ProcessingResultCode") == "R601"
    assert "登録がありません" in found.body.get("ProcessingResultMessage")
    assert found.body.one(RESULTS) is None


def test_a_lost_insurance_says_when_and_why(desk: ReceiptComputer) -> None:
    lost = insurance(ends=date(2026, 3, 31), number="8", loss_reason="03")
    desk.knows(b"lost", lost)
    answer = desk.sends(file(asked(InsuredIdentificationNumber="8")))
    assert desk.reads(answer).body.get("QualificationValidity") == "3"
    assert desk.reads(answer).body.get("ProcessingResultCode") == "R602"
    one = one_result(desk, answer)
    assert (one.disqualified_on, one.expires_on) == (date(2026, 3, 31), None)
    assert one.loss_reason == "03"


def test_the_day_that_is_asked_for_counts(desk: ReceiptComputer) -> None:
    desk.knows(b"past", insurance(ends=date(2026, 3, 31), number="8"))
    who = asked(InsuredIdentificationNumber="8")
    answer = desk.sends(file(who, QualificationConfirmationDate="20260301"))
    found = desk.reads(answer)
    assert found.body.get("QualificationValidity") == "1"
    assert found.header.get("QualificationConfirmationDate") == "20260301"


BENEFITS = Benefits(
    elderly=(ElderlyCertificate(Period(date(2026, 1, 1)), "020"),),
    limits=(CopaymentLimit(Period(date(2026, 1, 1)), "01", "A05"),),
    diseases=(SpecifiedDisease(Period(date(2026, 1, 1)), "1", 10_000),),
    public=(PublicExpense(Period(date(2026, 1, 1)), "12131111", "1234567", 0),),
)


def test_the_limit_is_told_only_with_the_word_of_the_patient(
    desk: ReceiptComputer,
) -> None:
    desk.knows(b"b", insurance(number="6", benefits=BENEFITS))
    flag = "LimitApplicationCertificateRelatedConsFlg"
    told = {}
    for word in ("0", "1"):
        who = asked(InsuredIdentificationNumber="6", **{flag: word})
        told[word] = one_result(desk, desk.sends(file(who)))
    assert told["0"].limit is None
    assert told["1"].limit is not None
    assert told["1"].limit.category == "A05"
    consents = [told[word].limit_consent for word in ("0", "1")]
    assert [one.flag for one in consents if one] == ["0", "1"]
    assert all(one.elderly for one in told.values())


def test_diseases_are_never_told_by_number(desk: ReceiptComputer) -> None:
    desk.knows(b"b", insurance(number="6", benefits=BENEFITS))
    answer = desk.sends(file(asked(InsuredIdentificationNumber="6")))
    assert isinstance(answer.content, bytes)
    assert b"SpecificDiseases" not in answer.content


def test_assistance_carries_its_ticket(desk: ReceiptComputer) -> None:
    payer = "1299111" + check_digit("1299111")
    aid = insurance(
        card_classification="A1", insurer_number=payer, number="6", benefits=BENEFITS
    )
    desk.knows(b"aid", aid)
    answer = desk.sends(
        file(asked(InsurerNumber=payer, InsuredIdentificationNumber="6"))
    )
    assert desk.reads(answer).body.get("QualificationValidity") == "1"
    (ticket,) = one_result(desk, answer).tickets
    assert ticket.values == (
        ("MedicalTicketValidDate", "20260101"),
        ("SelfPayAmount", "0"),
    )


def test_every_inquiry_leaves_its_row_and_carries_its_proof(
    desk: ReceiptComputer,
) -> None:
    answer = desk.sends(file(asked()))
    (entry,) = desk.entries
    assert entry.kind == "inquiry"
    assert isinstance(answer.content, bytes)
    comment = answer.content.decode().splitlines()[-1]
    number = comment.removeprefix("<!-- shikaku-proof ").removesuffix(" -->")
    assert proof.read(number).facility == desk.facility


# -- refusals --------------------------------------------------------------------------
def refused(clinic: ReceiptComputer, answer: Answer) -> tuple[str, str]:
    found = clinic.reads(answer)
    assert found.header.get("SegmentOfResult") == "9"
    assert found.header.get("ErrorCode") == answer.code
    assert found.header.get("ErrorMessage")
    assert found.body.get("ProcessingResultStatus") == "2"
    assert found.body.one(RESULTS) is None
    return answer.code, found.header.get("ErrorMessage")


def test_another_facilitys_file_is_refused_whatever_it_asks(
    desk: ReceiptComputer,
) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS, facility=ELSEWHERE)
    for name, content in (
        (SINGLE, file(asked(), facility=ELSEWHERE)),
        (SINGLE, file(asked(), facility="")),
        (YZK, records_file(facility=ELSEWHERE)),
        ("OQSmuquc01req_1.xml", file(asked(), facility=ELSEWHERE)),
        ("OQSmuquc02req_1.xml", file(facility=ELSEWHERE)),
        ("OQSmuimm01req_1.xml", file(facility=ELSEWHERE)),
    ):
        code, message = refused(desk, desk.sends(content, name))
        assert code == "B159"
        assert "MedicalInstitutionCode" in message
    assert desk.entries == []


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ((), "B158", "QualificationConfirmSearchInfo"),
        ((asked(), asked()), "B155", "QualificationConfirmSearchInfo"),
        ((asked(Birthdate=""),), "B158", "Birthdate"),
        ((asked(Birthdate="20230229"),), "B158", "Birthdate"),
        ((asked(InsurerNumber="   "),), "B158", "InsurerNumber"),
        ((asked(InsuredIdentificationNumber=""),), "B158", "Identification"),
        (
            (asked(LimitApplicationCertificateRelatedConsFlg="9"),),
            "B158",
            "LimitApplication",
        ),
    ],
)
def test_a_request_that_lacks_something_is_refused_with_the_place(
    desk: ReceiptComputer, body: tuple[Element, ...], code: str, place: str
) -> None:
    found, message = refused(desk, desk.sends(file(*body)))
    assert found == code
    assert place in message


BODIES = {
    "half": (file(asked())[:-30], "B151"),
    "empty": (b"", "B151"),
    "entity": (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + file(asked()),
        "B154",
    ),
    "twice": (
        file(asked()).replace(b"<Birthdate>", b"<Birthdate>1</Birthdate><Birthdate>"),
        "B155",
    ),
    "other code": (file(asked()).replace(b">0</Char", b">1</Char"), "B156"),
    "large": (file(asked(ArbitraryIdentifier="x" * 70_000)), "B152"),
    "packed": (b"PK\x03\x04 not one", "B153"),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_file_that_cannot_be_taken_is_answered_with_why(
    desk: ReceiptComputer, what: str
) -> None:
    content, code = BODIES[what]
    assert refused(desk, desk.sends(content))[0] == code


def test_a_name_that_is_no_name_has_no_answer(desk: ReceiptComputer) -> None:
    with pytest.raises(OqsError, match="B150"):
        desk.sends(file(asked()), "../OQSsiquc01req_1.xml")


def test_a_character_that_shift_jis_lacks_is_refused_not_replaced(
    desk: ReceiptComputer,
) -> None:
    who = replace(desk.knows(b"rare", insurance(number="9")), name="𠮷田　花子")
    desk.stores.registry.put([Record(b"rare", who)])
    search = asked(InsuredIdentificationNumber="9")
    in_utf8 = desk.sends(file(search))
    assert one_result(desk, in_utf8).name == "𠮷田\u3000花子"
    code, message = refused(desk, desk.sends(file(search, encoding=Encoding.SHIFT_JIS)))
    assert code == "B157"
    assert "Name, character 1" in message
    assert "●" not in message


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(tmp_path_factory: object, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"  # type: ignore[attr-defined]
    desk = ReceiptComputer(memory_stores(), folder)
    assert refused(desk, desk.sends(content))[0].startswith("B15")


# -- bulk ------------------------------------------------------------------------------
def reception_of(clinic: ReceiptComputer, answer: Answer) -> str:
    number = clinic.reads(answer).body.get("ReceptionNumber")
    assert len(number) == 20
    return number


def fetch(clinic: ReceiptComputer, number: str, kind: str = "muquc") -> Answer:
    body = leaves(("ReceptionNumber", number))
    return clinic.sends(file(*body), f"OQS{kind}02req_7.xml")


def test_an_upload_is_a_number_and_the_number_a_result(
    clinic: ReceiptComputer,
) -> None:
    clinic.stores.registry.put([somebody(one) for one in (1, 2)])
    upload = clinic.sends(
        file(*searches(row(one) for one in (1, 2, 3))), "OQSmuquc01req_7.xml"
    )
    assert upload.name == "OQSmuquc01res_7.xml"
    number = reception_of(clinic, upload)
    before = clinic.reads(fetch(clinic, number))
    assert before.header.get("SegmentOfResult") == "2"
    clinic.runs_bulk()
    after = fetch(clinic, number)
    assert after.name == "OQSmuquc02res_7.xml"
    found = clinic.reads(after)
    assert found.header.get("ReceptionNumber") == number
    assert found.header.get("NumberOfProcessingResult") == "3"
    units = found.body.all("BulkConfirmUnit")
    assert [one.get("QualificationValidity") for one in units] == ["1", "1", "4"]
    search = units[0].one("QualificationConfirmSearchInfo")
    assert search is not None
    assert search.get("ArbitraryIdentifier") == "p-1"


def test_an_upload_that_is_sent_again_is_the_same_upload(
    clinic: ReceiptComputer,
) -> None:
    content = file(*searches([row(1)]))
    name, key = "OQSmuquc01req_7.xml", "0123456789abcdef"
    first = reception_of(clinic, clinic.sends(content, name, key=key))
    clinic.shelf.now += 60_000
    again = reception_of(clinic, clinic.sends(content, name, key=key))
    other = reception_of(clinic, clinic.sends(content, name, key="f" * 16))
    assert first == again != other
    assert len(clinic.room.bulk.jobs(clinic.facility, clinic.shelf.now)) == 2


def test_an_upload_that_broke_off_after_its_key_was_kept_is_begun_once(
    desk: ReceiptComputer,
) -> None:
    key = "0123456789abcdef"
    desk.desk.once.first_seen(desk.facility, key, desk.shelf.now)
    desk.shelf.now += 5_000
    content = file(*searches([row(1)]))
    for _ in range(2):
        desk.sends(content, "OQSmuquc01req_7.xml", key=key)
    assert len(desk.room.bulk.jobs(desk.facility, desk.shelf.now)) == 1


def test_a_number_of_another_family_or_facility_is_not_there(
    desk: ReceiptComputer, tmp_path: Path
) -> None:
    upload = desk.sends(file(*searches([row(1)])), "OQSmuquc01req_7.xml")
    number = reception_of(desk, upload)
    desk.runs_bulk()
    assert refused(desk, fetch(desk, number, "muhvq"))[0] == "A905"
    assert refused(desk, fetch(desk, "1" * 20))[0] == "A905"
    assert refused(desk, fetch(desk, ""))[0] == "A905"
    other = ReceiptComputer(desk.stores, tmp_path / "other", ELSEWHERE)
    body = file(*leaves(("ReceptionNumber", number)), facility=ELSEWHERE)
    assert refused(other, other.sends(body, "OQSmuquc02req_7.xml"))[0] == "A905"


DAYS = (("ConsentDateFrom", "20260601"), ("ConsentDateTo", "20260615"))
MONTH = (("MedicalTreatmentMonth", "202606"),)


def in_home_care(clinic: ReceiptComputer) -> None:
    clinic.stores.eligibility.put_continuing(
        ContinuingCare(
            clinic.facility,
            clinic.shelf.entry.id,
            request_id(clinic.shelf.now),
            clinic.shelf.now - 60_000,
        )
    )


def seen_online(clinic: ReceiptComputer) -> None:
    clinic.shelf.presses(DRUGS, care=CareKind.ONLINE)


def on_assistance(clinic: ReceiptComputer) -> None:
    aid = insurance(card_classification="A1", insurer_number="12131111", number="6")
    who = person(insurances=(aid,))
    clinic.shelf.entry = clinic.shelf.registers(b"aid", who)
    clinic.shelf.presses(DRUGS)


@pytest.mark.parametrize(
    ("kind", "body", "happened"),
    [
        ("muhvq", DAYS, in_home_care),
        ("muonq", DAYS, seen_online),
        ("mutic", MONTH, on_assistance),
    ],
)
def test_a_family_that_names_nobody_finds_those_whom_the_facility_knows(
    clinic: ReceiptComputer,
    kind: str,
    body: tuple[tuple[str, str], ...],
    happened: Callable[[ReceiptComputer], None],
) -> None:
    name = f"OQS{kind}01req_7.xml"
    assert refused(clinic, clinic.sends(file(*leaves(*body)), name))[0] == "B171"
    happened(clinic)
    number = reception_of(clinic, clinic.sends(file(*leaves(*body)), name))
    clinic.shelf.now += 1000
    clinic.runs_bulk()
    found = clinic.reads(fetch(clinic, number, kind))
    (unit,) = found.body.all("BulkConfirmUnit")
    assert unit.get("QualificationValidity") == "1"
    if kind == "muonq":
        assert b"PharmacistsInfoConsFlg" in _content(fetch(clinic, number, kind))


def _content(answer: Answer) -> bytes:
    if isinstance(answer.content, Path):
        return answer.content.read_bytes()
    return answer.content


# -- patient numbers -------------------------------------------------------------------
def registration(number: str, who: str = "1") -> Element:
    values = (
        ("ReferenceNumber", number),
        ("InsurerNumber", "99130015"),
        ("InsuredIdentificationNumber", who),
    )
    return Element("ReferenceNumberRegistrationInfo", "", leaves(*values))


def test_a_patient_number_is_registered_by_file(clinic: ReceiptComputer) -> None:
    answer = clinic.sends(file(registration("00077")), "OQSsiimm01req_1.xml")
    assert answer.name == "OQSsiimm01res_1.xml"
    found = clinic.reads(answer).body
    assert found.get("ProcessingResultStatus") == "1"
    later = clinic.sends(file(asked()))
    assert one_result(clinic, later).reference_number == "00077"


def test_many_patient_numbers_have_a_reception_and_a_result(
    clinic: ReceiptComputer,
) -> None:
    clinic.knows(b"two", insurance(number="2"))
    rows = [registration("A-1"), registration("A-2", "2"), registration("A-3", "9")]
    upload = clinic.sends(file(*rows), "OQSmuimm01req_1.xml")
    number = reception_of(clinic, upload)
    answer = fetch(clinic, number, "muimm")
    assert answer.name == "OQSmuimm02res_7.xml"
    found = clinic.reads(answer)
    assert found.header.get("ReceptionNumber") == number
    assert found.header.get("NumberOfError") == "1"
    units = found.body.all("BulkRegistrationUnit")
    assert [one.get("ProcessingResultStatus") for one in units] == ["1", "1", "2"]
    assert units[2].get("ProcessingResultCode") == "R601"


def test_results_of_patient_numbers_are_sealed_where_they_wait(
    desk: ReceiptComputer,
) -> None:
    desk.sends(file(registration("CHART77")), "OQSmuimm01req_1.xml")
    (kept,) = (desk.folder / "numbers").glob("*/*")
    assert b"CHART77" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0


# -- records ---------------------------------------------------------------------------
@pytest.fixture
def known(clinic: ReceiptComputer) -> ReceiptComputer:
    clinic.shelf.holds(
        line(), line(date(2026, 2, 3)), treatment(), operation(), checkup()
    )
    return clinic


def test_without_a_living_consent_there_are_no_records(known: ReceiptComputer) -> None:
    for name in (YZK, TKK):
        code, message = refused(known, known.sends(records_file(), name))
        assert code == "A912"
        assert "同意" in message
    assert known.entries == []


def walked(answer: Answer) -> etree._Element:
    """As public programs walk it: their XPaths, not our reader."""
    assert isinstance(answer.content, bytes)
    return etree.fromstring(answer.content)


def test_drugs_stand_where_public_programs_look_for_them(
    known: ReceiptComputer,
) -> None:
    known.shelf.presses(DRUGS)
    answer = known.sends(records_file(), YZK)
    assert answer.name == "YZKsiquc01res_0001.xml"
    root = walked(answer)
    assert root.findtext(".//ResultCode") == "1"
    patient = root.find("MessageHeader/QuaInf")
    assert patient.findtext("Name") == "試験\u3000花子"
    assert patient.findtext("KanaName") == "ｼｹﾝ ﾊﾅｺ"
    assert patient.findtext("Birth") == "19700102"
    months = root.findall("MessageBody/MeTrMonthInf")
    with_drugs = [m for m in months if m.find(".//DrugInf") is not None]
    assert [m.findtext("MeTrMonth") for m in with_drugs] == ["202604", "202602"]
    drug = with_drugs[0].find("DiDateInfs/DiDateInf/DrugInfs/DrugInf")
    told = {one.tag: one.text for one in drug}
    assert told == {
        "DrugN": "ノルバスク錠5mg",
        "IngreN": "アムロジピンベシル酸塩錠",
        "Qua1": "1",
        "Unit": "錠",
        "Times": "28",
        "UsageN": "1日1回朝食後",
        "MeTrIdCl": "21",
    }
    assert with_drugs[0].findtext("DiDateInfs/DiDateInf/DiDate") == "20260403"
    assert with_drugs[0].findtext("MeTrDiHNm") == "見本薬局"
    assert with_drugs[0].findtext("PrlsHCd") == "1310000008"
    act = root.find(".//MeTrInfs/MeTrInf")
    assert act.findtext("SinInfN") == "生活習慣病管理料（２）"


def test_a_drug_file_holds_nothing_of_other_consents(known: ReceiptComputer) -> None:
    known.shelf.presses(DRUGS, "operation", CHECKUP)
    answer = known.sends(records_file(), YZK)
    assert isinstance(answer.content, bytes)
    text = answer.content.decode()
    assert "胆嚢" not in text
    assert "収縮期血圧" not in text
    (entry,) = known.entries
    assert CHECKUP not in entry.detail
    assert DRUGS in entry.detail


def test_a_checkup_consent_opens_no_drugs_and_the_other_way_round(
    known: ReceiptComputer,
) -> None:
    known.shelf.presses(CHECKUP)
    assert refused(known, known.sends(records_file(), YZK))[0] == "A912"
    root = walked(known.sends(records_file(), TKK))
    assert root.findtext(".//ResultCode") == "1"
    found = root.find(".//SpecificHealthCheckupInfo")
    assert found.findtext("EffectiveTime") == "20260520"
    item = found.find(
        "HealthCheckupResultAndQuestionInfos/HealthCheckupResultAndQuestionInfo"
    )
    assert item.findtext("ItemCode") == "9A751000000000001"
    assert item.findtext("DataValue") == "152"


def test_the_months_asked_for_and_no_others(desk: ReceiptComputer) -> None:
    desk.shelf.holds(line(), line(date(2026, 2, 3)), line(date(2026, 3, 3)))
    desk.shelf.presses(DRUGS)
    content = records_file(StartDate="202602", EndDate="202603")
    root = walked(desk.sends(content, YZK))
    months = [one.text for one in root.findall(".//MeTrMonth")]
    assert months == ["202603", "202602"]
    wrong = desk.sends(records_file(StartDate="202603", EndDate="202602"), YZK)
    assert refused(desk, wrong)[0] == "B158"


def test_a_pdf_is_asked_for_by_its_category(desk: ReceiptComputer) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS)
    answer = desk.sends(records_file(FileCategory="1"), YZK)
    assert answer.name == "YZKsiquc01res_0001.pdf"
    assert answer.content == b"%PDF of 1"
    assert refused(desk, desk.sends(records_file(FileCategory="3"), YZK))[0] == "B158"
    desk.shelf.withdraws()
    no = desk.sends(records_file(FileCategory="1"), YZK)
    assert no.name == "YZKsiquc01res_0001.xml"
    assert refused(desk, no)[0] == "A912"


def test_who_may_not_read_records_is_told_so_before_anybody_is_looked_for(
    desk: ReceiptComputer,
) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS)
    for code in (Code.SIGN_IN_NEEDED, Code.NOT_IN_PROFILE):
        answer = desk.sends(records_file(), YZK, closed=code)
        assert refused(desk, answer)[0] == code
    assert desk.entries == []


def test_a_consent_ends_after_a_day_and_so_does_its_file(
    desk: ReceiptComputer,
) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS)
    day = 24 * 60 * 60 * 1000
    desk.shelf.now += day - 1000
    assert desk.sends(records_file(), YZK).code == ""
    desk.shelf.now += 2000
    assert desk.sends(records_file(), YZK).code == "A912"


def test_a_consent_of_an_online_visit_opens_no_file(desk: ReceiptComputer) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS, care=CareKind.ONLINE)
    assert desk.sends(records_file(MedicalTreatmentFlag="3"), YZK).code == "A912"


def test_two_holders_of_one_number_are_nobody(desk: ReceiptComputer) -> None:
    desk.shelf.holds(line())
    desk.shelf.presses(DRUGS)
    desk.knows(b"twin", insurance())
    assert refused(desk, desk.sends(records_file(), YZK))[0] == "R601"


def test_no_answer_shows_anything_in_a_log(desk: ReceiptComputer) -> None:
    answer = desk.sends(file(asked()))
    assert repr(answer) == "Answer()"
