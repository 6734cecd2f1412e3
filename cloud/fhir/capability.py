"""CapabilityStatement: what this interface does, and nothing that it does not. Pure."""

from typing import Any, Final

from cloud.fhir import systems
from cloud.fhir.resource import MEDIA

_SUBMIT: Final = (
    "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit"
)
_BY_POST: Final = (
    "POST _search only: a number of a person never stands in a URL. It goes together"
    " with beneficiary.birthdate."
)


def capability(version: str, day: str) -> dict[str, Any]:
    """`day`: when this description was made, ISO."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": day,
        "kind": "instance",
        "software": {"name": "Shikaku", "version": version},
        "implementation": {
            "description": "オンライン資格確認: eligibility and records"
        },
        "fhirVersion": "4.0.1",
        "format": [MEDIA],
        "rest": [{"mode": "server", "security": _SECURITY, "resource": _RESOURCES}],
    }


_SECURITY: Final = {
    "service": [
        systems.concept(systems.HL7 + "restful-security-service", "Certificates")
    ],
    "description": "Mutual TLS with the facility's certificate. MedicationStatement and"
    " Observation: also a member of staff, signed in with two factors, and a living"
    " consent of the patient.",
}


def _resource(
    kind: str,
    *interactions: str,
    search: dict[str, tuple[str, str]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": kind,
        "interaction": [{"code": one} for one in interactions],
        **more,
    }
    if search:
        made["searchParam"] = [
            {"name": name, "type": form, "documentation": text}
            for name, (form, text) in search.items()
        ]
    return {name: value for name, value in made.items() if value}


_PATIENT: Final = {"patient": ("reference", "Patient/id, as a Coverage names it")}
_RESOURCES: Final = [
    _resource("Patient", "read", versioning="no-version"),
    _resource(
        "Coverage",
        "read",
        "search-type",
        search={
            "identifier": ("token", _BY_POST),
            "beneficiary.birthdate": ("date", "Of the card's holder; required."),
        },
        profile=systems.JP_COVERAGE,
        versioning="versioned",
        documentation="ETag on every read; If-None-Match answers 304. Every answer has"
        " a proof number in the header Shikaku-Proof.",
    ),
    _resource(
        "CoverageEligibilityRequest",
        operation=[{"name": "submit", "definition": _SUBMIT}],
        documentation="purpose: validation, benefits. One insurance, by the id of a"
        " Coverage or by identifier with a contained Patient's birthDate. The limit"
        f" certificate with the extension {systems.LIMIT_CONSENT} (valueBoolean).",
    ),
    _resource("CoverageEligibilityResponse", documentation="Of $submit; not stored."),
    _resource("Consent", "read", "search-type", search=_PATIENT),
    _resource("MedicationStatement", "read", "search-type", search=_PATIENT),
    _resource("Observation", "read", "search-type", search=_PATIENT),
]
