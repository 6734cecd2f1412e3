"""Who may ask: this machine's own browser and scripts, and nobody's other page."""

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from device.simulated.front import KeypadFullError
from device.simulated.over_socket import RefusedError, UnreachableError

HOSTS = frozenset({"127.0.0.1", "localhost"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' blob:; connect-src 'self'; media-src 'self' blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class BadInputError(ValueError):
    """A request that cannot be obeyed; the message says what would do."""


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other names (DNS rebinding) and other pages (cross-site posts)."""
    if not _from_here(request):
        return _sentence(403, "only pages and scripts of this machine may ask")
    try:
        return await handler(request)
    except (BadInputError, RefusedError) as error:
        return _sentence(400, str(error))
    except (KeypadFullError, UnreachableError) as error:
        return _sentence(503, str(error))
    except web.HTTPRequestEntityTooLarge:
        return _sentence(413, "that is larger than this takes")
    except web.HTTPException as error:
        return _sentence(error.status, error.reason)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Every answer, also a stream's, carries the same rules for the browser."""
    response.headers.update(HEADERS)


def _from_here(request: web.Request) -> bool:
    name, _, _port = request.host.partition(":")
    if name not in HOSTS:
        return False
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is None or origin == f"http://{request.host}"


def _sentence(status: int, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)
