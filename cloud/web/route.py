"""What a room offers over HTTP, as data. Server and OpenAPI are made of it.

A handler is an ordinary function of a checked call: the body has been read, bounded and
validated, the caller has the right. It answers with a model, or raises a `Problem`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from cloud.web.caller import Caller, Right
from protocol.catalogue import Code

JSON: Final = "application/json"
BODY_BYTES: Final = 64 * 1024
"""Of a JSON body, unless the route says otherwise."""


class Shape(BaseModel):
    """Base of what goes in and out: frozen, and an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Shape):
    """No query, no body."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A body that is a file: it is spooled to disk, never held in memory."""

    media: tuple[str, ...]
    limit: int
    """Bytes; one more is 413."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request after every check of form and right."""

    caller: Caller | None
    """None only on a PUBLIC route."""
    path: Mapping[str, str]
    """Values of the `{names}` in the route's path, percent-decoded."""
    query: BaseModel
    body: BaseModel
    now_ms: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Keys in lower case."""
    upload: Path | None = None
    """The spooled body of an Upload route. A handler that keeps it moves it away."""

    @property
    def at(self) -> Caller:
        """The caller of a route that is not PUBLIC."""
        if self.caller is None:
            raise AssertionError("a route that needs a caller was reached without one")
        return self.caller


@dataclass(frozen=True, slots=True)
class Reply:
    """What leaves: a model as JSON, bytes of a media type, or a file."""

    body: BaseModel | bytes | Path | None = None
    status: int = 200
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):  # noqa: N818  the word of RFC 9457
    """A refusal: an HTTP status and a code of the catalogue, whose lines it shows."""

    def __init__(self, status: int, code: Code, detail: str = "") -> None:
        """`detail` may name a place in the input; never a value of it."""
        super().__init__(f"{status} {code.value} {detail}".strip())
        self.status = status
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    """With `{names}`, as in RFC 6570 level 1: "/v1/bulk/{reception}"."""
    right: Right
    handler: Callable[[Call], Reply]
    summary: str
    query: type[BaseModel] = Nothing
    body: type[BaseModel] = Nothing
    upload: Upload | None = None
    reply: type[BaseModel] | None = None
    """None: no body, or one of `media`."""
    media: tuple[str, ...] = (JSON,)
    status: int = 200
    problems: Mapping[int, tuple[Code, ...]] = field(default_factory=dict)
    """What it may refuse with besides what every route may (cloud.web.openapi)."""
    limit: int = BODY_BYTES
    tag: str = ""
    problem_media: str = "application/problem+json"
    """FHIR routes answer OperationOutcome instead."""
