"""How often and how fast a word may be tried. Pure.

A million words against a few tries: 5 of a link find it once in 200,000.
"""

from typing import Final

from protocol.catalogue import Code

TRIES: Final = 5
"""Of a link; after so many wrong ones it never opens again."""
PAUSE_MS: Final = 2_000
"""After the first wrong word; it doubles with every further one."""
LONGEST_MS: Final = 60 * 60 * 1000
"""Of a facility's staff, who are known: their pause grows up to here, and ends."""


def refusal(tries: int, next_at: int, now_ms: int) -> Code | None:
    """Why a link's word may not be tried now; None: it may."""
    if tries >= TRIES:
        return Code.LINK_LOCKED
    return Code.WORD_TOO_SOON if now_ms < next_at else None


def pause_ms(tries: int) -> int:
    """After so many wrong words in a row."""
    return min(PAUSE_MS << min(tries - 1, 20), LONGEST_MS)


def counted(tries: int, next_at: int, now_ms: int) -> int:
    """The tries of a facility that still count: an hour of quiet ends them."""
    return 0 if now_ms >= next_at + LONGEST_MS else tries


def seconds(next_at: int, now_ms: int) -> int:
    """What is left of a pause, in whole seconds, at least one."""
    return max(1, -((now_ms - next_at) // 1000))
