"""Tell systemd how the reader is: ready, alive, stopping (sd_notify(3)).

One datagram per message, standard library only. Without NOTIFY_SOCKET, as on a
desk, every call does nothing.
"""

import asyncio
import socket
from collections.abc import Mapping


class Notifier:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._watchdog_us = int(environment.get("WATCHDOG_USEC", "0") or "0")

    @property
    def watchdog_s(self) -> float | None:
        """Half of the time systemd waits before it restarts us; None: no watchdog."""
        return self._watchdog_us / 2e6 if self._watchdog_us else None

    def ready(self, status: str) -> None:
        self._send(f"READY=1\nSTATUS={status}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    async def beat(self) -> None:
        """Keep the watchdog content while the event loop turns; ends without one.

        It runs on the same loop as the visit: a loop that hangs stops beating.
        """
        pause = self.watchdog_s
        while pause is not None:
            self._send("WATCHDOG=1")
            await asyncio.sleep(pause)

    def _send(self, text: str) -> None:
        if not self._address:
            return
        # A leading @ names an abstract socket, whose real first byte is NUL.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as plug:
            plug.sendto(text.encode(), address)
