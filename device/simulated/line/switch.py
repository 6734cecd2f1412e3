"""The line's switch over its socket; `shikaku-sim line` answers."""

from pathlib import Path

from device.simulated.changes import Changes
from device.simulated.line.mode import Mode
from device.simulated.over_socket import RefusedError, ask


class SocketLine:
    """Satisfies device.simulated.world.Line."""

    def __init__(self, socket: Path, changes: Changes) -> None:
        self._socket = socket
        self._changes = changes
        self.mode: str | None = None
        """As last heard; None: nothing heard yet."""

    async def set(self, mode: Mode) -> None:
        """Raises UnreachableError, RefusedError."""
        await self._ask({"mode": mode.value})

    async def look(self) -> str | None:
        """Raises UnreachableError."""
        await self._ask({"state": True})
        return self.mode

    async def _ask(self, request: dict[str, str | bool]) -> None:
        answer = await ask("the line", self._socket, request)
        before, self.mode = self.mode, answer.get("mode")
        if before != self.mode:
            self._changes.ring()
        if "error" in answer:
            raise RefusedError(str(answer["error"]))
