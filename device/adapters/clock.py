"""The machine's clock: the only place of the reader that asks what time it is."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Satisfies device.ports.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
