"""The card tray over its unix socket: a JSON line there, a JSON line back."""

import base64
from pathlib import Path
from typing import Any

from device.simulated.changes import Changes
from device.simulated.over_socket import RefusedError, UnreachableError, ask


class TrayUnreachableError(UnreachableError):
    """Nobody answers on the tray's socket."""


class TrayRefusedError(RefusedError):
    """The tray answered, and will not do it."""


class SocketTray:
    """Satisfies device.simulated.world.CardTray; `shikaku-sim tray` answers."""

    def __init__(self, socket: Path, changes: Changes | None = None) -> None:
        self._socket = socket
        self._changes = changes or Changes()
        self.card: str | None = None
        """Which card lies on the reader, as last heard."""
        self.fault: str | None = None
        """What goes wrong with cards, as last heard; None: nothing heard yet."""

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

    async def hinder(self, fault: str) -> None:
        """What goes wrong with every card from now on: a name of PRESETS, or "none".

        Raises TrayUnreachableError, TrayRefusedError.
        """
        await self._ask({"preset": fault})

    async def _ask(self, request: dict[str, Any]) -> None:
        try:
            answer = await ask("the card tray", self._socket, request)
        except UnreachableError as error:
            raise TrayUnreachableError(str(error)) from error
        before = self.card, self.fault
        self.card, self.fault = answer.get("card"), answer.get("preset")
        if before != (self.card, self.fault):
            self._changes.ring()
        if "error" in answer:
            raise TrayRefusedError(str(answer["error"]))
