"""A report of records as YZK and TKK answers, one to one with our own fields. Pure.

Element names and nesting are those that public programs read (README).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final, TypeVar

from cloud.oqs.request import RecordsAsked
from cloud.records.model import DrugLine, Form, Institution, Setting, Treatment
from cloud.records.month import Month, month_of
from cloud.records.report import Judged, Report
from protocol.oqs.document import Element, leaves
from protocol.oqs.text import full_width_space, half_width
from protocol.oqs.values import compact_date, date_text

DRUGS: Final = "diagnosis_and_drugs"
CHECKUP: Final = "checkup"
_MEDICAL, _PHARMACY = "1", "4"
"""点数表 of who gave it (DiOrg)."""
_IN_OUT: Final = {
    Setting.INPATIENT: "1",
    Setting.OUTPATIENT: "2",
    Setting.DISPENSING: "2",
}
_FORM: Final = {
    Form.INTERNAL: "21",
    Form.AS_NEEDED: "22",
    Form.TOPICAL: "23",
    Form.INJECTION: "33",
}
"""診療識別 of claims."""
T = TypeVar("T")


def within(report: Report, asked: RecordsAsked) -> Report:
    """Of the months asked for, both included."""
    first = month_of(asked.first) if asked.first else Month("0000-00")
    last = month_of(asked.last) if asked.last else Month("9999-99")
    return replace(
        report,
        drugs=tuple(one for one in report.drugs if first <= one.month <= last),
        treatments=tuple(
            one for one in report.treatments if first <= one.month <= last
        ),
    )


def patient(report: Report) -> Element:
    """QuaInf of the header."""
    one = report.patient
    parts = leaves(
        ("Name", full_width_space(one.name)),
        ("KanaName", half_width(one.name_kana)),
        ("Birth", date_text(one.birth_date)),
        ("AdmGendCode", one.sex.value),
    )
    return Element("QuaInf", "", parts)


# -- drugs and treatment -------------------------------------------------------------
def drugs(report: Report) -> Iterator[Element]:
    """MeTrMonthInf: one of a month, a prescriber and who gave it."""
    for (month, giver, prescriber, setting), lines in _grouped(report.drugs, _shelf):
        days = [
            _day(given, prescribed, "DrugInf", map(_drug, same))
            for (given, prescribed), same in _grouped(lines, _prescription)
        ]
        yield _month(month, giver, prescriber, setting, days)
    for (month, where, setting), acts in _grouped(report.treatments, _of_treatment):
        days = [
            _day(done, None, "MeTrInf", map(_treatment, same))
            for done, same in _grouped(acts, lambda one: one.done_on)
        ]
        yield _month(month, where, where, setting, days)


def _month(
    month: Month,
    giver: Institution,
    prescriber: Institution,
    setting: Setting,
    days: list[Element],
) -> Element:
    pharmacy = setting is Setting.DISPENSING
    parts = leaves(
        ("DiOrg", _PHARMACY if pharmacy else _MEDICAL),
        ("MeTrDiHCd", giver.code),
        ("MeTrDiHNm", giver.name),
        ("MeTrMonth", compact_date(month)),
        ("PrlsHCd", prescriber.code),
        ("PrlsHNm", prescriber.name),
        ("InOut", _IN_OUT[setting]),
    )
    return Element("MeTrMonthInf", "", (*parts, Element("DiDateInfs", "", tuple(days))))


def _day(
    given: date | None, prescribed: date | None, name: str, lines: Iterable[Element]
) -> Element:
    dates = leaves(("DiDate", date_text(given)), ("PrDate", date_text(prescribed)))
    return Element("DiDateInf", "", (*dates, Element(f"{name}s", "", tuple(lines))))


def _drug(line: DrugLine) -> Element:
    parts = leaves(
        ("DrugC", line.code),
        ("DrugN", line.brand),
        ("IngreN", line.generic),
        ("Qua1", line.quantity),
        ("Unit", line.unit),
        ("Times", str(line.times)),
        ("UsageN", line.usage),
        ("MeTrIdCl", _FORM[line.form]),
    )
    return Element("DrugInf", "", parts)


def _treatment(one: Treatment) -> Element:
    parts = leaves(
        ("SinInfN", one.name),
        ("SinInfCd", one.code),
        ("MeTrIdCl", one.category),
        ("Qua1", one.quantity),
        ("Times", str(one.times)),
        ("Unit", one.unit),
    )
    return Element("MeTrInf", "", parts)


def _shelf(line: DrugLine) -> tuple[Month, Institution, Institution, Setting]:
    giver = line.dispenser or line.prescriber
    return line.month, giver, line.prescriber, line.setting


def _prescription(line: DrugLine) -> tuple[date | None, date | None]:
    return line.given_on, line.prescribed_on


def _of_treatment(one: Treatment) -> tuple[Month, Institution, Setting]:
    return one.month, one.institution, one.setting


# -- checkups ------------------------------------------------------------------------
def checkups(report: Report) -> Iterator[Element]:
    """SpecificHealthCheckupInfo, the newest first."""
    yield from map(_checkup, report.checkups)


def _checkup(one: Judged) -> Element:
    items = tuple(
        Element(
            "HealthCheckupResultAndQuestionInfo",
            "",
            leaves(
                ("ItemCode", result.item.code),
                ("ItemName", result.item.name),
                ("DataType", result.item.data_type.value),
                ("DataValue", result.item.value),
                ("Unit", result.item.unit),
                ("DataValueName", result.item.value_name),
            ),
        )
        for result in one.results
    )
    parts = leaves(
        ("EffectiveTime", date_text(one.day)),
        ("MedicalInstitutionName", one.institution.name),
    )
    listed = Element("HealthCheckupResultAndQuestionInfos", "", items)
    return Element("SpecificHealthCheckupInfo", "", (*parts, listed))


K = TypeVar("K", bound=Hashable)


def _grouped(lines: Iterable[T], key: Callable[[T], K]) -> Iterator[tuple[K, list[T]]]:
    """In the order of the report, where what belongs together already stands so."""
    return ((found, list(same)) for found, same in groupby(lines, key))
