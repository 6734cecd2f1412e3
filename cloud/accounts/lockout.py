"""Tries that failed in a row, and the pause after each. Pure.

A try is counted before it is judged, so that many at the same moment are not many
tries for the price of one; the one that succeeds sets the count back.
"""

from typing import Final

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
