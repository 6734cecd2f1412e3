"""How long a connection may stay without a request being worked on.

aiohttp waits for ever for the rest of a request's head. A client that sends one byte a
minute would hold its connection, and a few thousand of them all there are.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

IDLE_S: Final = 30.0
"""From the handshake, or the last answer, to the whole head of the next request."""
CONNECTIONS: Final = 1_000
"""At once; one more is closed at once."""


class Patience:
    """A protocol factory around aiohttp's, and the middleware that tells it of work."""

    def __init__(self, idle_s: float = IDLE_S, connections: int = CONNECTIONS) -> None:
        self._idle_s = idle_s
        self._connections = connections
        self._since: dict[asyncio.BaseProtocol, float | None] = {}
        """When it last had nothing to do; None: it is at work."""

    @web.middleware
    async def working(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Nothing is cut while it is worked on: that has its own limits."""
        protocol = request.protocol
        self._since[protocol] = None
        try:
            return await handler(request)
        finally:
            if protocol.transport is None:
                self._since.pop(protocol, None)
            else:
                self._since[protocol] = asyncio.get_running_loop().time()

    def around(self, server: web.Server) -> Callable[[], asyncio.Protocol]:
        def factory() -> asyncio.Protocol:
            protocol = server()
            if len(server.connections) >= self._connections:
                return _Closed()
            loop = asyncio.get_running_loop()
            self._since[protocol] = loop.time()
            loop.call_later(self._idle_s, self._look, protocol, loop)
            return protocol

        return factory

    def _look(
        self, protocol: web.RequestHandler, loop: asyncio.AbstractEventLoop
    ) -> None:
        if protocol.transport is None:
            self._since.pop(protocol, None)
            return
        since = self._since.get(protocol)
        idle = 0.0 if since is None else loop.time() - since
        if idle >= self._idle_s:
            protocol.transport.abort()
            return
        loop.call_later(max(self._idle_s - idle, 0.1), self._look, protocol, loop)


class _Closed(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
