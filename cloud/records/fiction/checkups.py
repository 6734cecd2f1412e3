"""Yearly checkups of a fictitious person from 40 on, with results that hang together.

A body has a build, pressure, sugar and fat that drift with the years, worse before a
treatment began and better after it. Results are correlated where a doctor would look:
waist with weight, HbA1c with glucose, eGFR computed from creatinine, age and sex.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cloud.records import judgement as j
from cloud.records.fiction.conditions import (
    ANAEMIA,
    DIABETES,
    DYSLIPIDAEMIA,
    HYPERTENSION,
)
from cloud.records.fiction.courses import Course
from cloud.records.fiction.subject import Subject, working_day
from cloud.records.model import Checkup, CheckupItem, DataType, Institution
from cloud.records.month import month_of
from protocol.codes import Sex

SINCE_AGE = 40
YEARS = 5
ATTENDS = 0.6
COMES = 0.85
CENTRE = "架空健診センター"
_STRIPS = {"1": "－", "2": "±", "3": "＋", "4": "＋＋"}
_YES_NO = {"1": "はい", "2": "いいえ"}
_METABOLIC = {"1": "基準該当", "2": "予備群該当", "3": "非該当"}


@dataclass(frozen=True, slots=True)
class Body:
    """What changes little from year to year."""

    height: float
    weight: float
    gains: float
    """Kilograms a year."""
    creatinine: float
    drinks: float
    smokes: bool


@dataclass(frozen=True, slots=True)
class Burden:
    """How far an illness shows on the day: 1 untreated, 0.3 treated, 0 absent."""

    pressure: float
    sugar: float
    fat: float
    blood: float
    treated: frozenset[str]


def checkups(subject: Subject, courses: tuple[Course, ...]) -> Iterator[Checkup]:
    dice = subject.dice("checkups")
    attends = dice.random() < ATTENDS
    body = _body(subject, dice)
    for back in range(YEARS - 1, -1, -1):
        day = working_day(
            date(subject.today.year - back, 5, 1) + timedelta(days=dice.randrange(200))
        )
        comes = dice.random() < COMES
        yearly = subject.dice(f"checkup {day.year}")
        right_age = subject.age(day) >= SINCE_AGE
        if attends and comes and right_age and day <= subject.today:
            burden = _burden(courses, day)
            items = tuple(_items(subject, body, burden, day, back, yearly))
            where = Institution(CENTRE)
            yield Checkup(month_of(day), day, where, items, fictitious=True)


def _body(subject: Subject, dice: Random) -> Body:
    man = subject.sex is not Sex.FEMALE
    age = subject.age(subject.ends)
    shrunk = max(age - 50, 0) * 0.1
    height = dice.gauss(171.0, 5.5) if man else dice.gauss(158.0, 5.0)
    index = min(max(dice.gauss(24.0 if man else 22.6, 2.8), 17.5), 33.0)
    height = round(height - shrunk, 1)
    return Body(
        height,
        index * (height / 100) ** 2,
        dice.gauss(0.2, 0.4),
        dice.gauss(0.84 if man else 0.64, 0.08) + max(age - 65, 0) * 0.006,
        max(dice.gauss(0.6 if man else 0.2, 0.5), 0.0),
        dice.random() < (0.25 if man else 0.08),
    )


def _burden(courses: tuple[Course, ...], day: date) -> Burden:
    running = {one.condition.name: one.first <= day <= one.last for one in courses}

    def weight(name: str) -> float:
        if name not in running:
            return 0.0
        return 0.3 if running[name] else 1.0

    treated = frozenset(name for name, runs in running.items() if runs)
    fat, blood = weight(DYSLIPIDAEMIA), weight(ANAEMIA)
    return Burden(weight(HYPERTENSION), weight(DIABETES), fat, blood, treated)


def _items(
    subject: Subject, body: Body, burden: Burden, day: date, back: int, dice: Random
) -> Iterator[CheckupItem]:
    man, age = subject.sex is not Sex.FEMALE, subject.age(day)
    kilos = body.weight - body.gains * back + dice.gauss(0, 0.7)
    index = kilos / (body.height / 100) ** 2
    waist = 41.0 + 1.85 * index + (0 if man else 1.5) + dice.gauss(0, 1.2)
    yield _number(j.HEIGHT, "身長", body.height, "cm", 1)
    yield _number(j.WEIGHT, "体重", kilos, "kg", 1)
    yield _number(j.BMI, "BMI", index, "kg/m2", 1)
    yield _number(j.WAIST, "腹囲", waist, "cm", 1)
    heavy = index - 22
    systolic = 112 + age * 0.18 + heavy + 30 * burden.pressure + dice.gauss(0, 6)
    diastolic = 44 + systolic * 0.24 + 6 * burden.pressure + dice.gauss(0, 4)
    yield _number(j.SYSTOLIC, "収縮期血圧", systolic, "mmHg")
    yield _number(j.DIASTOLIC, "拡張期血圧", diastolic, "mmHg")
    fats = 95 + 7 * heavy + 60 * burden.fat + 25 * body.drinks + dice.gauss(0, 22)
    good = (56 if man else 66) - 1.2 * heavy + 4 * body.drinks + dice.gauss(0, 4)
    bad = 112 + heavy + 50 * burden.fat + dice.gauss(0, 9)
    if burden.fat == 0.3:
        bad -= 28
    yield _number(j.TRIGLYCERIDES, "中性脂肪", max(fats, 35), "mg/dL")
    yield _number(j.HDL, "HDLコレステロール", max(good, 28), "mg/dL")
    yield _number(j.LDL, "LDLコレステロール", max(bad, 50), "mg/dL")
    sugar = 90 + heavy + 45 * burden.sugar + dice.gauss(0, 5)
    yield _number(j.GLUCOSE, "空腹時血糖", max(sugar, 70), "mg/dL")
    long_sugar = 2.35 + max(sugar, 70) * 0.0345 + dice.gauss(0, 0.08)
    yield _number(j.HBA1C, "HbA1c（NGSP）", long_sugar, "%", 1)
    liver = max(20 + heavy * 1.1 + 5 * body.drinks + dice.gauss(0, 3), 10)
    yield _number(j.AST, "AST（GOT）", liver, "U/L")
    yield _number(j.ALT, "ALT（GPT）", max(liver * dice.gauss(0.95, 0.12), 7), "U/L")
    gamma = max(22 + 26 * body.drinks + heavy + dice.gauss(0, 5), 9)
    yield _number(j.GAMMA_GT, "γ-GT（γ-GTP）", gamma, "U/L")
    creatinine = round(max(body.creatinine + dice.gauss(0, 0.03), 0.4), 2)
    yield _number(j.CREATININE, "血清クレアチニン", creatinine, "mg/dL", 2)
    filtration = egfr(creatinine, age, subject.sex)
    yield _number(j.EGFR, "eGFR", filtration, "mL/min/1.73m2", 1)
    protein = dice.choices("123", (90, 6, 4) if filtration > 55 else (60, 22, 18))[0]
    sweet = "3" if burden.sugar == 1.0 and dice.random() < 0.4 else "1"
    yield _coded(j.URINE_PROTEIN, "尿蛋白", protein, _STRIPS)
    yield _coded(j.URINE_SUGAR, "尿糖", sweet, _STRIPS)
    red = (14.9 if man else 13.2) - max(age - 60, 0) * 0.03 - 2.4 * burden.blood
    yield _number(j.HAEMOGLOBIN, "血色素量", red + dice.gauss(0, 0.4), "g/dL", 1)
    risks = (
        (systolic >= 130 or diastolic >= 85 or HYPERTENSION in burden.treated)
        + (fats >= 150 or good < 40 or DYSLIPIDAEMIA in burden.treated)
        + (sugar >= 110 or DIABETES in burden.treated)
    )
    wide = waist >= (85 if man else 90)
    metabolic = "1" if wide and risks >= 2 else "2" if wide and risks else "3"
    yield _coded(j.METABOLIC, "メタボリックシンドローム判定", metabolic, _METABOLIC)
    for code, name, illness in (
        (j.PRESSURE_DRUGS, "服薬１（血圧）", HYPERTENSION),
        (j.GLUCOSE_DRUGS, "服薬２（血糖）", DIABETES),
        (j.LIPID_DRUGS, "服薬３（脂質）", DYSLIPIDAEMIA),
    ):
        yield _coded(code, name, "1" if illness in burden.treated else "2", _YES_NO)
    yield _coded(j.SMOKING, "喫煙", "1" if body.smokes else "2", _YES_NO)


def egfr(creatinine: float, age: int, sex: Sex) -> float:
    """日本腎臓学会: 194 x Cr^-1.094 x age^-0.287 (women x 0.739)."""
    women = 0.739 if sex is Sex.FEMALE else 1.0
    return 194.0 * math.pow(creatinine, -1.094) * math.pow(max(age, 1), -0.287) * women


def _number(
    code: str, name: str, value: float, unit: str, places: int = 0
) -> CheckupItem:
    return CheckupItem(code, name, f"{value:.{places}f}", unit)


def _coded(code: str, name: str, value: str, words: dict[str, str]) -> CheckupItem:
    return CheckupItem(
        code, name, value, data_type=DataType.CODED, value_name=words[value]
    )
