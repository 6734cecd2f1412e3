"""One direction of one connection: bytes in order, late or held, never lost or many.

At most `WAITING` chunks wait here; then nothing more is read, and whoever sends is held
back by TCP as on any full line.
"""

import asyncio
from collections.abc import Callable

CHUNK = 16 * 1024
WAITING = 16
"""Chunks: 256 KiB each way of each connection."""

Arrival = tuple[float, bytes]
"""When it may go on (the loop's seconds), and what; no bytes: the sender has ended."""


class OneWay:
    def __init__(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        passing: asyncio.Event,
        delay_s: Callable[[], float],
    ) -> None:
        """`passing` is set while bytes may leave; `delay_s` is asked as bytes come."""
        self._source = source
        self._sink = sink
        self._passing = passing
        self._delay_s = delay_s
        self._waiting: asyncio.Queue[Arrival] = asyncio.Queue(WAITING)

    async def run(self) -> None:
        """Until the sender has ended and all of it has passed. Raises OSError."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._take())
            tasks.create_task(self._give())

    async def _take(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            chunk = await self._source.read(CHUNK)
            await self._waiting.put((loop.time() + self._delay_s(), chunk))
            if not chunk:
                return

    async def _give(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await self._waiting.get()
            await asyncio.sleep(due - loop.time())
            await self._passing.wait()
            if not chunk:
                self._sink.write_eof()
                return
            self._sink.write(chunk)
            await self._sink.drain()
