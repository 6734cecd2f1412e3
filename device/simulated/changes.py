"""One bell for everybody who wants to know that something changed."""

import asyncio


class Changes:
    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now; who waits later waits for the next ring."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def wait(self) -> None:
        await self._event.wait()
