"""Routes on aiohttp: reads with bounds, asks who calls, runs the handler, answers.

Handlers run one at a time on a thread of their own, where the database is: a slow
client holds up its own body, never another's answer.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from cloud.web import problem, reading
from cloud.web.guard import Door, admitted
from cloud.web.metrics import Tally
from cloud.web.route import Call, Problem, Reply, Route
from protocol.catalogue import Code

BODY_S: Final = 20.0
"""In which a JSON body has to be there."""
UPLOAD_BYTES_S: Final = 32 * 1024
"""An upload may not be slower, once its first BODY_S are over."""
_SAFE: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}

Render = Callable[[Problem], bytes]
log = structlog.get_logger("api")


@dataclass(frozen=True, slots=True)
class Serving:
    """What every route shares."""

    door: Door
    clock: Callable[[], int]
    run: Executor
    """One thread: the database's."""
    spool: Path
    """Uploads lie here until their handler took them; nowhere else."""
    fingerprint: Callable[[web.Request], bytes | None]
    """SHA-256 of the client's certificate, as TLS checked it."""
    renders: dict[str, Render]
    """How a problem looks, by media type, where it is not problem+json."""
    body_s: float = BODY_S
    tally: Tally = field(default_factory=Tally)


def peer(request: web.Request) -> bytes | None:
    """SHA-256 of the certificate that the TLS handshake has verified."""
    tls = request.get_extra_info("ssl_object")
    der = tls.getpeercert(binary_form=True) if tls else None
    return hashlib.sha256(der).digest() if der else None


def application(
    serving: Serving, routes: tuple[Route, ...], *outer: Middleware
) -> web.Application:
    app = web.Application(middlewares=[*outer, _refusing(serving, routes)])
    for route in routes:
        app.router.add_route(route.method, route.path, _handler(serving, route))
    return app


def _handler(serving: Serving, route: Route) -> Handler:
    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            return _response(await _reply(serving, route, request))
        except Problem as refused:
            return _refused(refused, route.problem_media, serving.renders)
        except (TimeoutError, ConnectionError):
            slow = Problem(408, Code.TOO_SLOW)
            return _refused(slow, route.problem_media, serving.renders)
        except Exception as error:
            # Its text stays here: it may hold what somebody sent.
            kind = type(error).__name__
            log.exception("failed", route=route.path, kind=kind, exc_info=False)
            broken = Problem(500, Code.INTERNAL)
            return _refused(broken, route.problem_media, serving.renders)

    async def handle(request: web.Request) -> web.StreamResponse:
        clock = asyncio.get_running_loop().time
        begun = clock()
        answer = await answered(request)
        spent = clock() - begun
        serving.tally.add(route.method, route.path, answer.status, spent)
        return answer

    return handle


async def _reply(serving: Serving, route: Route, request: web.Request) -> Reply:
    now = serving.clock()
    fingerprint = serving.fingerprint(request)
    authorization = request.headers.get("Authorization", "")

    def enter() -> Call:
        caller = admitted(serving.door, route.right, fingerprint, authorization, now)
        return Call(
            caller=caller,
            path=dict(request.match_info),
            query=reading.query(route, request.query.items()),
            body=route.body.model_construct(),
            now_ms=now,
            headers={name.lower(): value for name, value in request.headers.items()},
        )

    loop = asyncio.get_running_loop()
    # Before a byte of the body is read: strangers do not get to send one.
    call = await loop.run_in_executor(serving.run, enter)
    if route.upload:
        return await _uploaded(serving, route, request, call)
    raw = await _small(request, route.limit, serving.body_s)
    full = replace(call, body=reading.body(route, request.content_type, raw))
    return await loop.run_in_executor(serving.run, route.handler, full)


async def _small(request: web.Request, limit: int, patience_s: float) -> bytes:
    if (request.content_length or 0) > limit:
        raise Problem(413, Code.INPUT_TOO_LARGE)
    parts: list[bytes] = []
    size = 0
    async with asyncio.timeout(patience_s):
        async for part in request.content.iter_chunked(limit + 1):
            size += len(part)
            if size > limit:
                raise Problem(413, Code.INPUT_TOO_LARGE)
            parts.append(part)
    return b"".join(parts)


async def _uploaded(
    serving: Serving, route: Route, request: web.Request, call: Call
) -> Reply:
    upload = route.upload
    assert upload is not None  # noqa: S101  checked by the caller
    if request.content_type not in upload.media:
        raise Problem(415, Code.MEDIA_TYPE, "Content-Type")
    if (request.content_length or 0) > upload.limit:
        raise Problem(413, Code.INPUT_TOO_LARGE)
    loop = asyncio.get_running_loop()
    with tempfile.NamedTemporaryFile(dir=serving.spool, delete=False) as file:
        spooled = Path(file.name)
    try:
        await _spool(request, spooled, upload.limit, serving.body_s)
        full = replace(call, upload=spooled)
        return await loop.run_in_executor(serving.run, route.handler, full)
    finally:
        await asyncio.to_thread(spooled.unlink, missing_ok=True)


async def _spool(
    request: web.Request, file: Path, limit: int, patience_s: float
) -> None:
    loop = asyncio.get_running_loop()
    begun, size = loop.time(), 0
    with file.open("wb") as out:
        while True:
            async with asyncio.timeout(patience_s):
                part = await request.content.read(1 << 18)
            if not part:
                return
            size += len(part)
            if size > limit:
                raise Problem(413, Code.INPUT_TOO_LARGE)
            allowed = patience_s + size / UPLOAD_BYTES_S
            if loop.time() - begun > allowed:
                raise TimeoutError
            out.write(part)


def _response(reply: Reply) -> web.StreamResponse:
    headers = {**_SAFE, **reply.headers}
    match reply.body:
        case None:
            return web.Response(status=reply.status, headers=headers)
        case Path() as file:
            headers["Content-Type"] = reply.media
            return web.FileResponse(file, status=reply.status, headers=headers)
        case bytes() as raw:
            content = raw
        case model:
            content = model.model_dump_json(by_alias=True).encode()
    headers["Content-Type"] = reply.media
    return web.Response(status=reply.status, body=content, headers=headers)


def _refused(refused: Problem, media: str, renders: dict[str, Render]) -> web.Response:
    render = renders.get(media, problem.body)
    headers = {**_SAFE, "Content-Type": media if media in renders else problem.MEDIA}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.status in {408, 413}:
        headers["Connection"] = "close"
    response = web.Response(
        status=refused.status, body=render(refused), headers=headers
    )
    if refused.status in {408, 413}:
        response.force_close()
    return response


_STATUS_CODES: Final = {
    404: Code.NOT_THERE,
    405: Code.NOT_THERE,
    413: Code.INPUT_TOO_LARGE,
}


def _refusing(serving: Serving, routes: tuple[Route, ...]) -> Middleware:
    """What aiohttp refuses by itself gets the same words, in the neighbours' form."""
    spoken = {_first(one.path): one.problem_media for one in routes}

    @web.middleware
    async def refusing(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as refused:
            code = _STATUS_CODES.get(refused.status, Code.INPUT_UNREADABLE)
            media = spoken.get(_first(request.path), problem.MEDIA)
            said = Problem(refused.status, code)
            response = _refused(said, media, serving.renders)
            if "Allow" in refused.headers:
                response.headers["Allow"] = refused.headers["Allow"]
            return response

    return refusing


def _first(path: str) -> str:
    return path.partition("/")[2].partition("/")[0]
