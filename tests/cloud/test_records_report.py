"""What a report says, in which order, and its JSON."""

import json
from datetime import date

import pytest

from cloud.records.answer import as_json, from_json, schema
from cloud.records.judgement import (
    ALT,
    DIASTOLIC,
    EGFR,
    HAEMOGLOBIN,
    HBA1C,
    HDL,
    KNOWN,
    LDL,
    SYSTOLIC,
    TRIGLYCERIDES,
    URINE_PROTEIN,
    WAIST,
    Flag,
    Group,
    judged,
)
from cloud.records.lag import as_of
from cloud.records.model import CheckupItem, DataType, Institution, Setting
from cloud.records.report import (
    CareSheet,
    CheckupSheet,
    DrugSheet,
    Report,
    SummarySheet,
    checkup_rows,
    drug_months,
    report,
    sheets,
)
from cloud.records.service import Found
from cloud.records.specimen import Wanted, specimen
from protocol.codes import Sex
from tests.cloud.records_world import (
    ALL_ITEMS,
    CHECKUP,
    DRUGS,
    EVERYTHING,
    OPERATION,
    checkup,
    line,
    operation,
    treatment,
)
from tests.cloud.world import NOON, TODAY, ms, person

UNTIL = ms(NOON) + 1
OPEN = dict.fromkeys(ALL_ITEMS, UNTIL)
TEN_COLUMNS = {
    "setting": "入外/調剤",
    "month": "診療月",
    "prescribed_on": "処方日",
    "dispensed_on": "調剤日",
    "usage": "用法",
    "form": "内服/屯服/外用/注射",
    "brand": "商品名",
    "generic": "一般名",
    "quantity": "数量",
    "unit": "単位",
    "times": "回数",
}
"""数量単位 is one column of two fields."""


def made(found: Found, **changes: object) -> Report:
    values: dict[str, object] = {
        "facility": "1310000008",
        "as_of": as_of(TODAY),
        "made_at": ms(NOON),
        **changes,
    }
    return report(found, person(), **values)  # type: ignore[arg-type]


# -- order -----------------------------------------------------------------------------
def test_the_newest_month_comes_first_and_a_prescription_stays_together() -> None:
    elsewhere = Institution("見本整形外科")
    lines = [
        line(date(2026, 3, 9)),
        line(date(2026, 4, 3), brand="一"),
        line(date(2026, 4, 3), brand="外", prescriber=elsewhere),
        line(date(2026, 4, 3), brand="二"),
        line(date(2026, 4, 20), brand="後"),
    ]
    months = drug_months(made(Found.of(OPEN, lines)).drugs)
    assert [one.month for one in months] == ["2026-04", "2026-03"]
    told = [[each.brand for each in one.lines] for one in months[0].prescriptions]
    assert told == [["後"], ["一", "二"], ["外"]]


def test_dispensing_in_the_next_month_counts_for_that_month() -> None:
    late = line(date(2026, 4, 1), prescribed_on=date(2026, 3, 31))
    (month,) = drug_months(made(Found.of(OPEN, [late])).drugs)
    assert month.month == "2026-04"
    assert month.prescriptions[0].prescribed_on == date(2026, 3, 31)


def test_each_kind_begins_on_a_page_of_its_own_after_what_is_taken_now() -> None:
    kinds = [type(one) for one in sheets(made(Found.of(OPEN, EVERYTHING)))]
    assert kinds == [SummarySheet, DrugSheet, CareSheet, CheckupSheet]


def test_nothing_on_record_is_one_page() -> None:
    nothing = made(Found(OPEN))
    assert [type(one) for one in sheets(nothing)] == [SummarySheet]
    assert not nothing.fictitious


def test_rare_acts_come_before_monthly_fees() -> None:
    acts = [treatment(date(2026, month, 3)) for month in (1, 2, 3, 4)]
    image = treatment(date(2025, 9, 1), category="画像診断", name="単純撮影（胸部）")
    care = sheets(made(Found.of(OPEN, [*acts, image])))[1]
    assert isinstance(care, CareSheet)
    assert [one.category for one in care.acts] == ["画像診断", "医学管理"]
    assert care.acts[1].treatments[0].month == "2026-04"


def test_five_checkups_stand_side_by_side_the_newest_first() -> None:
    held = [checkup(date(2019 + one, 6, 1)) for one in range(7)]
    sheet = sheets(made(Found.of(OPEN, held)))[-1]
    assert isinstance(sheet, CheckupSheet)
    assert [one.day.year for one in sheet.checkups] == [2025, 2024, 2023, 2022, 2021]
    assert len(made(Found.of(OPEN, held)).checkups) == 7


def test_an_item_that_one_checkup_lacks_leaves_a_gap() -> None:
    weight = CheckupItem("9N006000000000001", "体重", "60.0", "kg")
    unknown = CheckupItem("9Z999000000000001", "見本検査", "1")
    pressure = CheckupItem(SYSTOLIC, "収縮期血圧", "120", "mmHg")
    held = made(
        Found.of(
            OPEN,
            [
                checkup(date(2025, 6, 1), pressure, unknown),
                checkup(date(2024, 6, 1), weight),
            ],
        )
    ).checkups
    rows = checkup_rows(held, Sex.FEMALE)
    assert [one.name for one in rows] == ["体重", "収縮期血圧", "見本検査"]
    assert rows[0].results[0] is None
    assert rows[-1].group is Group.OTHER


# -- what it rests on ------------------------------------------------------------------
def test_a_report_knows_which_items_are_open_and_when_the_first_ends() -> None:
    one = made(Found({DRUGS: UNTIL + 5, CHECKUP: UNTIL, OPERATION: None}))
    assert all(one.opens(item) for item in ALL_ITEMS)
    assert one.closes_at == UNTIL
    assert made(Found({DRUGS: None})).closes_at is None
    assert not made(Found({DRUGS: None})).opens(OPERATION)


def test_one_fictitious_record_marks_the_whole_report() -> None:
    assert made(Found.of(OPEN, [line(), line(fictitious=True)])).fictitious
    assert not made(Found.of(OPEN, [line()])).fictitious
    assert made(Found(OPEN), fictitious=True).fictitious


def test_a_repr_shows_no_name_and_no_drug() -> None:
    found = Found.of(OPEN, EVERYTHING)
    shown = repr(found) + repr(made(found))
    assert "試験" not in shown
    assert "ノルバスク" not in shown


# -- judgement values ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "value", "sex", "flag"),
    [
        (SYSTOLIC, "129", Sex.MALE, Flag.NONE),
        (SYSTOLIC, "130", Sex.MALE, Flag.HIGH),
        (SYSTOLIC, "140", Sex.MALE, Flag.VERY_HIGH),
        (DIASTOLIC, "85", Sex.MALE, Flag.HIGH),
        (DIASTOLIC, "90", Sex.MALE, Flag.VERY_HIGH),
        (TRIGLYCERIDES, "149", Sex.MALE, Flag.NONE),
        (TRIGLYCERIDES, "300", Sex.MALE, Flag.VERY_HIGH),
        (HDL, "40", Sex.MALE, Flag.NONE),
        (HDL, "39", Sex.MALE, Flag.LOW),
        (HDL, "34", Sex.MALE, Flag.VERY_LOW),
        (LDL, "119", Sex.FEMALE, Flag.NONE),
        (LDL, "140", Sex.FEMALE, Flag.VERY_HIGH),
        (HBA1C, "5.5", Sex.MALE, Flag.NONE),
        (HBA1C, "5.6", Sex.MALE, Flag.HIGH),
        (HBA1C, "6.5", Sex.MALE, Flag.VERY_HIGH),
        (ALT, "31", Sex.MALE, Flag.HIGH),
        (EGFR, "60.0", Sex.MALE, Flag.NONE),
        (EGFR, "59.9", Sex.MALE, Flag.LOW),
        (EGFR, "44.9", Sex.MALE, Flag.VERY_LOW),
        (HAEMOGLOBIN, "13.0", Sex.MALE, Flag.LOW),
        (HAEMOGLOBIN, "13.0", Sex.FEMALE, Flag.NONE),
        (HAEMOGLOBIN, "12.0", Sex.FEMALE, Flag.LOW),
        (HAEMOGLOBIN, "11.0", Sex.FEMALE, Flag.VERY_LOW),
        (WAIST, "85.0", Sex.MALE, Flag.HIGH),
        (WAIST, "85.0", Sex.FEMALE, Flag.NONE),
        (WAIST, "90.0", Sex.FEMALE, Flag.HIGH),
        (URINE_PROTEIN, "1", Sex.MALE, Flag.NONE),
        (URINE_PROTEIN, "3", Sex.MALE, Flag.VERY_HIGH),
        (SYSTOLIC, "測定不能", Sex.MALE, Flag.NONE),
        (SYSTOLIC, "NaN", Sex.MALE, Flag.NONE),
        (SYSTOLIC, "", Sex.MALE, Flag.NONE),
        ("9Z999000000000001", "999", Sex.MALE, Flag.NONE),
    ],
)
def test_results_are_judged_at_the_values_of_the_programme(
    code: str, value: str, sex: Sex, flag: Flag
) -> None:
    assert judged(CheckupItem(code, "", value), sex) is flag


def test_every_known_item_has_a_code_of_17_characters() -> None:
    assert all(len(one.code) == 17 for one in KNOWN)
    assert len({one.code for one in KNOWN}) == len(KNOWN)


# -- JSON ------------------------------------------------------------------------------
def test_the_json_is_the_report() -> None:
    one = made(Found.of(OPEN, EVERYTHING))
    assert from_json(as_json(one)) == one
    drawn = specimen(3, day=TODAY, now_ms=ms(NOON), wanted=Wanted(age=72))
    assert from_json(as_json(drawn)) == drawn
    assert json.loads(as_json(drawn))["fictitious"] is True


def test_a_drug_line_has_the_ten_columns_as_they_were_printed() -> None:
    half = line(quantity="0.50", unit="g")
    (told,) = json.loads(as_json(made(Found.of(OPEN, [half]))))["drugs"]
    assert TEN_COLUMNS.keys() <= told.keys()
    assert (told["quantity"], told["month"]) == ("0.50", "2026-04")
    assert told["prescribed_on"] == "2026-04-03"


def test_the_schema_describes_every_field_and_demands_it() -> None:
    form = schema()
    told = json.loads(as_json(made(Found.of(OPEN, EVERYTHING))))
    assert set(form["properties"]) == set(told) == set(form["required"])
    drug = form["$defs"]["DrugLine"]
    assert set(drug["properties"]) == set(told["drugs"][0])
    assert TEN_COLUMNS.keys() <= set(drug["properties"])
    assert form["$defs"]["Setting"]["enum"] == [one.value for one in Setting]
    assert form["$defs"]["DataType"]["enum"] == [one.value for one in DataType]


def test_the_statement_of_what_is_missing_is_in_the_json() -> None:
    told = json.loads(as_json(made(Found(OPEN))))
    assert told["as_of"]["newest_month"] == "2026-04"
    assert told["as_of"]["missing_from"] == "2026-05-01"
    assert "2026年5月1日以降の処方は含まれません" in told["statement"]


# -- specimen --------------------------------------------------------------------------
def test_a_specimen_is_the_same_for_a_seed_and_a_day() -> None:
    one, two = (
        specimen(7, day=TODAY, now_ms=ms(NOON), wanted=Wanted()) for _ in range(2)
    )
    assert one == two
    assert one.fictitious


@pytest.mark.parametrize("age", [0, 1, 39, 40, 84, 110])
@pytest.mark.parametrize("day", [TODAY, date(2024, 2, 29), date(2026, 1, 1)])
def test_a_specimen_has_the_age_that_is_asked_for(age: int, day: date) -> None:
    wanted = Wanted(age=age, sex=Sex.FEMALE)
    one = specimen(5, day=day, now_ms=ms(NOON), wanted=wanted)
    assert one.patient.sex is Sex.FEMALE
    assert abs(one.patient.age - age) <= 1
    if one.patient.age < 40:
        assert not one.checkups


def test_operations_are_told_the_newest_first() -> None:
    held = [operation(date(2022, 1, 5)), operation(date(2025, 1, 6))]
    told = made(Found.of(OPEN, held)).operations
    assert [one.done_on.year for one in told] == [2025, 2022]
