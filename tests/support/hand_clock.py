"""A clock that tests move by hand (device.ports.Clock)."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


class HandClock:
    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._monotonic = 100.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def pass_s(self, seconds: float) -> None:
        self._monotonic += seconds
        self._now += timedelta(seconds=seconds)

    def set_back(self, by: timedelta) -> None:
        """Somebody corrects the clock; monotonic time does not care."""
        self._now -= by

    def now_ms(self) -> int:
        return int(self._now.timestamp() * 1000)
