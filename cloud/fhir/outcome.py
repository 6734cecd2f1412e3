"""OperationOutcome: a code of the catalogue with its lines. Pure; loads no model."""

from typing import Any, Final

from cloud.fhir import systems
from cloud.fhir.resource import unchecked
from protocol.catalogue import Code, entry

_KINDS: Final = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    409: "conflict",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    503: "transient",
}
"""IssueType by status."""


def outcome(status: int, code: Code, detail: str = "") -> bytes:
    """`detail` names a place in the input and never a value of it."""
    return unchecked(refusal(status, code, detail))


def refusal(status: int, code: Code, detail: str = "") -> dict[str, Any]:
    said = entry(code)
    lines = [said.staff["ja"], said.staff["en"], detail]
    concept = systems.concept(systems.CODES, code.value, said.staff["ja"])
    issue = {
        "severity": "error",
        "code": _KINDS.get(status, "exception" if status >= 500 else "processing"),
        "details": {**concept, "text": f"{said.action['ja']} {said.action['en']}"},
        "diagnostics": "\n".join(line for line in lines if line),
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def remark(*sentences: str) -> dict[str, Any]:
    """Something to know that is no error: an entry of a bundle."""
    issue = {
        "severity": "information",
        "code": "informational",
        "diagnostics": "\n".join(sentences),
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}
