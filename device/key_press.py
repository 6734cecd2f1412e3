"""From contacts to one press. Pure: contacts are numbers, and time is an argument.

No number is treated otherwise than another, so nothing here can tell a digit by its
time.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

SETTLE_S = 0.020
"""Contacts bounce for some milliseconds; what stands so long is meant."""
STUCK_S = 60.0
"""Nobody holds a key so long."""


@dataclass(slots=True)
class KeyPress:
    """One key at a time: two together are none, until all are up again."""

    settle_s: float = SETTLE_S
    _armed: bool = False
    """Everything was up: the next key counts. A key that is stuck at the start never
    does."""
    _down: AbstractSet[int] = field(default=frozenset(), repr=False)
    _since: float | None = None
    _busy_since: float | None = field(default=None, repr=False)

    @property
    def armed(self) -> bool:
        return self._armed

    def stuck(self, now: float) -> bool:
        """Something has been down for so long that it is no hand."""
        return self._busy_since is not None and now - self._busy_since >= STUCK_S

    def seen(self, down: AbstractSet[int], now: float) -> int | None:
        """One look at all contacts; the contact that was pressed, once."""
        if self._since is None or down != self._down:
            self._down, self._since = frozenset(down), now
        # Sums of short steps fall short by a rounding error.
        settled = now - self._since >= self.settle_s - 1e-9
        if not down:
            self._busy_since = None
            self._armed = self._armed or settled
            return None
        if self._busy_since is None:
            self._busy_since = now
        if len(down) > 1:
            self._armed = False
            return None
        if not (self._armed and settled):
            return None
        self._armed = False
        (pressed,) = down
        return pressed
