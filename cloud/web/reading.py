"""Bytes and strings of a request made into a route's models, or a refusal. Pure."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from cloud.web.route import JSON, Nothing, Problem, Route
from protocol.catalogue import Code


def query(route: Route, pairs: Iterable[tuple[str, str]]) -> BaseModel:
    """A name that comes twice is refused: two readers might take different ones."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise Problem(400, Code.INPUT_UNREADABLE, "query: a name comes twice")
        values[name] = value
    try:
        return route.query.model_validate(values)
    except ValidationError as error:
        raise Problem(400, Code.INPUT_UNREADABLE, f"query: {place(error)}") from None


def body(route: Route, media: str, raw: bytes) -> BaseModel:
    if route.body is Nothing:
        if raw:
            raise Problem(400, Code.INPUT_UNREADABLE, "body: none is expected")
        return Nothing()
    if media not in (JSON, *route.media):
        raise Problem(415, Code.MEDIA_TYPE, "Content-Type")
    try:
        json.loads(raw, object_pairs_hook=_once, parse_constant=_no_constant)
        return route.body.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise Problem(400, Code.INPUT_UNREADABLE, f"body: {place(error)}") from None
    except (ValueError, RecursionError):
        raise Problem(400, Code.INPUT_UNREADABLE, "body: not JSON") from None


def place(error: ValidationError) -> str:
    """Where the first fault is and what is wanted there; never what was there."""
    first, *_ = error.errors(
        include_input=False, include_url=False, include_context=False
    )
    path = first["loc"]
    if first["type"] == "extra_forbidden":
        # An unknown key is the sender's own word: it might be somebody's name.
        path = path[:-1]
    where = ".".join(str(part) for part in path)
    kind = first["type"].replace("_", " ")
    return f"{where}: {kind}" if where else kind


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key comes twice")
    return made


def _no_constant(_text: str) -> float:
    raise ValueError("JSON has no NaN and no Infinity")
