"""What a doctor is shown, in which order, and what stands on which page. Pure.

The first page answers "what does this patient take now"; then every drug line by month,
treatment and surgery, checkups over the years. A kind that is not open says so; one
with nothing on record says that.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cloud.records.current import Standing, standings
from cloud.records.judgement import BY_CODE, KNOWN, Bounds, Flag, Group, judged
from cloud.records.lag import AsOf
from cloud.records.model import (
    Checkup,
    CheckupItem,
    DrugLine,
    Institution,
    Operation,
    Record,
    Setting,
    Treatment,
)
from cloud.records.month import Month, words
from cloud.records.service import Found
from cloud.registry.model import Person, age_on
from protocol.codes import Sex

CHECKUP_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Patient:
    name: str
    name_kana: str
    sex: Sex
    birth_date: date
    age: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A consent that the report rests on."""

    item: str
    available_until: int | None
    """Unix ms; None: until it is withdrawn."""


@dataclass(frozen=True, slots=True)
class Result:
    item: CheckupItem
    flag: Flag


@dataclass(frozen=True, slots=True)
class Judged:
    """One checkup with its results judged."""

    day: date
    institution: Institution
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is handed out; its JSON form is the answer of `--json`."""

    facility: str
    patient: Patient
    made_at: int
    """Unix ms."""
    as_of: AsOf
    statement: str
    """What the newest month is and what is missing, in words."""
    fictitious: bool
    opened: tuple[Opened, ...]
    current: tuple[Standing, ...]
    recent: tuple[Standing, ...]
    drugs: tuple[DrugLine, ...]
    """Newest month first; within it by prescription."""
    treatments: tuple[Treatment, ...]
    operations: tuple[Operation, ...]
    checkups: tuple[Judged, ...]
    """Newest first."""
    mode: str
    """Read while outage or disaster mode was open at the facility."""

    def __repr__(self) -> str:
        """No name, no drug: a value may meet a log or a traceback."""
        return f"Report({len(self.drugs)} drug lines)"

    def opens(self, item: str) -> bool:
        return any(one.item == item for one in self.opened)

    @property
    def closes_at(self) -> int | None:
        """When the first of its consents ends (Unix ms); None: at a withdrawal."""
        ends = [one.available_until for one in self.opened]
        return min((end for end in ends if end is not None), default=None)


def report(
    found: Found,
    person: Person,
    *,
    facility: str,
    as_of: AsOf,
    made_at: int,
    fictitious: bool = False,
    mode: str = "",
) -> Report:
    """`fictitious` marks a person who is; a fictitious record does so anyway."""
    stand = standings(found.drugs, as_of)
    everything: tuple[Record, ...] = (
        *found.drugs,
        *found.treatments,
        *found.operations,
        *found.checkups,
    )
    return Report(
        facility,
        _patient(person, as_of.day),
        made_at,
        as_of,
        statement(as_of),
        fictitious or any(one.fictitious for one in everything),
        tuple(Opened(item, found.until[item]) for item in sorted(found.until)),
        stand.current,
        stand.recent,
        tuple(sorted(found.drugs, key=_newest_prescription_first)),
        tuple(sorted(found.treatments, key=lambda one: one.month, reverse=True)),
        tuple(sorted(found.operations, key=lambda one: one.done_on, reverse=True)),
        tuple(
            _judged(one, person.sex)
            for one in sorted(found.checkups, key=lambda one: one.day, reverse=True)
        ),
        mode,
    )


def statement(as_of: AsOf) -> str:
    since = as_of.missing_from
    return (
        f"診療報酬明細書（レセプト）による{words(as_of.newest_month)}診療分まで。"
        f"{since.year}年{since.month}月{since.day}日以降の処方は含まれません。"
    )


# -- pages ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Prescription:
    """Lines that were prescribed and given together."""

    setting: Setting
    prescribed_on: date | None
    dispensed_on: date | None
    prescriber: Institution
    dispenser: Institution | None
    lines: tuple[DrugLine, ...]


@dataclass(frozen=True, slots=True)
class DrugMonth:
    month: Month
    prescriptions: tuple[Prescription, ...]


@dataclass(frozen=True, slots=True)
class SummarySheet:
    """Page one: what is taken now, and what else must be known at once."""

    current: tuple[Standing, ...]
    recent: tuple[Standing, ...]
    operations: tuple[Operation, ...]
    striking: tuple[Result, ...]
    """The newest checkup's results that reached a judgement value."""
    checked_on: date | None


@dataclass(frozen=True, slots=True)
class DrugSheet:
    months: tuple[DrugMonth, ...]


@dataclass(frozen=True, slots=True)
class Acts:
    """Treatment of one category."""

    category: str
    treatments: tuple[Treatment, ...]


@dataclass(frozen=True, slots=True)
class CareSheet:
    operations: tuple[Operation, ...]
    acts: tuple[Acts, ...]
    """What is seldom comes first: images are looked for, monthly fees are not."""


@dataclass(frozen=True, slots=True)
class CheckupRow:
    group: Group
    name: str
    unit: str
    bounds: Bounds
    results: tuple[Result | None, ...]
    """One per checkup of the sheet."""


@dataclass(frozen=True, slots=True)
class CheckupSheet:
    checkups: tuple[Judged, ...]
    """Newest first."""
    rows: tuple[CheckupRow, ...]


Sheet = SummarySheet | DrugSheet | CareSheet | CheckupSheet


def sheets(report: Report) -> tuple[Sheet, ...]:
    """What begins on a page of its own; what is empty is only said on page one."""
    newest = report.checkups[0] if report.checkups else None
    made: list[Sheet] = [
        SummarySheet(
            report.current,
            report.recent,
            report.operations,
            _striking(newest),
            newest.day if newest else None,
        )
    ]
    if report.drugs:
        made.append(DrugSheet(drug_months(report.drugs)))
    if report.treatments or report.operations:
        made.append(CareSheet(report.operations, acts(report.treatments)))
    shown = report.checkups[:CHECKUP_COLUMNS]
    if shown:
        made.append(CheckupSheet(shown, checkup_rows(shown, report.patient.sex)))
    return tuple(made)


def drug_months(drugs: tuple[DrugLine, ...]) -> tuple[DrugMonth, ...]:
    """`drugs` in the report's order, by month and by prescription."""
    return tuple(
        DrugMonth(month, _prescriptions(tuple(lines)))
        for month, lines in groupby(drugs, key=lambda line: line.month)
    )


def acts(treatments: tuple[Treatment, ...]) -> tuple[Acts, ...]:
    """`treatments` in the report's order, by category, the smallest one first."""
    by_category: dict[str, list[Treatment]] = {}
    for one in treatments:
        by_category.setdefault(one.category, []).append(one)
    ordered = sorted(by_category.items(), key=lambda each: len(each[1]))
    return tuple(Acts(category, tuple(held)) for category, held in ordered)


def checkup_rows(shown: tuple[Judged, ...], sex: Sex) -> tuple[CheckupRow, ...]:
    """One row per item that any of the checkups has; unknown items come last."""
    by_code = [{one.item.code: one for one in each.results} for each in shown]
    codes = [one.code for one in KNOWN if any(one.code in each for each in by_code)]
    codes += sorted({code for each in by_code for code in each} - set(codes))
    return tuple(
        _checkup_row(code, tuple(each.get(code) for each in by_code), sex)
        for code in codes
    )


def _checkup_row(code: str, results: tuple[Result | None, ...], sex: Sex) -> CheckupRow:
    newest = next(one for one in results if one is not None)
    known = BY_CODE.get(code)
    group, bounds = (known.group, known.of(sex)) if known else (Group.OTHER, Bounds())
    return CheckupRow(group, newest.item.name, newest.item.unit, bounds, results)


def _striking(newest: Judged | None) -> tuple[Result, ...]:
    if newest is None:
        return ()
    return tuple(one for one in newest.results if one.flag is not Flag.NONE)


def _prescriptions(lines: tuple[DrugLine, ...]) -> tuple[Prescription, ...]:
    return tuple(
        Prescription(setting, prescribed, dispensed, prescriber, dispenser, tuple(same))
        for (setting, prescribed, dispensed, prescriber, dispenser), same in groupby(
            lines,
            key=lambda line: (
                line.setting,
                line.prescribed_on,
                line.dispensed_on,
                line.prescriber,
                line.dispenser,
            ),
        )
    )


def _newest_prescription_first(line: DrugLine) -> tuple[object, ...]:
    def back(day: date | None) -> int:
        return -(day or date.min).toordinal()

    months = -int(line.month.replace("-", ""))
    dates = (back(line.given_on), back(line.prescribed_on))
    given_by = line.dispenser.name if line.dispenser else ""
    return (months, *dates, line.prescriber.name, line.setting, given_by)


def _patient(person: Person, day: date) -> Patient:
    age = age_on(person.birth_date, day)
    return Patient(person.name, person.name_kana, person.sex, person.birth_date, age)


def _judged(checkup: Checkup, sex: Sex) -> Judged:
    results = tuple(Result(item, judged(item, sex)) for item in checkup.items)
    return Judged(checkup.day, checkup.institution, results)
