"""A unix socket for hands: JSON lines in, JSON lines out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

LONGEST_LINE = 32 * 1024


class Obeying(Protocol):
    """What can be controlled: device.simulated.card.tray.Tray, for one."""

    def request(self, line: bytes) -> bytes:
        """One line of JSON there, one back; it never raises for what was sent."""
        ...


class Control(asyncio.Protocol):
    """One connection of hands."""

    def __init__(self, part: Obeying) -> None:
        self._part = part
        self._pending = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._pending = (self._pending + data).split(b"\n")
        if self._transport is None:
            return
        for line in lines:
            self._transport.write(self._part.request(line))
        if len(self._pending) > LONGEST_LINE:
            self._transport.close()


@asynccontextmanager
async def controlled(part: Obeying, path: Path) -> AsyncIterator[None]:
    """Obey JSON lines on a unix socket that only its owner can open."""
    loop = asyncio.get_running_loop()
    _clear(path)
    server = await loop.create_unix_server(lambda: Control(part), path)
    _owner_only(path)
    try:
        yield
    finally:
        server.close()
        _clear(path)


def _clear(path: Path) -> None:
    path.unlink(missing_ok=True)


def _owner_only(path: Path) -> None:
    path.chmod(0o600)
