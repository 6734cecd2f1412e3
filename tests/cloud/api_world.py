"""The facilities' interface on loopback, over the real stores, for tests of it.

Plain HTTP with a certificate's fingerprint in a header, because what is tested here is
what stands behind the handshake; `test_api_tls.py` shakes hands.
"""

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from cloud.web.guard import Door
from cloud.web.patience import Patience
from cloud.web.route import Route
from cloud.web.serving import Render, Serving, application

FINGERPRINT = "X-Test-Certificate"
"""The header that stands for the handshake: hex."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Api:
    """A running interface, and one facility's way to it."""

    port: int
    certificate: bytes | None = None
    token: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self) -> dict[str, str]:
        made = {}
        if self.certificate:
            made[FINGERPRINT] = self.certificate.hex()
        if self.token:
            made["Authorization"] = f"Bearer {self.token}"
        return made

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`body`: bytes as they are, else as JSON."""
        sent = self.headers()
        raw: bytes | None = None
        if isinstance(body, bytes):
            raw = body
        elif body is not None:
            raw = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            line.request(method, path, raw, {**sent, **(headers or {})})
            got = line.getresponse()
            return Answer(got.status, dict(got.getheaders()), got.read())
        finally:
            line.close()


def _shown(request: web.Request) -> bytes | None:
    text = request.headers.get(FINGERPRINT, "")
    try:
        return bytes.fromhex(text) or None
    except ValueError:
        return None


@contextmanager
def served(
    make: Callable[[], tuple[Door, tuple[Route, ...]]],
    spool: Path,
    clock: Callable[[], int],
    *,
    renders: Mapping[str, Render] | None = None,
    body_s: float = 20.0,
    patience: Patience | None = None,
) -> Iterator[int]:
    """Its port. `make` runs on the thread of the database, as in the product."""
    waits = patience or Patience()
    loop = asyncio.new_event_loop()
    run: Executor = ThreadPoolExecutor(1)
    try:
        door, routes = run.submit(make).result()
        serving = Serving(door, clock, run, spool, _shown, dict(renders or {}), body_s)

        async def up() -> tuple[web.AppRunner, asyncio.Server]:
            app = application(serving, routes, waits.working)
            # A client that never sends its body must not hold up the end of a test.
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            assert runner.server is not None
            factory = waits.around(runner.server)
            return runner, await loop.create_server(factory, "127.0.0.1", 0)

        runner, server = loop.run_until_complete(up())

        async def down() -> None:
            loop.call_soon_threadsafe(server.close)
            await runner.cleanup()

        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            try:
                # On its own thread: closing wakes what the loop itself may be waking.
                asyncio.run_coroutine_threadsafe(down(), loop).result(10)
            finally:
                loop.call_soon_threadsafe(loop.stop)
                thread.join(10)
    finally:
        run.shutdown()
        loop.close()
