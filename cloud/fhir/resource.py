"""A resource as bytes: checked against the R4B models, then written as it is.

The resources named here are the same in R4 (4.0.1) and R4B. The models are loaded when
the first resource of a type is written: 27 MB for all of them, which nothing else here
needs. They check and do not write, because they would make 0.5 of 0.50, and a decimal's
zeros mean something in FHIR.
"""

import importlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

Plain = dict[str, Any]
MEDIA: Final = "application/fhir+json"
TYPES: Final = (
    "Bundle",
    "CapabilityStatement",
    "Consent",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "MedicationStatement",
    "Observation",
    "OperationOutcome",
    "Patient",
)


def checked(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """Itself. Raises pydantic's ValidationError when it is no such resource."""
    kind = resource["resourceType"]
    module = importlib.import_module(f"fhir.resources.R4B.{kind.lower()}")
    getattr(module, kind).model_validate(resource)
    return resource


def written(resource: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON of a resource that is one. Raises the same."""
    return _text(checked(resource)).encode()


def unchecked(resource: Mapping[str, Any]) -> bytes:
    """For what must be said even when the models cannot be loaded."""
    return _text(resource).encode()


def _text(value: object) -> str:
    match value:
        case Mapping():
            pairs = (f"{json.dumps(name)}:{_text(one)}" for name, one in value.items())
            return "{" + ",".join(pairs) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_text, value)) + "]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
