"""An insurance as JP_Coverage, its public expenses as Coverages beside it. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cloud.eligibility.model import USABLE
from cloud.fhir import jp, people, systems
from cloud.registry.benefits import PublicExpense
from cloud.registry.model import Insurance
from protocol.codes import Relationship, Validity

_KINDS: Final = {"1": "医保", "2": "国保", "7": "後期高齢者", "8": "公費"}
_ROLES: Final = {Relationship.INSURED: "被保険者", Relationship.FAMILY: "被扶養者"}
_LATE_ELDERLY: Final = "39"
_NATIONAL_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer says of one insurance, and by which ids."""

    id: str
    patient: str
    insurance: Insurance
    validity: Validity
    cause: str = ""
    fictitious: bool = False


def coverage(shown: Shown) -> dict[str, Any]:
    """Without its version, which is made of it."""
    one = shown.insurance
    who = insured(one)
    branch = jp.branch(one.branch)
    made: dict[str, Any] = {
        "resourceType": "Coverage",
        "id": shown.id,
        **people.marked(fictitious=shown.fictitious, profile=[systems.JP_COVERAGE]),
        "contained": [_insurer(one.insurer_number, one.insurer_name)],
        "extension": [*_printed(who), *_state(shown)],
        "identifier": [
            {"system": systems.MEMBER_ID, "value": jp.member_id(who)},
            {"system": systems.CSV_ID, "value": jp.csv_id(who)},
        ],
        "status": "active" if shown.validity in USABLE else "cancelled",
        "type": _type(_kind(one)),
        "subscriberId": f'"{jp.widened(one.symbol)}","{jp.widened(one.number)}"',
        "beneficiary": people.reference(shown.patient),
        "relationship": systems.concept(
            systems.RELATIONSHIP, one.relationship.value, _ROLES[one.relationship]
        ),
        "period": period(one.valid_from, one.valid_until),
        "payor": [{"reference": "#payor"}],
    }
    if branch:
        made["dependent"] = branch
    if one.insured_name:
        made["subscriber"] = {"display": one.insured_name}
    if one.copayment_ratio.isdigit():
        made["costToBeneficiary"] = [_copayment(one.copayment_ratio)]
    return made


def public_coverage(
    shown: Shown, expense: PublicExpense, handle: str, order: int
) -> dict[str, Any]:
    """公費: who else pays, `order` from 1."""
    covered = expense.period
    made = {
        "resourceType": "Coverage",
        "id": handle,
        **people.marked(fictitious=shown.fictitious),
        "contained": [_insurer(expense.payer_number, "")],
        "status": "active",
        "type": _type("8"),
        "subscriberId": expense.recipient_number,
        "beneficiary": people.reference(shown.patient),
        "period": period(covered.valid_from, covered.valid_until),
        "payor": [{"reference": "#payor"}],
        "order": order,
    }
    if expense.self_pay is not None:
        money = {"value": Decimal(expense.self_pay), "currency": "JPY"}
        kind = systems.concept(systems.HL7 + "coverage-copay-type", "copay")
        made["costToBeneficiary"] = [{"type": kind, "valueMoney": money}]
    return made


def insured(one: Insurance) -> jp.Insured:
    return jp.Insured(one.insurer_number, one.symbol, one.number, one.branch)


def period(begins: date, ends: date | None) -> dict[str, Any]:
    until = {"end": ends.isoformat()} if ends else {}
    return {"start": begins.isoformat(), **until}


def _printed(who: jp.Insured) -> list[dict[str, Any]]:
    texts = (
        (systems.SYMBOL, jp.widened(who.symbol)),
        (systems.NUMBER, jp.widened(who.number)),
        (systems.BRANCH, jp.branch(who.branch)),
    )
    return [{"url": url, "valueString": text} for url, text in texts if text]


def _state(shown: Shown) -> list[dict[str, Any]]:
    validity = systems.coding(systems.oqscd(6), shown.validity.value)
    made: list[dict[str, Any]] = [{"url": systems.VALIDITY, "valueCoding": validity}]
    if shown.cause:
        made.append({"url": systems.CAUSE, "valueCode": shown.cause})
    return made


def _insurer(number: str, name: str) -> dict[str, Any]:
    identifier = {"system": systems.INSURER, "value": number.strip()}
    return {
        "resourceType": "Organization",
        "id": "payor",
        "identifier": [identifier],
        "type": [systems.concept(systems.HL7 + "organization-type", "pay")],
        **({"name": name} if name else {}),
    }


def _type(kind: str) -> dict[str, Any]:
    policy = systems.coding(systems.HL7 + "v3-ActCode", "PUBLICPOL")
    return {"coding": [systems.coding(systems.KIND, kind, _KINDS[kind]), policy]}


def _kind(one: Insurance) -> str:
    number = one.insurer_number.strip().lstrip("0")
    if one.assistance:
        return "8"
    if len(number) <= _NATIONAL_DIGITS:
        return "2"
    return "7" if number.startswith(_LATE_ELDERLY) else "1"


def _copayment(ratio: str) -> dict[str, Any]:
    kind = systems.concept(systems.HL7 + "coverage-copay-type", "copaypct")
    percent = {"value": int(ratio), "unit": "%", "system": systems.UCUM, "code": "%"}
    return {"type": kind, "valueQuantity": percent}
