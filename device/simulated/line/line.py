"""A TCP forwarder on loopback with a switch. TLS passes through it untouched."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from device.simulated.line.mode import Mode
from device.simulated.line.one_way import OneWay

LOOPBACK = "127.0.0.1"
SLOW_S = 0.8
MOST_CALLS = 64
"""Connections at a time; one more is reset. A client that gives up on a stalled line
and calls again leaves one behind each time."""
_AT_ONCE = struct.pack("ii", 1, 0)


class Line:
    """Forwards to one address while `listening`; `mode` may be set at any time."""

    def __init__(self, host: str, port: int, slow_s: float = SLOW_S) -> None:
        self._to = host, port
        self._slow_s = slow_s
        self._mode = Mode.THROUGH
        self._passing = asyncio.Event()
        self._passing.set()
        self._calls: set[asyncio.Task[None]] = set()

    @property
    def mode(self) -> Mode:
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        if mode is Mode.CUT:
            self._hang_up()
        if mode is Mode.STALLED:
            self._passing.clear()
        else:
            self._passing.set()

    def request(self, line: bytes) -> bytes:
        """{"mode": "cut"} or {"state": true}; one line back: {"mode": "cut"}."""
        try:
            self._obey(json.loads(line))
        except (ValueError, RecursionError) as error:
            return _line({"error": str(error), "mode": self._mode})
        return _line({"mode": self._mode})

    def _obey(self, request: Any) -> None:
        match request:
            case {"mode": str(mode), **rest} if not rest and mode in list(Mode):
                self.mode = Mode(mode)
            case {"state": True, **rest} if not rest:
                pass
            case _:
                modes = ", ".join(Mode)
                raise ValueError(f'{{"state": true}} or {{"mode": one of {modes}}}')

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator[int]:
        """Take calls on this loopback port; 0 picks a free one. Raises OSError."""
        server = await asyncio.start_server(self._called, LOOPBACK, port)
        try:
            address: tuple[str, int] = server.sockets[0].getsockname()
            yield address[1]
        finally:
            server.close()
            self._hang_up()
            await asyncio.gather(*self._calls, return_exceptions=True)
            await server.wait_closed()

    def _hang_up(self) -> None:
        for call in self._calls:
            call.cancel()

    async def _called(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if self._mode is Mode.CUT or len(self._calls) >= MOST_CALLS:
            _reset(writer)
            return
        # A task of its own: asyncio logs a handler that is cancelled as a fault.
        call = asyncio.create_task(self._call(reader, writer))
        self._calls.add(call)

        def over(call: asyncio.Task[None]) -> None:
            self._calls.discard(call)
            if call.cancelled():
                # Hung up before it began.
                _reset(writer)

        call.add_done_callback(over)

    async def _call(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection, until both sides have ended or one of them is reset."""
        ends = [writer]
        try:
            await self._passing.wait()
            there, to = await asyncio.open_connection(*self._to)
            ends.append(to)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._way(reader, to).run())
                tasks.create_task(self._way(there, writer).run())
        except* OSError:
            pass
        except* asyncio.CancelledError:
            # Hung up: by the switch, or at the end.
            pass
        else:
            for end in ends:
                end.close()
            return
        for end in ends:
            _reset(end)

    def _way(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> OneWay:
        return OneWay(source, sink, self._passing, self._delay_s)

    def _delay_s(self) -> float:
        return self._slow_s if self._mode is Mode.SLOW else 0.0


def _reset(end: asyncio.StreamWriter) -> None:
    plug: socket.socket = end.get_extra_info("socket")
    # Closing says goodbye; a line that breaks does not.
    with suppress(OSError):
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    end.transport.abort()


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer).encode() + b"\n"
