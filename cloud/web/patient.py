"""The patient's page on aiohttp: HTML for phones that have no certificate.

Bounded as the facilities' interface is; strict in what a page may do (no script, no
foreign source, no referrer, no cache). Addresses are logged nowhere: one of them is
half a key.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from cloud.page.render import LANGUAGES, STYLE, STYLE_PATH, Renderer, preferred
from cloud.page.service import Refused
from cloud.page.walk import Ask, Shown, Walk, problem
from protocol.catalogue import Code

BODY_BYTES: Final = 4 * 1024
BODY_S: Final = 10.0
_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = 16
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_SAFE: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_TLS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
_OURS: Final = frozenset({"", "same-origin", "none"})
"""Of Sec-Fetch-Site: what another site's page makes a browser send is not ours."""
Action = Callable[[Ask], Shown]
log = structlog.get_logger("page")


@dataclass(frozen=True, slots=True)
class PatientServices:
    walk: Walk
    clock: Callable[[], int]
    run: Executor
    """One thread: the database's."""
    secure: bool
    """Over TLS, as everywhere but on this machine: cookies go no other way."""
    renderer: Renderer
    body_s: float = BODY_S

    @property
    def cookie(self) -> str:
        return "__Host-receipt" if self.secure else "receipt"


def application(services: PatientServices, *outer: Middleware) -> web.Application:
    """`outer`: middlewares around all, such as `Patience.working`.

    Run it with `access_log=None`.
    """
    site = _Site(services)
    walk = services.walk
    app = web.Application(
        middlewares=[*outer, site.guarded], client_max_size=BODY_BYTES
    )
    app.router.add_get(STYLE_PATH, _style)
    for path, action in (
        ("/R/{token}", walk.link),
        ("/", walk.overview),
        ("/receipt", walk.receipt),
        ("/at/{facility}", walk.place),
        ("/seen", walk.seen),
        ("/withdraw", walk.confirm),
        ("/withdrawn", walk.withdrawn),
        ("/presets/{facility}", walk.presets),
        ("/closed", walk.closed),
    ):
        app.router.add_get(path, site.handler(action))
    for path, action in (
        ("/word", walk.word),
        ("/withdraw", walk.withdraw),
        ("/presets/{facility}", walk.choose),
        ("/end", walk.end),
    ):
        app.router.add_post(path, site.handler(action))
    return app


class _Site:
    def __init__(self, services: PatientServices) -> None:
        self._services = services

    @web.middleware
    async def guarded(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Every answer, aiohttp's own refusals too, is a page with the same headers."""
        try:
            response = await handler(request)
        except Refused as refused:
            response = self._refused(request, refused)
        except web.HTTPException as refused:
            response = self._refused(request, Refused(_code_of(refused.status)))
            response.set_status(refused.status)
        except (TimeoutError, ConnectionError):
            response = self._refused(request, Refused(Code.PAGE_INPUT))
            response.set_status(408)
        except Exception as error:
            # Its text stays here: it may hold what somebody sent.
            log.exception("failed", kind=type(error).__name__, exc_info=False)
            response = self._refused(request, Refused(Code.PAGE_DOWN))
        if response.status in {408, 413}:
            response.force_close()
        headers = _SAFE | (_TLS_ONLY if self._services.secure else {})
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    def handler(self, action: Action) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not request.path.isascii():
                raise Refused(Code.PAGE_NOT_THERE)
            form = await self._form(request) if request.method == "POST" else {}
            services = self._services
            ask = Ask(
                services.clock(),
                dict(request.match_info),
                dict(request.query),
                form,
                request.cookies.get(services.cookie, ""),
            )
            lang = self._language(request)
            loop = asyncio.get_running_loop()
            work = partial(self._work, action, ask, lang)
            shown, html = await loop.run_in_executor(services.run, work)
            response = self._html(request, shown, html, lang)
            if shown.session is not None:
                self._keep(response, services.cookie, shown.session)
            return response

        return handle

    async def _form(self, request: web.Request) -> Mapping[str, str]:
        """A small form of ours, each field once. Raises Refused, TimeoutError."""
        if request.headers.get("Sec-Fetch-Site", "") not in _OURS:
            raise Refused(Code.PAGE_CLOSED)
        if request.content_type != _FORM:
            raise Refused(Code.PAGE_INPUT)
        async with asyncio.timeout(self._services.body_s):
            raw = await request.read()
        try:
            pairs = parse_qsl(
                raw.decode("ascii"),
                keep_blank_values=True,
                strict_parsing=bool(raw),
                errors="strict",
                max_num_fields=_FIELDS,
            )
        except ValueError:
            raise Refused(Code.PAGE_INPUT) from None
        form = dict(pairs)
        if len(form) != len(pairs):
            raise Refused(Code.PAGE_INPUT)
        return form

    def _work(self, action: Action, ask: Ask, lang: str) -> tuple[Shown, str]:
        """On the database's thread, where facilities have their names from, too."""
        shown = action(ask)
        return shown, self._rendered(shown, lang)

    def _rendered(self, shown: Shown, lang: str) -> str:
        if shown.to:
            return ""
        html = self._services.renderer.html
        return html(shown.template, lang, shown.here, **shown.values)

    def _html(
        self, request: web.Request, shown: Shown, made: str, lang: str
    ) -> web.Response:
        if shown.to:
            return web.Response(status=303, headers={"Location": shown.to})
        response = web.Response(
            text=made,
            status=shown.status,
            content_type="text/html",
            charset="utf-8",
            headers={"Content-Language": lang, "Vary": "Accept-Language, Cookie"},
        )
        if request.query.get("lang", "") == lang:
            self._keep(response, "lang", lang)
        if shown.wait_s:
            response.headers["Retry-After"] = str(shown.wait_s)
        return response

    def _refused(self, request: web.Request, refused: Refused) -> web.Response:
        inside = (
            refused.code is not Code.PAGE_CLOSED
            and self._services.cookie in request.cookies
        )
        shown, lang = problem(refused, inside=inside), self._language(request)
        return self._html(request, shown, self._rendered(shown, lang), lang)

    def _language(self, request: web.Request) -> str:
        said = (request.query.get("lang", ""), request.cookies.get("lang", ""))
        for lang in said:
            if lang in LANGUAGES:
                return lang
        return preferred(request.headers.get("Accept-Language", ""))

    def _keep(self, response: web.Response, name: str, value: str) -> None:
        """Until the browser ends; an empty value at once."""
        secure = self._services.secure
        response.set_cookie(
            name,
            value,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=secure,
            max_age=None if value else 0,
        )


async def _style(_request: web.Request) -> web.Response:
    headers = {"Cache-Control": "public, max-age=3600"}
    return web.Response(body=STYLE, content_type="text/css", headers=headers)


def _code_of(status: int) -> Code:
    gone = {404, 405}
    return Code.PAGE_NOT_THERE if status in gone else Code.PAGE_INPUT
