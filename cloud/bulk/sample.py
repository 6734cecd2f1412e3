"""Bulk files that ask for fictitious persons, in any number: for trying out.

The persons are those of `shikaku-cloud seed`, which makes the same ones of the same
seed and day again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from cloud.bulk.reading import BIRTH, BRANCH, FIELDS, NUMBER
from cloud.registry.model import Person
from protocol.oqs.bulk import SEARCH
from protocol.oqs.document import Element, leaves

UNKNOWN = "99999999"


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the rows."""

    unknown: float = 0.02
    """Ask for a number that nobody has."""
    faulty: float = 0.01
    """Cannot be read."""


def searches(
    persons: list[Person], rows: int, *, seed: int, shares: Shares
) -> Iterator[Element]:
    """`rows` rows over these persons, round and round. Each has one insurance."""
    draw = Random(seed)  # noqa: S311 - it makes fiction, not secrets
    for place in range(rows):
        person = persons[place % len(persons)]
        (held,) = person.insurances
        values = dict(
            zip(
                FIELDS,
                (
                    f"row-{place + 1}",
                    held.insurer_number,
                    held.symbol,
                    held.number,
                    held.branch,
                    f"{person.birth_date:%Y%m%d}",
                    "1" if draw.random() < 0.5 else "",
                ),
                strict=True,
            )
        )
        fate = draw.random()
        if fate < shares.faulty:
            values[BIRTH] = "20260231"
        elif fate < shares.faulty + shares.unknown:
            values[NUMBER], values[BRANCH] = UNKNOWN, ""
        yield Element(SEARCH, "", leaves(*values.items()))
