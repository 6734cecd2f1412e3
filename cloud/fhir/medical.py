"""Drugs as MedicationStatement, checkup results as Observation. Pure.

A claim tells what was given, not what was taken: the status of a statement is unknown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cloud.fhir import people, systems
from cloud.fhir.handle import mark
from cloud.records.judgement import Flag
from cloud.records.model import DataType, DrugLine, Institution, Setting
from cloud.records.report import Judged, Report, Result

Naming = Callable[[bytes], str]
"""The id of a thing by its mark (cloud.fhir.handle)."""
_SETTINGS: Final = {
    Setting.OUTPATIENT: "outpatient",
    Setting.INPATIENT: "inpatient",
    Setting.DISPENSING: "community",
}
_FLAGS: Final = {
    Flag.HIGH: "H",
    Flag.VERY_HIGH: "HH",
    Flag.LOW: "L",
    Flag.VERY_LOW: "LL",
}


def statements(report: Report, patient: str, named: Naming) -> list[dict[str, Any]]:
    """In the report's order: the newest first."""
    marks = _told_apart(repr(line) for line in report.drugs)
    return [
        _statement(report, line, patient, named(mark))
        for line, mark in zip(report.drugs, marks, strict=True)
    ]


def observations(report: Report, patient: str, named: Naming) -> list[dict[str, Any]]:
    """By checkup, the newest first; within it in the order of the form."""
    pairs = [(day, one) for day in report.checkups for one in day.results]
    marks = _told_apart(f"{day.day} {day.institution} {one.item}" for day, one in pairs)
    return [
        _observation(report, day, one, patient, named(mark))
        for (day, one), mark in zip(pairs, marks, strict=True)
    ]


def _statement(
    report: Report, line: DrugLine, patient: str, handle: str
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "resourceType": "MedicationStatement",
        "id": handle,
        **people.marked(fictitious=report.fictitious),
        "extension": [
            {"url": systems.FORM, "valueString": line.form.word},
            {"url": systems.TIMES, "valueUnsignedInt": line.times},
        ],
        "status": "unknown",
        "category": systems.concept(
            systems.HL7 + "medication-statement-category", _SETTINGS[line.setting]
        ),
        "medicationCodeableConcept": _drug(line),
        "subject": people.reference(patient),
        # A day where one is known, else the month of the claim.
        "effectiveDateTime": line.given_on.isoformat() if line.given_on else line.month,
        "informationSource": _organization(line.dispenser or line.prescriber),
        "dosage": [_dosage(line)],
    }
    return made


def _drug(line: DrugLine) -> dict[str, Any]:
    coded = {"coding": [systems.coding(systems.DRUG, line.code)]} if line.code else {}
    generic = f" ({line.generic})" if line.generic else ""
    return {**coded, "text": line.brand + generic}


def _dosage(line: DrugLine) -> dict[str, Any]:
    words = f"{line.usage} {line.quantity}{line.unit} {line.form.word}".strip()
    made: dict[str, Any] = {"text": words}
    amount = _number(line.quantity)
    if amount is not None:
        made["doseAndRate"] = [{"doseQuantity": _quantity(amount, line.unit)}]
    return made


def _observation(
    report: Report, checkup: Judged, result: Result, patient: str, handle: str
) -> dict[str, Any]:
    item = result.item
    made: dict[str, Any] = {
        "resourceType": "Observation",
        "id": handle,
        **people.marked(fictitious=report.fictitious),
        "status": "final",
        "category": [systems.concept(systems.HL7 + "observation-category", "exam")],
        "code": {
            "coding": [systems.coding(systems.JLAC10, item.code)],
            "text": item.name,
        },
        "subject": people.reference(patient),
        "effectiveDateTime": checkup.day.isoformat(),
        "performer": [_organization(checkup.institution)],
    }
    amount = _number(item.value)
    if item.data_type is DataType.CODED:
        made["valueCodeableConcept"] = {
            "coding": [
                systems.coding(systems.OURS + "result:" + item.code, item.value)
            ],
            "text": item.value_name or item.value,
        }
    elif amount is not None:
        made["valueQuantity"] = _quantity(amount, item.unit)
    else:
        made["valueString"] = item.value
    if result.flag in _FLAGS:
        system = systems.HL7 + "v3-ObservationInterpretation"
        made["interpretation"] = [systems.concept(system, _FLAGS[result.flag])]
    return made


def _organization(one: Institution) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "Organization", "display": one.name}
    if one.code:
        made["identifier"] = {"system": systems.FACILITY, "value": one.code}
    return made


def _quantity(amount: Decimal, unit: str) -> dict[str, Any]:
    return {"value": amount, **({"unit": unit} if unit else {})}


def _number(text: str) -> Decimal | None:
    """As printed: 0.50 stays 0.50."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and "e" not in text.lower() else None


def _told_apart(texts: Iterable[str]) -> Iterator[bytes]:
    """A mark for each; the second of two that are alike is another one."""
    counted: Counter[str] = Counter()
    for text in texts:
        counted[text] += 1
        yield mark(text, str(counted[text]))
