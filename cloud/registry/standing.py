"""A person and their insurances while a batch of lines is applied to them."""

from dataclasses import dataclass, field
from typing import NamedTuple

from cloud.registry.benefits import Benefits
from cloud.registry.resident import HoldKind
from cloud.registry.rows import CoverKey


class Details(NamedTuple):
    name: str
    name_kana: str
    sex: str
    birth_date: str
    address: str
    post_number: str

    def __repr__(self) -> str:
        return "Details()"


class Cover(NamedTuple):
    """One insurance as it stands: texts as printed, dates as ISO text."""

    key: CoverKey
    valid_from: str
    valid_until: str | None
    card_classification: str
    insurer_number: str
    relationship: str
    symbol: str
    number: str
    branch: str
    insured_name: str
    loss_reason: str
    copayment_ratio: str
    copayment_limit: str
    benefits: Benefits

    def __repr__(self) -> str:
        return "Cover()"

    def overlaps(self, since: str, until: str | None) -> bool:
        return (until is None or self.valid_from <= until) and (
            self.valid_until is None or since <= self.valid_until
        )


Token = int | bytes
"""Whose: the person's number, or the reference of one who has none yet."""


@dataclass(slots=True, repr=False)
class Standing:
    """`id` is 0 for a person who is not in the registry yet."""

    reference: bytes
    details: Details
    id: int = 0
    held: bool = False
    covers: list[Cover] = field(default_factory=list)
    holds: dict[str, HoldKind] = field(default_factory=dict)
    """Open ones, by the folded number of the insurer."""
    # What is to be written:
    rewritten: bool = False
    touched: set[int] = field(default_factory=set)
    """Positions of covers that are new or changed."""
    opened: dict[str, HoldKind] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    links: list[tuple[bytes, str | None]] = field(default_factory=list)

    @property
    def token(self) -> Token:
        return self.id or self.reference

    def place(self, key: CoverKey, valid_from: str) -> int | None:
        for place, cover in enumerate(self.covers):
            if cover.valid_from == valid_from and cover.key == key:
                return place
        return None

    def only_of(self, insurer: str) -> bool:
        """Whether nobody else insures this person."""
        return all(cover.key[0] == insurer for cover in self.covers)


class Claim(NamedTuple):
    """That somebody has a number, and when."""

    whose: Token
    cover: Cover


class Known(NamedTuple):
    """What the registry holds of everything that a batch names."""

    persons: dict[bytes, Standing]
    numbers: dict[CoverKey, list[Claim]]
    certificates: dict[bytes, Token]
