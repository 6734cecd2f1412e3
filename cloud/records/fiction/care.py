"""Treatment (診療情報) of a fictitious person: the acts that the national view lists.

Management, images, pathology and self-injection at home; not every fee of a visit.
"""

from collections.abc import Iterator
from datetime import date

from cloud.records.fiction import doses as d
from cloud.records.fiction.conditions import (
    DIABETES,
    DYSLIPIDAEMIA,
    HYPERTENSION,
    STENT,
    Clinic,
)
from cloud.records.fiction.courses import Course, Visit
from cloud.records.fiction.subject import Subject
from cloud.records.fiction.surgery import operated
from cloud.records.model import Institution, Setting, Treatment
from cloud.records.month import Month, month_of

MANAGEMENT = "医学管理"
HOME = "在宅"
IMAGE = "画像診断"
PATHOLOGY = "病理診断"

LIFESTYLE = frozenset({HYPERTENSION, DYSLIPIDAEMIA, DIABETES})
LIFESTYLE_FEE_SINCE = date(2024, 6, 1)
"""From here on 生活習慣病管理料（２） took the place of 特定疾患療養管理料."""
IMAGED = 0.12


def treatments(
    subject: Subject, visits: tuple[Visit, ...], courses: tuple[Course, ...]
) -> Iterator[Treatment]:
    billed: set[tuple[str, Month]] = set()
    for visit in visits:
        for category, name, code in _acts(subject, visit):
            monthly = (name, month_of(visit.day))
            if monthly not in billed:
                billed.add(monthly)
                yield _treatment(visit.day, category, name, code, visit.clinic)
    for day, surgery in operated(subject):
        if day >= subject.begins:
            yield from _around(day, surgery.code)


def _acts(subject: Subject, visit: Visit) -> Iterator[tuple[str, str, str]]:
    names = {one.condition.name for one in visit.courses}
    dice = subject.dice(f"acts {visit.clinic} {visit.day}")
    if names & LIFESTYLE:
        if visit.day >= LIFESTYLE_FEE_SINCE:
            yield MANAGEMENT, "生活習慣病管理料（２）", "B001-3-3"
        else:
            yield MANAGEMENT, "特定疾患療養管理料（診療所）", "B000"
    if STENT in names or "心房細動" in names:
        yield MANAGEMENT, "特定疾患療養管理料（診療所）", "B000"
    if "気管支喘息" in names:
        yield MANAGEMENT, "喘息治療管理料１（２月目以降）", "B001"
    if any(d.GLARGINE in step for one in visit.courses for step in one.ladder[-1:]):
        yield HOME, "在宅自己注射指導管理料（１以外）", "C101"
    if dice.random() < IMAGED:
        yield from _image(visit.clinic)


def _image(clinic: Clinic) -> Iterator[tuple[str, str, str]]:
    match clinic:
        case Clinic.INTERNAL | Clinic.HEART:
            yield IMAGE, "単純撮影（胸部）デジタル撮影", "E002"
        case Clinic.ORTHOPAEDIC:
            yield IMAGE, "単純撮影（膝）デジタル撮影", "E002"
        case Clinic.URINARY | Clinic.HOSPITAL:
            yield IMAGE, "CT撮影（16列以上64列未満マルチスライス型機器）", "E200"
        case _:
            return


def _around(day: date, code: str) -> Iterator[Treatment]:
    where = Clinic.HOSPITAL
    if code == "K721":
        yield _treatment(day, PATHOLOGY, "病理組織標本作製（組織切片）", "N000", where)
    if code in ("K672-2", "K718-2", "K046", "K634"):
        name = "CT撮影（64列以上マルチスライス型機器）"
        yield _treatment(day, IMAGE, name, "E200", where, Setting.INPATIENT)


def _treatment(
    day: date,
    category: str,
    name: str,
    code: str,
    clinic: Clinic,
    setting: Setting = Setting.OUTPATIENT,
) -> Treatment:
    where = Institution(clinic.value)
    return Treatment(
        setting, month_of(day), day, category, name, "1", "回", 1, where, code,
        fictitious=True,
    )  # fmt: skip
