"""Who holds an insurance, by what is printed on it, where a file has no birth date."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cloud.registry.model import Entry, lookup_key
from cloud.registry.service import Registry
from protocol.numbers import same


@dataclass(frozen=True, slots=True)
class Printed:
    """Text as printed; a branch that is not stated is empty."""

    insurer: str = field(repr=False)
    symbol: str = field(repr=False)
    number: str = field(repr=False)
    branch: str = field(repr=False)

    @property
    def lookup(self) -> str:
        return lookup_key(self.insurer, self.symbol, self.number)


@dataclass(frozen=True, slots=True)
class Holders:
    registry: Registry

    def of(self, printed: Printed) -> Entry | None:
        return self.all([printed])[0]

    def all(self, asked: Sequence[Printed]) -> list[Entry | None]:
        """In their order: the one holder; None for nobody, and for more than one."""
        found = self.registry.numbered(list({one.lookup for one in asked}))
        return [_only(one, found.get(one.lookup, ())) for one in asked]


def _only(printed: Printed, candidates: Sequence[Entry]) -> Entry | None:
    holding = [
        entry
        for entry in candidates
        if any(
            lookup_key(one.insurer_number, one.symbol, one.number) == printed.lookup
            and (not printed.branch or same(printed.branch, one.branch))
            for one in entry.person.insurances
        )
    ]
    return holding[0] if len(holding) == 1 else None
