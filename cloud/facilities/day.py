"""Days in Japan, and their midnight. Pure."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

JST: Final = timezone(timedelta(hours=9), "JST")
MILLISECONDS: Final = 1000


def day_of(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / MILLISECONDS, UTC).astimezone(JST).date()


def midnight(day: date) -> int:
    """When it begins (Unix ms)."""
    return int(datetime.combine(day, time(), JST).timestamp()) * MILLISECONDS
