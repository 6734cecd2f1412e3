"""From when to when. Pure: the end is part of what was approved, not a job's work."""

from dataclasses import dataclass, replace
from typing import Final, Self

SETTLES_MS: Final = 2_000
"""A mode opens so long after its approval: until then every worker has looked
(circumstances.REMEMBERED_MS), and no answer in the mode leaves without its mark."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` up to, and not at, `until`; both Unix ms."""

    since: int
    until: int

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("a window ends before it begins")

    def covers(self, now_ms: int) -> bool:
        return self.since <= now_ms < self.until

    def over(self, now_ms: int) -> bool:
        """Also before it begins, where nothing is left of it."""
        return now_ms >= self.until or self.since >= self.until

    def cut(self, now_ms: int) -> Self:
        """Ended now: what is to come is taken off, and never anything put on."""
        until = min(self.until, max(now_ms, self.since))
        return replace(self, until=until)
