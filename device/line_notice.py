"""When the reader says that it is offline: soon after the line is lost, not at once.

A line that drops and is back within a breath is no news: the screen would be drawn
twice for it. Whoever asks meanwhile learns it from the question (cloud_errands.py).
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from device.health import Health, Part
from device.ports import Clock, Uplink
from protocol.catalogue import Code

FIRST_S = 8.0
"""After the start: a first connection with its TLS has had its chance."""
LOST_S = 3.0
"""After that: a first try to reconnect, within a second, has had its chance."""


@dataclass(slots=True)
class LineNotice:
    """Tells `health` of the line, while `run` runs."""

    uplink: Uplink
    health: Health
    clock: Clock
    _patience_s: float = field(init=False, default=FIRST_S)
    _over: float | None = field(init=False, default=None)
    """When patience ends, in monotonic seconds; None: there is a line."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            rest_s = self.step()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await self.uplink.turned()

    def step(self) -> float | None:
        """Say what is so now; seconds until the next step, None: when it turns."""
        if self.uplink.reachable:
            self._patience_s, self._over = LOST_S, None
            self.health.back(Part.CLOUD)
            return None
        now = self.clock.monotonic()
        if self._over is None:
            self._over = now + self._patience_s
        if now < self._over:
            return self._over - now
        self.health.lost(Part.CLOUD, Code.BROKER_UNREACHABLE)
        return None
