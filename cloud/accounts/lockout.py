"""Tries that failed in a row, and the pause after each. Pure.

A try is counted before it is judged, so that many at the same moment are not many
tries for the price of one; the one that succeeds sets the count back.
"""

from collections import Counter
from typing import Final

from protocol.ids import FacilityCode

FREE: Final = 3
FIRST_PAUSE_MS: Final = 30 * 1000
LONGEST_PAUSE_MS: Final = 60 * 60 * 1000
LOCKED_AT: Final = 20
"""From then on an administrator has to open it again."""
FOR_EVER: Final = (1 << 53) - 1


def pause(failures: int) -> int:
    """Milliseconds after so many failures in a row: 0, 0, then 30 s, doubling."""
    if failures < FREE:
        return 0
    return min(FIRST_PAUSE_MS << (failures - FREE), LONGEST_PAUSE_MS)


def paused_until(failures: int, now_ms: int) -> int:
    if failures >= LOCKED_AT:
        return FOR_EVER
    return now_ms + pause(failures) if pause(failures) else 0


TRIES: Final = 30
WINDOW_MS: Final = 60 * 1000


class Pace:
    """So many tries of one facility in a minute, whoever they name.

    Working out a password costs a third of a second on the thread that answers
    everybody: one facility's computer gone mad must not take it from the others.
    """

    def __init__(self) -> None:
        self._window = 0
        self._tries: Counter[FacilityCode] = Counter()

    def counted(self, facility: FacilityCode, now_ms: int) -> int:
        """0: this one may; else when the next may (Unix ms)."""
        window = now_ms // WINDOW_MS
        if window != self._window:
            self._window = window
            self._tries.clear()
        self._tries[facility] += 1
        return 0 if self._tries[facility] <= TRIES else (window + 1) * WINDOW_MS
