"""OpenAPI 3.1 of the routes, generated from their models. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from cloud.web.caller import Right
from cloud.web.problem import MEDIA, ProblemDetails
from cloud.web.route import JSON, Nothing, Route
from protocol.catalogue import Code, entry

VERSION: Final = "3.1.0"
_ABOUT: Final = """\
Eligibility (オンライン資格確認) for medical institutions. A facility is known by its
client certificate; staff by a token after two factors. Refusals are problem details
(RFC 9457) with a catalogue code."""
_REF: Final = "#/components/schemas/{model}"
_NAME: Final = re.compile(r"\{(\w+)\}")

Refs = Mapping[tuple[type[Any], JsonSchemaMode], Any]


def description(routes: Sequence[Route], *, version: str) -> dict[str, Any]:
    """The whole document, ready for JSON."""
    refs, definitions = models_json_schema(
        sorted(_models(routes), key=lambda key: (key[0].__name__, key[1])),
        ref_template=_REF,
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": VERSION,
        "info": {
            "title": "Shikaku, the facilities' interface",
            "version": version,
            "description": _ABOUT,
        },
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "facility": {
                    "type": "mutualTLS",
                    "description": "The facility's client certificate.",
                },
                "staff": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "From POST /v1/sign-in: two factors (OQSCD041).",
                },
            },
        },
    }


def refusals(route: Route) -> dict[int, tuple[Code, ...]]:
    """Every status a route may refuse with, and the codes that come with it."""
    found: dict[int, tuple[Code, ...]] = {
        400: (Code.INPUT_UNREADABLE,),
        408: (Code.TOO_SLOW,),
        413: (Code.INPUT_TOO_LARGE,),
        415: (Code.MEDIA_TYPE,),
        500: (Code.INTERNAL,),
        503: (Code.INTERNAL,),
    }
    if route.right is not Right.PUBLIC:
        found[401] = (Code.FACILITY_UNKNOWN, Code.SIGN_IN_NEEDED)
        found[403] = (Code.NOT_YOUR_ROLE, Code.NOT_IN_PROFILE)
    if _NAME.search(route.path):
        found[404] = (Code.NOT_THERE,)
    for status, codes in route.problems.items():
        found[status] = tuple(dict.fromkeys((*found.get(status, ()), *codes)))
    return found


def _models(routes: Iterable[Route]) -> set[tuple[type[BaseModel], JsonSchemaMode]]:
    models: set[tuple[type[BaseModel], JsonSchemaMode]] = {
        (ProblemDetails, "serialization")
    }
    for route in routes:
        models.update((one, "validation") for one in (route.query, route.body))
        if route.reply:
            models.add((route.reply, "serialization"))
    return models


def _operation(route: Route, refs: Refs) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {
            str(route.status): _success(route, refs),
            **{
                str(status): _problem(route, codes, refs)
                for status, codes in sorted(refusals(route).items())
            },
        },
        "security": _security(route.right),
    }
    if route.tag:
        made["tags"] = [route.tag]
    if route.upload:
        shown = {"schema": {"type": "string", "format": "binary"}}
        content = dict.fromkeys(route.upload.media, shown)
        made["requestBody"] = {"required": True, "content": content}
    elif route.body is not Nothing:
        content = {JSON: {"schema": refs[route.body, "validation"]}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _operation_id(route: Route) -> str:
    words = re.findall(r"\w+", route.path)
    return "_".join((route.method.lower(), *words))


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1},
        }
        for name in _NAME.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    schema = route.query.model_json_schema(ref_template=_REF)
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": one}
        for name, one in schema.get("properties", {}).items()
    ]


def _success(route: Route, refs: Refs) -> dict[str, Any]:
    said: dict[str, Any] = {"description": route.summary}
    if route.reply:
        schema = refs[route.reply, "serialization"]
        said["content"] = {media: {"schema": schema} for media in route.media}
    elif route.status != 204 and route.media != (JSON,):
        said["content"] = {media: {} for media in route.media}
    return said


def _problem(route: Route, codes: Sequence[Code], refs: Refs) -> dict[str, Any]:
    lines = [f"{code.value} {entry(code).staff['en']}" for code in codes]
    said: dict[str, Any] = {"description": "\n".join(lines)}
    media = route.problem_media
    schema = refs[ProblemDetails, "serialization"] if media == MEDIA else {}
    said["content"] = {media: {"schema": schema} if schema else {}}
    return said


def _security(right: Right) -> list[dict[str, list[str]]]:
    match right:
        case Right.PUBLIC:
            return []
        case Right.ASK:
            return [{"facility": []}, {"facility": [], "staff": []}]
        case _:
            return [{"facility": [], "staff": []}]
