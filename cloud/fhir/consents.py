"""A facility's consent of one person and item as Consent, in IHE PCF's shape. Pure.

JP_Consent is a placeholder in JP Core, so the shape is the Privacy Consent on FHIR
profile's: a provision that permits or denies, its period, the facility as recipient.
"""

from datetime import datetime
from typing import Any, Final

from cloud.access.certificate import moment
from cloud.consent.model import Consent, Origin
from cloud.eligibility.model import JST
from cloud.fhir import people, systems
from protocol.codes import Decision

_SCOPE: Final = systems.concept(systems.HL7 + "consentscope", "patient-privacy")
_CATEGORY: Final = systems.concept("http://loinc.org", "59284-0", "Consent Document")
_RECIPIENT: Final = systems.concept(systems.HL7 + "v3-ParticipationType", "IRCP")
_TREATMENT: Final = systems.coding(systems.HL7 + "v3-ActReason", "TREAT")
POLICY: Final = systems.OURS + "policy:consent-at-the-reader"


def consent(
    one: Consent, handle: str, patient: str, now_ms: int, *, fictitious: bool = False
) -> dict[str, Any]:
    """What opens records now is active; a no is active, too; what is over is not."""
    granted = one.decision is Decision.GRANTED
    living = one.opens(now_ms) if granted else one.origin is not Origin.WITHDRAWN
    made: dict[str, Any] = {
        "resourceType": "Consent",
        "id": handle,
        **people.marked(fictitious=fictitious),
        "status": "active" if living else "inactive",
        "scope": _SCOPE,
        "category": [_CATEGORY],
        "patient": people.reference(patient),
        "dateTime": _time(one.decided_at),
        "performer": [people.reference(patient)],
        "organization": [systems.facility(one.facility)],
        "sourceReference": {
            "identifier": {"system": systems.OURS + "request", "value": one.request}
        },
        "policy": [{"uri": POLICY}],
        "provision": {
            "type": "permit" if granted else "deny",
            "period": _period(one),
            "actor": [
                {"role": _RECIPIENT, "reference": systems.facility(one.facility)}
            ],
            "purpose": [_TREATMENT],
            "class": [systems.coding(systems.ITEM, one.item)],
        },
    }
    if one.ended is not None:
        why = systems.coding(systems.oqscd(31), one.ended.value)
        made["extension"] = [{"url": systems.ENDED, "valueCoding": why}]
    return made


def _period(one: Consent) -> dict[str, str]:
    """Without an end: until it is withdrawn."""
    until = one.available_until
    end = {"end": _time(until)} if until is not None else {}
    return {"start": _time(one.decided_at), **end}


def _time(unix_ms: int) -> str:
    at: datetime = moment(unix_ms).astimezone(JST)
    return at.isoformat(timespec="milliseconds")
