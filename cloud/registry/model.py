"""Values of the registry. Numbers are text, as printed; dates are civil dates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from cloud.registry.benefits import NONE, Benefits
from cloud.registry.use import registered_on
from protocol.codes import Relationship, Sex
from protocol.numbers import fold

PersonId = NewType("PersonId", int)
"""The registry's own number of a person: means nothing outside this database."""


class LinkKind(StrEnum):
    """By what a card certificate is tied to a person."""

    CERTIFICATE = "certificate"
    """SHA-256 of the certificate (DER), 32 bytes."""
    SUBJECT_KEY = "subject_key"
    """Its SubjectKeyIdentifier: survives a renewal that keeps the key."""


@dataclass(frozen=True, slots=True)
class CertificateLink:
    kind: LinkKind
    value: bytes


ASSISTANCE = "A1"
"""OQSCD010 医療扶助: stands beside a health insurance, not instead of it."""
LOST_TO_OTHER_INSURANCE = "03"
"""OQSCD008: lost because another insurance was acquired."""


@dataclass(frozen=True, slots=True)
class Insurance:
    """One insurance of one person, from its first to its last valid day."""

    card_classification: str
    """OQSCD010; "A1" is medical assistance (医療扶助)."""
    insurer_number: str
    insurer_name: str
    relationship: Relationship
    valid_from: date
    valid_until: date | None = None
    """The last day on which it is valid; None: open."""
    symbol: str = ""
    number: str = ""
    branch: str = ""
    insured_name: str = ""
    loss_reason: str = ""
    """OQSCD008; empty while it is not lost."""
    copayment_ratio: str = ""
    copayment_limit: str = ""
    unregistered: bool = False
    """Medical assistance that is valid but not yet registered (OQSCD006 6)."""
    benefits: Benefits = NONE

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("an insurance ends before it begins")

    def current(self, day: date) -> bool:
        return self.valid_from <= day and not self.ended_before(day)

    def ended_before(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until < day

    @property
    def assistance(self) -> bool:
        return self.card_classification == ASSISTANCE

    def replaced_in(self, held: "tuple[Insurance, ...]") -> bool:
        """Whether a newer one took its place, or will when it is registered."""
        # The new insurer has some days to register: the reason alone already says so.
        return self.loss_reason == LOST_TO_OTHER_INSURANCE or any(
            other.valid_from > self.valid_from for other in held
        )


@dataclass(frozen=True, slots=True)
class Person:
    """What the registry knows of one insured person."""

    name: str
    name_kana: str
    sex: Sex
    birth_date: date
    address: str = ""
    post_number: str = ""
    registered: bool = True
    """Registered for use of the card as insurance card (利用登録)."""
    hold: bool = False
    """閲覧停止: the resident register disagrees; nothing is disclosed."""
    insurances: tuple[Insurance, ...] = ()
    registered_until: date | None = None
    """The last day of use after a cancellation; None: nothing ends it."""

    def registered_on(self, day: date) -> bool:
        """Whether the card counts as insurance card on the day (JST)."""
        return registered_on(self.registered, self.registered_until, day)

    def __repr__(self) -> str:
        """No name: a value may meet a log or a traceback."""
        return f"Person({len(self.insurances)} insurances)"


@dataclass(frozen=True, slots=True)
class Entry:
    """A person as the registry holds them."""

    id: PersonId
    person: Person


def lookup_key(insurer: str, symbol: str, number: str) -> str:
    """What an insurance is found by: folded, blind to padding with zeros.

    The symbol comes last: whoever asks with a wrong one is found by the beginning.
    """
    parts = (fold(insurer).lstrip("0"), fold(number).lstrip("0"), fold(symbol))
    return "|".join(parts)


def age_on(birth_date: date, day: date) -> int:
    """Completed years: the birthday counts; 29 February has it on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)
