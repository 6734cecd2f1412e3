"""A refusal as RFC 9457 problem details, with the catalogue's lines. Pure."""

import json
from typing import Any, Final

from cloud.web.route import Problem, Shape
from protocol.catalogue import Code, entry

MEDIA: Final = "application/problem+json"
TYPE: Final = "urn:shikaku:problem:"


class Lines(Shape):
    ja: str
    en: str


class ProblemDetails(Shape):
    """RFC 9457, with members of our own: a catalogue code and its lines."""

    type: str
    """`urn:shikaku:problem:` and the code."""
    title: str
    status: int
    detail: str = ""
    """A place in the input, never a value of it."""
    code: Code
    staff: Lines
    technician: Lines
    action: Lines
    retry: str


def details(problem: Problem) -> ProblemDetails:
    said = entry(problem.code)
    return ProblemDetails(
        type=TYPE + problem.code.value,
        title=said.staff["en"],
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        staff=Lines(**said.staff),
        technician=Lines(**said.technician),
        action=Lines(**said.action),
        retry=said.retry.value,
    )


def body(problem: Problem) -> bytes:
    return encoded(details(problem).model_dump(mode="json"))


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
