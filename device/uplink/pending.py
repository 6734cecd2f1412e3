"""Which requests wait for the cloud, and when each is tried again. Pure.

The outbox keeps them over a power cut; this is the same list in memory, with what a
restart may forget: how often each was tried, and in which envelopes.
"""

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from device.ports import OutboxRecord
from protocol.exchange import pause_ms as pause_ms_after

ENVELOPES_KEPT = 8


@dataclass(slots=True)
class Waiting:
    record: OutboxRecord
    due_s: float
    """Monotonic seconds of the next attempt."""
    attempts: int = 0
    told: bool = False
    """The visit has heard of a refused envelope; once is enough."""
    envelopes: deque[bytes] = field(
        default_factory=lambda: deque(maxlen=ENVELOPES_KEPT)
    )
    """SHA-256 of the last envelopes it travelled in."""

    def tried(self, envelope_id: bytes, now_s: float, chance: float) -> None:
        """Another attempt was made; the next follows protocol/README.md 5.4.

        On the monotonic clock: a reader whose clock is set back must not fall silent.
        """
        pause_ms = pause_ms_after(self.attempts) * (1 + chance) / 2
        self.attempts += 1
        self.envelopes.append(envelope_id)
        self.due_s = now_s + pause_ms / 1000


class Pending:
    """Oldest first, always."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._waiting.values())

    def add(self, record: OutboxRecord, now_s: float) -> None:
        """Due at once; adding the same request again changes nothing."""
        self._waiting.setdefault(record.request_id, Waiting(record, now_s))

    def get(self, request_id: str) -> Waiting | None:
        return self._waiting.get(request_id)

    def remove(self, request_id: str) -> None:
        self._waiting.pop(request_id, None)

    def in_envelope(self, envelope_id: bytes) -> Waiting | None:
        """The request that travelled in this envelope, if it still waits."""
        for waiting in self:
            if envelope_id in waiting.envelopes:
                return waiting
        return None

    def due(self, now_s: float) -> Waiting | None:
        """The oldest whose time has come."""
        return next((item for item in self if item.due_s <= now_s), None)

    def next_due_s(self) -> float | None:
        return min((item.due_s for item in self), default=None)

    def hurry(self, now_s: float) -> None:
        """The broker is back: everything is due now, in its old order."""
        for item in self:
            item.due_s = min(item.due_s, now_s)

    def expired(self, now_ms: int) -> list[Waiting]:
        return [item for item in self if item.record.expires_ms <= now_ms]
