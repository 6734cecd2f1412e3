"""The difference between what a facility saw last and what it is shown now. Pure.

What is shown comes in groups (a person, an insurance, its limit certificate). A group
is shown whole or not at all: one that is not shown this time is neither compared nor
forgotten, so that a limit certificate nobody consented to has not "ended".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.numbers import fold

Fields = Mapping[str, str]
Seen = Mapping[str, Fields]
"""By group, then by field: text as it was shown."""
LISTED: Final = "/"
"""Before the field of one of several entries: `54136015/self_pay`."""


class State(StrEnum):
    FIRST = "first_seen"
    SAME = "unchanged"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it was shown then and as it is now; empty: not there."""

    group: str
    field: str
    before: str
    now: str

    def __repr__(self) -> str:
        """No value: it may meet a log or a traceback."""
        return f"Change({self.group})"


@dataclass(frozen=True, slots=True)
class Difference:
    state: State
    since: int | None = None
    """When this facility saw this person last (Unix ms); None: never."""
    changes: tuple[Change, ...] = ()


def difference(before: Seen | None, now: Seen, since: int | None = None) -> Difference:
    """What of `now` is another than it was. A group shown for the first time is not."""
    if before is None:
        return Difference(State.FIRST)
    found = tuple(
        change
        for group, fields in now.items()
        if group in before
        for change in _changes(group, before[group], fields)
    )
    return Difference(State.CHANGED if found else State.SAME, since, found)


def remembered(before: Seen | None, now: Seen) -> Seen:
    """What the facility has seen last, after it was shown `now`."""
    return {**(before or {}), **now}


def meant(text: str) -> str:
    """One writing for comparison: widths, kana, spaces, and zeros before a number.

    Nothing stays nothing: a branch 00 is not a branch that is missing.
    """
    folded = fold(text)
    bare = folded.lstrip("0")
    return (bare or "0") if folded.isascii() and folded.isdigit() else folded


def _changes(group: str, before: Fields, now: Fields) -> Iterator[Change]:
    for field in dict.fromkeys((*now, *before)):
        old, new = before.get(field, ""), now.get(field, "")
        if meant(old) != meant(new):
            yield Change(group, field, old, new)
