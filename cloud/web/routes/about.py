"""What the interface says of itself, to anybody: its description, its health, codes."""

from collections.abc import Callable
from typing import Any

from cloud.web.caller import Right
from cloud.web.openapi import description
from cloud.web.problem import Lines, encoded
from cloud.web.route import JSON, Call, Problem, Reply, Route, Shape
from protocol.catalogue import ENTRIES, Code, entry

TAG = "about"
DESCRIPTION = "/openapi.json"


class CodeShape(Shape):
    code: Code
    patient: Lines
    staff: Lines
    technician: Lines
    action: Lines
    retry: str


class CodesShape(Shape):
    codes: list[CodeShape]


class HealthShape(Shape):
    status: str


def routes(ready: Callable[[], bool]) -> tuple[Route, ...]:
    def health(_call: Call) -> Reply:
        return Reply(HealthShape(status="ok"))

    def readiness(_call: Call) -> Reply:
        good = ready()
        status = HealthShape(status="ready" if good else "not ready")
        return Reply(status, status=200 if good else 503)

    return (
        Route(
            "GET",
            "/healthz",
            Right.PUBLIC,
            health,
            "This process answers",
            reply=HealthShape,
            tag=TAG,
        ),
        Route(
            "GET",
            "/readyz",
            Right.PUBLIC,
            readiness,
            "The database is there and of this version",
            reply=HealthShape,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/codes",
            Right.PUBLIC,
            lambda _call: Reply(CodesShape(codes=[_lines(one) for one in ENTRIES])),
            "The catalogue: every code, its lines, its one action",
            reply=CodesShape,
            tag=TAG,
        ),
        Route(
            "GET",
            "/v1/codes/{code}",
            Right.PUBLIC,
            _one_code,
            "One code of the catalogue",
            reply=CodeShape,
            tag=TAG,
        ),
    )


def described(routes: tuple[Route, ...], version: str) -> tuple[Route, ...]:
    """These routes, and the one that describes them all."""
    content = b""

    def page(_call: Call) -> Reply:
        return Reply(content, media=JSON)

    itself = Route(
        "GET",
        DESCRIPTION,
        Right.PUBLIC,
        page,
        "OpenAPI 3.1, generated from the models",
        reply=None,
        tag=TAG,
    )
    whole = (*routes, itself)
    made: dict[str, Any] = description(whole, version=version)
    content = encoded(made)
    return whole


def _one_code(call: Call) -> Reply:
    try:
        return Reply(_lines(Code(call.path["code"])))
    except ValueError:
        raise Problem(404, Code.NOT_THERE, "code") from None


def _lines(code: Code) -> CodeShape:
    said = entry(code)
    return CodeShape(
        code=code,
        patient=Lines(**said.patient),
        staff=Lines(**said.staff),
        technician=Lines(**said.technician),
        action=Lines(**said.action),
        retry=said.retry.value,
    )
