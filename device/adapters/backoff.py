"""How long to wait before the next connection: exponential, with full jitter.

Full jitter (any time from zero to the limit) keeps a thousand readers from coming
back in the same second after an outage.
"""

from collections.abc import Callable

FIRST_S = 1.0
LIMIT_S = 60.0


class Backoff:
    def __init__(self, chance: Callable[[], float], limit_s: float = LIMIT_S) -> None:
        """`chance` gives numbers in [0, 1)."""
        self._chance = chance
        self._limit_s = limit_s
        self._failures = 0

    def next_s(self) -> float:
        """Seconds to wait before this attempt; the first one waits not at all."""
        ceiling = min(self._limit_s, FIRST_S * 2 ** min(self._failures - 1, 16))
        wait = self._chance() * ceiling if self._failures else 0.0
        self._failures += 1
        return wait

    def reset(self) -> None:
        """The connection stands: the next loss starts from the beginning."""
        self._failures = 1
