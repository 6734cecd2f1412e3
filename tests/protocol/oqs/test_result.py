"""One insurance of one person, to the file and back."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.oqs.document import Element, leaves, parse, written
from protocol.oqs.errors import OqsError
from protocol.oqs.result import (
    RESULT,
    RESULTS,
    STEMS,
    Consented,
    Elderly,
    Result,
    Ticket,
    elements,
    result,
)
from protocol.oqs.text import Encoding
from tests.protocol.oqs.results import UNICODE, results

DAY_MS = 24 * 60 * 60 * 1000


def there_and_back(these: list[Result], encoding: Encoding) -> list[Result]:
    listed = Element(RESULTS, "", tuple(map(elements, these)))
    content = written((), [listed], encoding)
    body = parse(content, limit=1 << 20).body
    found = body.one(RESULTS)
    return [result(one) for one in found.parts] if found else []


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(results(), max_size=3), st.sampled_from(Encoding))
def test_any_results_come_back_equal(these: list[Result], encoding: Encoding) -> None:
    assert there_and_back(these, encoding) == these


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(results(UNICODE))
def test_any_character_comes_back_in_utf8(one: Result) -> None:
    assert there_and_back([one], Encoding.UTF8) == [one]


def test_one_tap_may_have_several_results() -> None:
    health = Result("99130015", number="1", card_classification="01")
    aid = Result("12131111", number="2", card_classification="A1")
    assert there_and_back([health, aid], Encoding.SHIFT_JIS) == [health, aid]


def test_six_digits_stand_in_eight_places_after_spaces() -> None:
    found = elements(Result("138057"))
    assert found.get("InsurerNumber") == "  138057"
    assert result(found).insurer_number == "138057"
    assert elements(Result("06139999")).get("InsurerNumber") == "06139999"


def test_leading_zeros_stay() -> None:
    one = Result("00123456", number="0034567", branch="01", post_number="010-0001")
    (again,) = there_and_back([one], Encoding.UTF8)
    assert (again.insurer_number, again.number) == ("00123456", "0034567")


def test_an_absent_symbol_and_an_absent_branch_are_no_elements() -> None:
    names = [part.name for part in elements(Result("138057", number="1")).parts]
    assert "InsuredCardSymbol" not in names
    assert "InsuredBranchNumber" not in names
    zero = elements(Result("138057", number="1", branch="00"))
    assert zero.get("InsuredBranchNumber") == "00"


@pytest.mark.parametrize("ratio", ["3", "30", "0.3", "３０", "30割"])
def test_a_ratio_is_three_digits_or_refused(ratio: str) -> None:
    with pytest.raises(ValueError, match="three digits"):
        Result("138057", copayment_ratio=ratio)
    with pytest.raises(OqsError, match="B158 InsuredPartialContributionRatio"):
        result(Element(RESULT, "", leaves(("InsuredPartialContributionRatio", ratio))))


def test_the_names_of_drug_consent_are_those_in_use() -> None:
    """One public exporter writes PharmaceuticalInfo and AcquisitionTime: wrong."""
    given_at = 1_676_972_915_000
    yes = Consented("1", given_at, given_at + DAY_MS)
    found = elements(Result("138057", consents=(("PharmacistsInfo", yes),)))
    assert found.get("PharmacistsInfoConsFlg") == "1"
    assert found.get("PharmacistsInfoConsTime") == "20230221184835"
    assert found.get("PharmacistsInfoAvailableTime") == "20230222184835"
    assert not [
        part.name
        for part in found.parts
        if "Pharmaceutical" in part.name or "Acquisition" in part.name
    ]


def test_consent_items_are_data_and_the_new_ones_are_there() -> None:
    assert {"DiagnosisName", "InfectiousInfo", "AllergyInfo"} < set(STEMS)
    assert {"ContraindicationInfo", "TestInfo", "PrescriptionInfo"} < set(STEMS)


def test_consents_out_of_order_or_unknown_are_refused() -> None:
    no = Consented("0")
    with pytest.raises(ValueError, match="order"):
        Result("1", consents=(("OperationInfo", no), ("DiagnosisInfo", no)))
    with pytest.raises(ValueError, match="unknown"):
        Result("1", consents=(("PharmaceuticalInfo", no),))
    with pytest.raises(ValueError, match="unknown"):
        Ticket((("StatusOfInfection", "1"),))


def test_a_day_that_does_not_exist_is_refused_and_a_leap_day_does() -> None:
    def born(text: str) -> Element:
        return Element(RESULT, "", leaves(("Birthdate", text)))

    assert result(born("20240229")).birth_date == date(2024, 2, 29)
    for text in ("20230229", "2023-1-1", "2023022９", "00000101"):
        with pytest.raises(OqsError, match="B158 Birthdate"):
            result(born(text))


def test_a_result_shows_nothing_of_the_person_in_a_log() -> None:
    one = Result("138057", name="資格花子", elderly=Elderly(None, None, "020"))
    assert "花子" not in f"{one!r}{elements(one)!r}"
