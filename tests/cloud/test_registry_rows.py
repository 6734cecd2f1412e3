"""One line of a load file: a row, or every fault it has. None of them quotes it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.registry.benefits import NONE, CopaymentLimit, ElderlyCertificate, Period
from cloud.registry.faults import Fault, FaultCode, sentences
from cloud.registry.rows import COLUMNS, NEEDED, HeaderError, Row, Rules, layout, read
from tests.cloud.registry_world import AID, KOKUHO, RULES, line

LENIENT = RULES._replace(strict=False)


def values(changes: dict[str, str]) -> list[str]:
    said = line(**changes)
    return [said.get(column, "") for column in COLUMNS]


def row(rules: Rules = RULES, /, **changes: str) -> Row:
    found = read(values(changes), layout(COLUMNS), rules)
    assert isinstance(found, Row), found
    return found


def codes(rules: Rules = RULES, /, **changes: str) -> list[tuple[str, str]]:
    found = read(values(changes), layout(COLUMNS), rules)
    assert isinstance(found, list), "nothing is wrong with it"
    return [(one.column, one.code.value) for one in found]


def test_a_good_line_is_a_row_as_printed() -> None:
    found = row(symbol="１２－３", number="００７")
    assert (found.symbol, found.number) == ("１２－３", "００７")
    assert found.key == ("6991004", "12-3", "007", "01")
    assert found.resident_ref not in repr(found)
    assert found.name not in repr(found)


def test_a_six_digit_insurer_with_spaces_is_the_same_insurer() -> None:
    padded = row(insurer_number="  138057")
    assert padded.insurer_number == KOKUHO
    assert padded.key == row(insurer_number="１３８０５７").key
    assert padded.key == row(insurer_number="00138057").key


def test_a_missing_symbol_is_legal() -> None:
    assert row(symbol="").key[1] == ""


def test_an_empty_branch_is_not_00() -> None:
    empty, zero = row(branch=""), row(branch="00")
    assert (empty.branch, zero.branch) == ("", "00")
    assert empty.key != zero.key


@pytest.mark.parametrize("branch", ["1", "001", "A1", "-1"])
def test_a_branch_is_two_digits(branch: str) -> None:
    assert codes(branch=branch) == [("branch", "L314")]


def test_a_full_width_branch_is_compared_as_half_width() -> None:
    assert row(branch="０１").key == row(branch="01").key


def test_a_number_of_an_insurer_has_its_check_digit() -> None:
    found = read(values({"insurer_number": "06991005"}), layout(COLUMNS), RULES)
    assert isinstance(found, list)
    (fault,) = found
    assert fault.code is FaultCode.CHECK_DIGIT
    assert "digit 8, the check digit, should be 4" in fault.detail


def test_leniently_a_wrong_check_digit_passes() -> None:
    insurers = {**RULES.insurers, "6991005": "架空"}
    assert row(LENIENT._replace(insurers=insurers), insurer_number="06991005")


@pytest.mark.parametrize("number", ["0699100", "069910045", "06-91004", ""])
def test_another_shape_of_an_insurer_is_not_a_mistyped_digit(number: str) -> None:
    wanted = "L311" if number else "L301"
    assert codes(insurer_number=number) == [("insurer_number", wanted)]


def test_medical_assistance_has_a_public_expense_number() -> None:
    assert row(insurer_number=AID, card_classification="A1")
    wrong = codes(insurer_number=KOKUHO, card_classification="A1")
    assert wrong == [("insurer_number", "L311")]


def test_an_unknown_insurer_is_refused() -> None:
    assert codes(insurer_number="33120015") == [("insurer_number", "L316")]


def test_a_line_of_another_insurer_than_the_files_is_refused() -> None:
    ours = RULES._replace(only="6991004")
    assert row(ours)
    assert codes(ours, insurer_number=KOKUHO) == [("insurer_number", "L317")]


@pytest.mark.parametrize("column", ["symbol", "number"])
def test_widths_are_not_mixed(column: str) -> None:
    assert codes(**{column: "１2"}) == [(column, "L313")]
    assert row(LENIENT, **{column: "１2"})
    assert row(**{column: "１２"})


def test_a_late_elderly_number_has_eight_digits() -> None:
    rules = RULES._replace(insurers={"39131156": "架空広域連合"})
    assert codes(rules, insurer_number="39131156") == [("number", "L315")]
    assert row(rules, insurer_number="39131156", number="００００００１２")


@pytest.mark.parametrize(
    "number", ["123456789012", "1234-5678-9012", "１２３４５６７８９０１２"]
)
def test_an_individual_number_is_never_taken(number: str) -> None:
    ((column, code),) = codes(resident_ref=number)
    assert (column, code) in {("resident_ref", "L305"), ("resident_ref", "L306")}
    if number.isascii():
        assert code == "L305"


@pytest.mark.parametrize(
    "reference", ["R99", "R99 0000000001", "R99-" + "0" * 61, "氏名"]
)
def test_a_reference_has_a_shape(reference: str) -> None:
    assert codes(resident_ref=reference) == [("resident_ref", "L306")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2023-02-29", "L303"),
        ("2100-02-29", "L303"),
        ("2024-W09-4", "L303"),
        ("24-02-29", "L303"),
        ("2024/02/29", "L303"),
        ("２０２４０２２９", "L303"),
        ("", "L301"),
    ],
)
def test_a_date_is_a_day_of_the_calendar(written: str, code: str) -> None:
    assert codes(valid_from=written) == [("valid_from", code)]


def test_leap_day_2024_02_29_is_a_day_in_either_writing() -> None:
    assert row(valid_from="20240229").valid_from == "2024-02-29"
    assert row(valid_from="2024-02-29").valid_from == "2024-02-29"


def test_nobody_is_born_tomorrow() -> None:
    assert row(birth_date=RULES.today)
    assert codes(birth_date="2026-06-16") == [("birth_date", "L304")]


def test_an_insurance_does_not_end_before_it_begins() -> None:
    assert row(valid_until="2024-04-01", loss_reason="99")
    assert codes(valid_until="2024-03-31") == [("valid_until", "L304")]


def test_a_loss_has_a_day() -> None:
    assert codes(loss_reason="01") == [("valid_until", "L301")]


def test_an_end_needs_its_day_and_reason_and_no_person() -> None:
    nobody = {"name": "", "name_kana": "", "sex": "", "birth_date": ""}
    ended = {"action": "end", "valid_until": "2025-03-31", "loss_reason": "03"}
    assert row(**ended, **nobody).valid_until == "2025-03-31"
    assert codes(action="end") == [("valid_until", "L301"), ("loss_reason", "L301")]
    assert [code for _, code in codes(**nobody)] == ["L301", "L301", "L302", "L301"]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("action", "delete", "L302"),
        ("card_classification", "99", "L302"),
        ("sex", "F", "L302"),
        ("relationship", "3", "L302"),
        ("loss_reason", "04", "L302"),
        ("copayment_ratio", "3", "L318"),
        ("copayment_limit", "C01", "L302"),
        ("post_number", "1234", "L319"),
        ("certificate_sha256", "ab", "L320"),
        ("number", "", "L301"),
        ("address", "架" * 201, "L205"),
    ],
)
def test_a_value_outside_its_list_is_refused(
    column: str, value: str, code: str
) -> None:
    assert code in [found for _, found in codes(**{column: value})]


def test_all_faults_of_a_line_are_told_at_once() -> None:
    found = codes(sex="9", birth_date="1980-02-30", branch="1")
    assert found == [("branch", "L314"), ("sex", "L302"), ("birth_date", "L303")]


def test_certificates_with_periods_of_their_own_come_in() -> None:
    found = row(
        limit_certificate="01",
        limit_category="A05",
        limit_from="2025-08-01",
        limit_until="2026-07-31",
        limit_long_term_from="2025-10-01",
        elderly_ratio="020",
        elderly_from="2025-08-01",
    )
    assert found.benefits is not None
    period = Period(date(2025, 8, 1), date(2026, 7, 31))
    long_term = date(2025, 10, 1)
    limit = CopaymentLimit(period, "01", "A05", long_term_from=long_term)
    assert found.benefits.limits == (limit,)
    elderly = ElderlyCertificate(Period(date(2025, 8, 1)), "020")
    assert found.benefits.elderly == (elderly,)
    assert row().benefits == NONE


def test_half_a_certificate_is_a_fault() -> None:
    found = codes(
        limit_category="A05", elderly_from="2025-08-01", elderly_until="2024-01-01"
    )
    assert ("limit_certificate", "L302") in found
    assert ("limit_from", "L301") in found
    assert ("elderly_ratio", "L318") in found
    assert ("elderly_until", "L304") in found
    assert codes(certificate_until="2030-01-01") == [("certificate_sha256", "L321")]


def test_what_the_file_has_no_column_for_is_not_said() -> None:
    said = line()
    found = read([said[one] for one in NEEDED], layout(NEEDED), RULES)
    assert isinstance(found, Row)
    nothing = (found.address, found.copayment_ratio, found.benefits, found.certificate)
    assert nothing == (None, None, None, None)


def test_columns_come_in_any_order() -> None:
    said = line()
    turned = list(reversed(NEEDED))
    one = read([said[column] for column in turned], layout(turned), RULES)
    assert one == read([said[column] for column in NEEDED], layout(NEEDED), RULES)


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ([*NEEDED, "colour"], "colour"),
        (NEEDED[1:], "action"),
        ([*NEEDED, "name"], "twice"),
        ([*NEEDED, "my_number"], "my_number"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: list[str], word: str) -> None:
    with pytest.raises(HeaderError, match=word):
        layout(header)


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_junk_is_faults_and_never_an_error(junk: list[str]) -> None:
    found = read(junk, layout(COLUMNS), RULES)
    assert isinstance(found, list)
    assert found


@given(
    st.sampled_from([one for one in COLUMNS if one not in ("address", "insured_name")]),
    st.text("試験ハナコ0123456789abcXYZ-", min_size=9, max_size=40),
)
def test_no_fault_quotes_the_line(column: str, secret: str) -> None:
    found = read(values({column: secret}), layout(COLUMNS), RULES)
    if isinstance(found, list):
        told = "".join("".join(sentences(fault)) for fault in found)
        assert secret not in told


@pytest.mark.parametrize("code", FaultCode)
def test_every_code_has_its_sentences(code: FaultCode) -> None:
    japanese, english = sentences(Fault("", code))
    assert japanese.endswith("。")
    assert english.endswith(".")
    assert english.isascii()
