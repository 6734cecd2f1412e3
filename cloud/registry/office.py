"""What is done to one person: use begins or ends, a card comes back, a hold ends.

A person is named by the resident reference, a hold by its number; neither is a name.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from cloud.registry.model import PersonId
from cloud.registry.resident import HoldKind, reference_of
from cloud.registry.use import cancelled, registered_on
from cloud.registry.values import insurer_key


class Use(NamedTuple):
    """利用登録 of one person."""

    person: PersonId
    registered: bool
    until: date | None


class Hold(NamedTuple):
    """An open one, with the printed number that tells the insurer who it is."""

    id: int
    kind: HoldKind
    since: int
    insurer: str
    symbol: str
    number: str
    branch: str

    def __repr__(self) -> str:
        return f"Hold({self.id})"


class HoldCount(NamedTuple):
    insurer: str
    """Folded number; empty: brought in by `import persons`."""
    kind: HoldKind
    open: int
    ended: int


class OfficeStore(Protocol):
    def use(self, reference: bytes) -> Use | None: ...

    def set_use(self, use: Use, received: date, *, cancels: bool) -> None:
        """Write the state, and what happened, in one transaction."""
        ...

    def give_back(self, person: PersonId, day: date) -> int:
        """Unlink every certificate; how many. The day is kept for list C."""
        ...

    def hold_counts(self) -> Sequence[HoldCount]: ...

    def open_holds(self, insurer: str) -> Iterator[Hold]: ...

    def release(self, holds: Sequence[int], insurer: str, now_ms: int) -> int:
        """End those that are open and this insurer's; how many. A person whom no
        other hold concerns is disclosed again."""
        ...

    def put_insurers(self, names: Mapping[str, tuple[str, str]]) -> None:
        """(number, name) by folded number."""
        ...


class Result(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"
    NOT_IN_USE = "not_in_use"


class Office:
    def __init__(self, store: OfficeStore) -> None:
        self._store = store

    def register_use(self, resident_ref: str, received: date) -> Result:
        """利用登録; it also takes a cancellation back."""
        use = self._store.use(reference_of(resident_ref))
        if use is None:
            return Result.UNKNOWN
        if use.registered and use.until is None:
            return Result.UNCHANGED
        begun = Use(use.person, registered=True, until=None)
        self._store.set_use(begun, received, cancels=False)
        return Result.DONE

    def cancel_use(
        self, resident_ref: str, received: date
    ) -> tuple[Result, date | None]:
        """利用登録の解除; the last day of use: the end of the month after receipt."""
        use = self._store.use(reference_of(resident_ref))
        if use is None:
            return Result.UNKNOWN, None
        if not registered_on(use.registered, use.until, received):
            return Result.NOT_IN_USE, None
        until = cancelled(use.until, received)
        if until == use.until:
            return Result.UNCHANGED, until
        ended = Use(use.person, registered=True, until=until)
        self._store.set_use(ended, received, cancels=True)
        return Result.DONE, until

    def give_back(self, resident_ref: str, day: date) -> tuple[Result, int]:
        """A returned card opens nothing any more."""
        use = self._store.use(reference_of(resident_ref))
        if use is None:
            return Result.UNKNOWN, 0
        return Result.DONE, self._store.give_back(use.person, day)

    def release(self, holds: Sequence[int], insurer: str, now_ms: int) -> int:
        """The insurer confirms its own; another's are left alone."""
        return self._store.release(holds, insurer_key(insurer), now_ms)
