"""Health, readiness and counts, for the machine's own loopback."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass

from aiohttp import web

from cloud.adapters.sql.connect import Where, connect, ready
from cloud.adapters.sql.ledger import SqlCounts
from cloud.web.metrics import Tally, exposition

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the operators' pages look at."""

    database: Where
    listening: Callable[[], int]
    """How many workers hear the broker now."""
    wanted: int
    tally: Tally | None = None
    """Of the facilities' interface, where this process has one."""


def application(watched: Watched) -> web.Application:
    pages = Pages(watched)
    app = web.Application()
    app.add_routes(
        [
            web.get("/healthz", pages.health),
            web.get("/readyz", pages.readiness),
            web.get("/metrics", pages.metrics),
        ]
    )
    return app


async def open_pages(
    watched: Watched, host: str, port: int, stack: AsyncExitStack
) -> str:
    """Serve until the stack ends; the address."""
    runner = web.AppRunner(application(watched), access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, host, port).start()
    name, number = runner.addresses[0][:2]
    return f"http://{name}:{number}"


class Pages:
    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    async def health(self, _request: web.Request) -> web.Response:
        """This process answers."""
        return web.json_response({"status": "ok"})

    async def readiness(self, _request: web.Request) -> web.Response:
        """200 when every worker listens and the database is of this version."""
        listening = self._watched.listening()
        database = await asyncio.to_thread(ready, self._watched.database)
        good = database and listening >= self._watched.wanted
        body = {
            "status": "ready" if good else "not ready",
            "workers_listening": listening,
            "workers_wanted": self._watched.wanted,
            "database": database,
        }
        return web.json_response(body, status=200 if good else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        text = await asyncio.to_thread(self._exposition)
        return web.Response(body=text.encode(), headers={"Content-Type": PROMETHEUS})

    def _exposition(self) -> str:
        with closing(connect(self._watched.database)) as database:
            counted = SqlCounts(database)
            return exposition(
                counted.counts(),
                counted.refusals(),
                self._watched.listening(),
                self._watched.tally,
            )
