"""The broker as the listener sees it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as it came; nothing about it is believed."""

    topic: str
    payload: bytes
    ticket: int
    """What the line wants back to acknowledge it."""


class Line(Protocol):
    """At least once, both ways. An arrival comes again until it is acknowledged."""

    def receive(self, timeout_s: float, limit: int) -> list[Arrival]:
        """Wait for the first message, then take what else has already arrived."""
        ...

    def publish(self, topic: str, payload: bytes) -> None: ...

    def acknowledge(self, arrival: Arrival) -> None: ...

    def flush(self) -> None:
        """Hand everything published and acknowledged to the network."""
        ...
