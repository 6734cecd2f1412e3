"""Moments as a clock in Japan shows them."""

from datetime import UTC, datetime

from cloud.eligibility.model import JST


def moment_text(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(JST)
    return f"{moment:%Y/%m/%d %H:%M}"
