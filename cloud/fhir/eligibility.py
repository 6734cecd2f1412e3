"""An answer as CoverageEligibilityResponse. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from cloud.eligibility.model import JST, USABLE
from cloud.fhir import changed, people, systems
from cloud.fhir.coverage import period
from cloud.fhir.question import Request
from cloud.registry.benefits import CopaymentLimit, PublicExpense
from cloud.registry.model import Insurance
from protocol.ids import FacilityCode

_CARE: Final = systems.concept(systems.HL7 + "ex-benefitcategory", "1", "Medical Care")
UNKNOWN: Final = {"type": "Patient", "display": "not identified"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, with the ids that this facility knows things by."""

    facility: FacilityCode
    at: datetime
    handle: str
    """What the case is known by when the facility is told more."""
    plain: Mapping[str, Any]
    """The whole answer (cloud.access.asking)."""
    patient: str = ""
    coverage: str = ""
    insurance: Insurance | None = None
    fictitious: bool = False


def response(request: Request, answered: Answered) -> dict[str, Any]:
    plain = answered.plain
    asked = {"system": systems.UUID, "value": f"urn:uuid:{answered.handle}"}
    made: dict[str, Any] = {
        "resourceType": "CoverageEligibilityResponse",
        "id": answered.handle,
        **people.marked(fictitious=answered.fictitious),
        "extension": _extensions(plain),
        "identifier": [{"system": systems.PROOF, "value": plain["proof"]}],
        "status": "active",
        "purpose": list(request.purposes),
        "patient": people.reference(answered.patient) if answered.patient else UNKNOWN,
        "servicedDate": plain["on"],
        "created": answered.at.astimezone(JST).isoformat(timespec="seconds"),
        "requestor": systems.facility(answered.facility),
        "request": {"type": "CoverageEligibilityRequest", "identifier": asked},
        "outcome": "complete" if answered.insurance else "error",
        **_disposition(plain),
        "insurer": _insurer(answered.insurance),
    }
    if answered.insurance:
        made["insurance"] = [_insurance(request, answered, answered.insurance)]
    else:
        made["error"] = [{"code": systems.concept(systems.CAUSE, plain["cause"])}]
    return made


def _extensions(plain: Mapping[str, Any]) -> list[dict[str, Any]]:
    validity = systems.coding(systems.oqscd(6), plain["validity"])
    made: list[dict[str, Any]] = [{"url": systems.VALIDITY, "valueCoding": validity}]
    if plain["cause"]:
        made.append({"url": systems.CAUSE, "valueCode": plain["cause"]})
    if plain["mode"]:
        made.append({"url": systems.MODE, "valueCode": plain["mode"]})
    if plain["watched"]:
        made.append({"url": systems.WATCHED, "valueBoolean": True})
    return [*made, *changed.extension(plain["changes"])]


def _disposition(plain: Mapping[str, Any]) -> dict[str, str]:
    """Cause, then what to do about it."""
    found = plain["advice"]
    if found is None:
        return {}
    lines = [found[part][word] for word in ("ja", "en") for part in ("cause", "staff")]
    return {"disposition": "\n".join(lines)}


def _insurer(insurance: Insurance | None) -> dict[str, Any]:
    if insurance is None:
        return {"type": "Organization", "display": "not identified"}
    number = insurance.insurer_number.strip()
    named = {"display": insurance.insurer_name} if insurance.insurer_name else {}
    identifier = {"system": systems.INSURER, "value": number}
    return {"type": "Organization", "identifier": identifier, **named}


def _insurance(
    request: Request, answered: Answered, insurance: Insurance
) -> dict[str, Any]:
    usable = answered.plain["validity"] in {one.value for one in USABLE}
    made: dict[str, Any] = {
        "coverage": {"reference": f"Coverage/{answered.coverage}"},
        "inforce": usable,
        "benefitPeriod": period(insurance.valid_from, insurance.valid_until),
    }
    items = _items(insurance) if "benefits" in request.purposes else []
    return {**made, "item": items} if items else made


def _items(insurance: Insurance) -> list[dict[str, Any]]:
    carried = insurance.benefits
    made = []
    if insurance.copayment_ratio.isdigit():
        made.append(_item("自己負担", _percent(insurance.copayment_ratio)))
    made += [
        _item("高齢受給者証", _percent(one.copayment_ratio)) for one in carried.elderly
    ]
    made += [_item("限度額", _limit(one)) for one in carried.limits]
    if insurance.copayment_limit and not carried.limits:
        made.append(_item("限度額", _category(insurance.copayment_limit)))
    made += [_item(f"公費 {one.payer_number}", *_paid(one)) for one in carried.public]
    return made


def _item(name: str, *benefits: dict[str, Any]) -> dict[str, Any]:
    shown = {"benefit": list(benefits)} if benefits else {}
    return {"category": _CARE, "name": name, **shown}


def _percent(ratio: str) -> dict[str, Any]:
    kind = systems.concept(systems.HL7 + "benefit-type", "copay-percent")
    return {"type": kind, "allowedUnsignedInt": int(ratio)}


def _limit(one: CopaymentLimit) -> dict[str, Any]:
    return _category(one.category)


def _category(code: str) -> dict[str, Any]:
    """適用区分: what it comes to in yen depends on the month's bill."""
    return {"type": systems.concept(systems.oqscd(12), code), "allowedString": code}


def _paid(one: PublicExpense) -> list[dict[str, Any]]:
    if one.self_pay is None:
        return []
    kind = systems.concept(systems.HL7 + "benefit-type", "copay-maximum")
    money = {"value": Decimal(one.self_pay), "currency": "JPY"}
    return [{"type": kind, "allowedMoney": money}]
