"""The card tray over its unix socket: a JSON line there, a JSON line back."""

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

from device.simulated.changes import Changes

PATIENCE_S = 5.0
LONGEST_LINE = 64 * 1024


class TrayUnreachableError(OSError):
    """Nobody answers on the tray's socket."""


class TrayRefusedError(ValueError):
    """The tray answered, and will not do it."""


class SocketTray:
    """Satisfies device.simulated.world.CardTray; `shikaku-sim tray` answers."""

    def __init__(self, socket: Path, changes: Changes | None = None) -> None:
        self._socket = socket
        self._changes = changes or Changes()
        self.card: str | None = None
        """Which card lies on the reader, as last heard."""

    async def put(self, persona: str) -> None:
        """Lay a card on the reader. Raises TrayUnreachableError, TrayRefusedError."""
        await self._ask({"put": persona})

    async def take(self) -> None:
        """Take whatever lies there. Raises TrayUnreachableError."""
        await self._ask({"take": True})

    async def print(self, card: str, photo: bytes) -> None:
        """Give a blank card its photo (JP2); the tray keeps it in memory.

        Raises TrayUnreachableError, TrayRefusedError.
        """
        await self._ask({"print": card, "photo": base64.b64encode(photo).decode()})

    async def forget(self, card: str) -> None:
        """Drop a printed card. Raises TrayUnreachableError, TrayRefusedError."""
        await self._ask({"forget": card})

    async def look(self) -> str | None:
        """Which card lies there now. Raises TrayUnreachableError."""
        await self._ask({"state": True})
        return self.card

    async def _ask(self, request: dict[str, Any]) -> None:
        answer = _parsed(await self._exchange(json.dumps(request).encode() + b"\n"))
        before, self.card = self.card, answer.get("card")
        if before != self.card:
            self._changes.ring()
        if "error" in answer:
            raise TrayRefusedError(str(answer["error"]))

    async def _exchange(self, line: bytes) -> bytes:
        try:
            async with asyncio.timeout(PATIENCE_S):
                reader, writer = await asyncio.open_unix_connection(
                    self._socket, limit=LONGEST_LINE
                )
                try:
                    writer.write(line)
                    return await reader.readuntil(b"\n")
                finally:
                    writer.close()
                    await writer.wait_closed()
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            raise TrayUnreachableError("the card tray does not answer") from error


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise TrayUnreachableError("the card tray does not speak JSON") from error
    if not isinstance(answer, dict):
        raise TrayUnreachableError("the card tray does not answer with an object")
    return answer
