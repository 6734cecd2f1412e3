"""Many broken inputs for every target; what came of it."""

import resource
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from time import perf_counter

from provisioning.fuzz.mutation import mutated
from provisioning.fuzz.targets import OURS, Target

LIMIT_S = 0.010
"""No input may take longer."""
LIMIT_MIB = 64
"""The process may not grow by more."""
_NOTABLE_S = 0.002
_AGAIN = 3
"""A slow input is timed as often again and the least counts: the machine has others to
serve, and a turn of theirs takes milliseconds."""


@dataclass(slots=True)
class Outcome:
    inputs: int = 0
    refused: int = 0
    """Inputs that ended in an error of ours; the rest was read."""
    seconds: float = 0.0
    slowest_s: float = 0.0
    grown_mib: float = 0.0
    slowest: str = ""
    """Its target."""
    per_target: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    """Target, what went wrong, and the input as hex."""

    @property
    def good(self) -> bool:
        return not self.faults and self.grown_mib <= LIMIT_MIB


def campaign(targets: tuple[Target, ...], inputs: int, seed: int) -> Outcome:
    """The same `seed` makes the same injuries; the card's keys differ each time."""
    random = Random(seed)  # noqa: S311 (damage, no secret)
    outcome = Outcome()
    before, began = _peak_mib(), perf_counter()
    for number in range(inputs):
        target = targets[number % len(targets)]
        _try(target, mutated(random, random.choice(target.seeds)), outcome)
    outcome.seconds = perf_counter() - began
    outcome.grown_mib = _peak_mib() - before
    return outcome


def _try(target: Target, data: bytes, outcome: Outcome) -> None:
    outcome.inputs += 1
    outcome.per_target[target.name] += 1
    took = _timed(target, data, outcome)
    again = _AGAIN
    while took > _NOTABLE_S and again:
        took, again = min(took, _timed(target, data, Outcome())), again - 1
    if took > outcome.slowest_s:
        outcome.slowest_s, outcome.slowest = took, target.name
    if took > LIMIT_S:
        outcome.faults.append(f"{target.name}: {took * 1000:.1f} ms: {data.hex()}")


def _timed(target: Target, data: bytes, outcome: Outcome) -> float:
    began = perf_counter()
    try:
        target.read(data)
    except OURS:
        outcome.refused += 1
    except Exception as error:
        outcome.faults.append(f"{target.name}: {type(error).__name__}: {data.hex()}")
    return perf_counter() - began


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
