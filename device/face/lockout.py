"""A card whose holder failed to turn the head five times may not try for a while.

Pure. A failure counts from the moment the turn is asked for, and a turn that was seen
takes it back: cutting the power in the middle is a failure too. Time is what the reader
has lived, not what a clock says: switching it off or setting its clock can only make
the lock last longer. It is per card, so that no stranger locks out a patient; PIN and
staff are never locked by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FAILURES_MOST = 5
LOCKED_S = 1800.0
"""Half an hour of the reader's life."""
REMEMBERED_S = 3600.0
"""Fewer failures are forgotten after so long without another one."""


@dataclass(frozen=True, slots=True)
class Failures:
    count: int
    left_s: float
    """Until all is forgotten."""

    @property
    def locked(self) -> bool:
        return self.count >= FAILURES_MOST


Book = Mapping[bytes, Failures]
"""By card (a keyed hash, never the card's own data)."""


def locked(book: Book, card: bytes) -> bool:
    return card in book and book[card].locked


def begun(book: Book, card: bytes) -> Book:
    """A turn is about to be asked for: failed until it is seen.

    A lock is not made longer by trying.
    """
    was = book.get(card, Failures(0, 0.0))
    if was.locked:
        return book
    count = was.count + 1
    left_s = LOCKED_S if count >= FAILURES_MOST else REMEMBERED_S
    return {**book, card: Failures(count, left_s)}


def passed(book: Book, card: bytes) -> Book:
    """The turn was seen: this card starts afresh."""
    return {each: failures for each, failures in book.items() if each != card}


def lived(book: Book, seconds: float) -> Book:
    """So long has the reader run; raises ValueError for time that goes back."""
    if seconds < 0:
        raise ValueError("time does not go back")
    rest = {
        card: Failures(one.count, one.left_s - seconds) for card, one in book.items()
    }
    return {card: one for card, one in rest.items() if one.left_s > 0}
