"""What goes wrong on purpose: the line to the broker, and every card on the reader."""

from contextlib import suppress
from typing import Literal

from aiohttp import web

from device.simulated.line.mode import Mode
from device.simulated.over_socket import UnreachableError
from device.simulated.web.bodies import Body, body
from device.simulated.world import World


class LineBody(Body):
    mode: Mode


class CardFaultBody(Body):
    fault: Literal["none", "slow", "shaky", "deaf", "torn"]


class Faults:
    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/line", self.line),
            web.post("/card-fault", self.card_fault),
        ]

    async def line(self, request: web.Request) -> web.Response:
        """What the way to the broker does from now on; 404 where it has no switch."""
        wanted = await body(request, LineBody)
        if self._world.line is None:
            raise web.HTTPNotFound(reason="no switch in the line of this reader")
        await self._world.line.set(wanted.mode)
        return web.json_response({"line": self._world.line.mode})

    async def card_fault(self, request: web.Request) -> web.Response:
        """What goes wrong with every card from now on, the one that lies there too."""
        wanted = await body(request, CardFaultBody)
        await self._world.tray.hinder(wanted.fault)
        return web.json_response({"card_fault": self._world.tray.fault})

    async def as_found(self, app: web.Application) -> None:
        """A reader that starts takes line and tray as they are."""
        # Whoever does not answer yet is heard at the first request.
        with suppress(UnreachableError):
            await self._world.tray.look()
        with suppress(UnreachableError):
            if self._world.line is not None:
                await self._world.line.look()
