"""When a message is too old, too early, or here a second time (README 5).

Pure: now is an argument, the memory is bounded and forgets by itself.
"""

from collections import OrderedDict
from typing import Final

from protocol.errors import BusyError, ReplayedError, StaleError, WrongReaderError
from protocol.ids import ReaderId
from protocol.messages import Asked

WINDOW_MS: Final = 120_000
"""How far the clocks of reader and cloud may be apart, travel included."""
MAX_LIFETIME_MS: Final = 24 * 60 * 60 * 1000


def check_sent_at(sent_at_ms: int, now_ms: int) -> None:
    """Raises StaleError outside of now +- 120 s."""
    if abs(now_ms - sent_at_ms) > WINDOW_MS:
        raise StaleError("sealed outside of the time window")


def check_lifetime(asked: Asked, now_ms: int) -> None:
    """Raises StaleError for a request that is over, too long, or of the future."""
    if asked.expires_at - asked.issued_at > MAX_LIFETIME_MS:
        raise StaleError("a request lives at most 24 hours")
    if asked.issued_at - now_ms > WINDOW_MS:
        raise StaleError("issued in the future")
    if now_ms >= asked.expires_at:
        raise StaleError("the lifetime of the request is over")


def check_asker(asked: Asked, signed_by: ReaderId) -> None:
    """Raises WrongReaderError when the message names another reader."""
    if asked.reader_id != signed_by:
        raise WrongReaderError("the message names another reader")


class ReplayWindow:
    """Envelopes seen, for as long as their time stamp could still be accepted.

    Bounded: when `size` envelopes are inside the window, the next one is refused
    (BusyError), because forgetting one early would let it in again.
    """

    def __init__(self, size: int = 1 << 20) -> None:
        self._size = size
        self._seen: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def first_time(self, envelope_id: bytes, now_ms: int) -> None:
        """Remember an opened envelope. Raises ReplayedError, BusyError."""
        self._forget(now_ms)
        if envelope_id in self._seen:
            raise ReplayedError("this envelope was here before")
        if len(self._seen) >= self._size:
            raise BusyError("too many envelopes inside the time window")
        self._seen[envelope_id] = now_ms

    def _forget(self, now_ms: int) -> None:
        # sent_at may lie 120 s ahead and be accepted until 120 s after: 240 s.
        while self._seen:
            oldest, seen_at = next(iter(self._seen.items()))
            if now_ms - seen_at <= 2 * WINDOW_MS:
                return
            del self._seen[oldest]
