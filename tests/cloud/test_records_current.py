"""What counts as taken now, when the newest claims are one to two months old."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cloud.records.current import (
    LATE_DAYS,
    Standings,
    grid,
    standings,
    supply_until,
)
from cloud.records.lag import as_of
from cloud.records.model import DrugLine, Form, Institution, Setting
from tests.cloud.records_world import line

AS_OF = as_of(date(2026, 6, 15))
END = AS_OF.complete_until
ELSEWHERE = Institution("見本整形外科")


def told(*lines: DrugLine) -> tuple[list[str], list[str]]:
    """Brands that are current, and brands that are over."""
    found: Standings = standings(lines, AS_OF)
    return (
        [one.line.brand for one in found.current],
        [one.line.brand for one in found.recent],
    )


def ago(days: int, **changes: object) -> DrugLine:
    return line(END - timedelta(days=days), **changes)


def test_a_supply_that_lasts_beyond_the_last_complete_day_is_current() -> None:
    assert told(ago(20, times=28)) == (["ノルバスク錠5mg"], [])


@pytest.mark.parametrize(
    ("days_late", "current"),
    [(-1, True), (0, True), (LATE_DAYS, True), (LATE_DAYS + 1, False)],
)
def test_a_patient_who_comes_a_little_late_has_not_stopped(
    days_late: int, current: bool
) -> None:
    given = ago(27 + days_late, times=28)
    assert supply_until(given) == END - timedelta(days=days_late)
    assert bool(told(given)[0]) is current


def test_a_short_course_is_over_and_still_told() -> None:
    assert told(ago(40, times=5)) == ([], ["ノルバスク錠5mg"])
    assert told(ago(91, times=5)) == ([], ["ノルバスク錠5mg"])
    assert told(ago(92, times=5)) == ([], [])


@pytest.mark.parametrize(
    ("usage", "times"),
    [("週1回起床時", 4), ("週に１回　起床時", 4), ("4週に1回起床時", 1), ("月1回", 1)],
)
def test_a_weekly_tablet_lasts_weeks(usage: str, times: int) -> None:
    given = ago(20, usage=usage, times=times)
    assert supply_until(given) == END - timedelta(days=20) + timedelta(days=27)
    assert told(given)[0]


def test_a_dose_that_was_replaced_is_not_current_and_is_named() -> None:
    old = ago(25, brand="ノルバスク錠2.5mg", times=90)
    new = ago(5)
    found = standings([old, new], AS_OF)
    assert [one.line for one in found.current] == [new]
    assert found.current[0].before == old
    assert found.recent == ()


def test_the_same_dose_again_is_no_change() -> None:
    found = standings([ago(33), ago(5)], AS_OF)
    assert found.current[0].before is None
    assert found.current[0].months == ("2026-03", "2026-04")
    assert found.current[0].since == "2026-03"


def test_a_change_of_more_than_a_year_ago_is_not_told() -> None:
    old = line(date(2025, 4, 30), brand="ノルバスク錠2.5mg")
    assert standings([old, ago(5)], AS_OF).current[0].before is None
    newer = line(date(2025, 5, 1), brand="ノルバスク錠2.5mg")
    assert standings([newer, ago(5)], AS_OF).current[0].before == newer


def test_two_strengths_of_one_prescription_are_both_current() -> None:
    one = ago(5, brand="ワーファリン錠1mg", generic="ワルファリンカリウム錠")
    two = replace(one, brand="ワーファリン錠0.5mg")
    assert sorted(told(one, two)[0]) == ["ワーファリン錠0.5mg", "ワーファリン錠1mg"]


def test_the_same_drug_from_two_prescribers_is_marked() -> None:
    found = standings([ago(5), ago(9, prescriber=ELSEWHERE)], AS_OF)
    assert [one.twice for one in found.current] == [True, True]
    alone = standings([ago(5), ago(80, prescriber=ELSEWHERE)], AS_OF)
    assert [one.twice for one in alone.current] == [False]


@pytest.mark.parametrize(
    ("form", "days"),
    [(Form.AS_NEEDED, 62), (Form.TOPICAL, 62), (Form.INJECTION, 183)],
)
def test_a_drug_without_days_is_current_for_a_while(form: Form, days: int) -> None:
    given = ago(days - 1, form=form, times=1)
    assert supply_until(given) is None
    assert told(given)[0]
    assert not told(ago(days, form=form, times=1))[0]


def test_drugs_of_a_stay_in_hospital_end_with_it() -> None:
    stay = ago(10, setting=Setting.INPATIENT, dispensed_on=None, times=5)
    assert told(stay) == ([], ["ノルバスク錠5mg"])
    drip = replace(stay, form=Form.INJECTION)
    assert told(drip) == ([], ["ノルバスク錠5mg"])
    assert told(replace(stay, times=30))[0]


def test_a_line_without_any_date_is_not_placed_in_time() -> None:
    assert told(ago(5, prescribed_on=None, dispensed_on=None)) == ([], [])


def test_swallowed_drugs_come_first_then_what_is_needed_applied_injected() -> None:
    forms = (Form.INJECTION, Form.TOPICAL, Form.AS_NEEDED, Form.INTERNAL)
    lines = [
        ago(5, form=form, generic=form.value, times=28 if form == "internal" else 1)
        for form in forms
    ]
    found = standings(lines, AS_OF)
    assert [one.line.form for one in found.current] == list(Form)


def test_the_overview_ends_with_the_newest_month() -> None:
    months = grid(AS_OF)
    assert (months[0], months[-1], len(months)) == ("2025-05", "2026-04", 12)
