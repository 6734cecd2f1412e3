"""Validity (OQSCD006) of what a person holds, as of one day in Japan.

Medical assistance (A1) stands beside a health insurance and never makes it
"several"; two health insurances on one day do.
"""

from dataclasses import dataclass
from datetime import date, timedelta, timezone

from cloud.registry.model import Insurance
from protocol.codes import Validity

JST = timezone(timedelta(hours=9), "JST")
"""Japan has had no daylight saving since 1952: a fixed offset is exact."""

ASSISTANCE = "A1"
LOST_TO_OTHER_INSURANCE = "03"
"""OQSCD008: lost because another insurance was acquired."""

USABLE = frozenset({Validity.VALID, Validity.VALID_UNREGISTERED})


@dataclass(frozen=True, slots=True)
class Eligibility:
    validity: Validity
    insurances: tuple[Insurance, ...] = ()
    """What is valid on the day; empty unless `usable`."""

    @property
    def usable(self) -> bool:
        return self.validity in USABLE


def eligibility(insurances: tuple[Insurance, ...], day: date) -> Eligibility:
    """What all insurances of one person amount to on the day."""
    if not insurances:
        return Eligibility(Validity.NOT_FOUND)
    current = tuple(item for item in insurances if item.current(day))
    if not current:
        return Eligibility(_why_none(insurances, day))
    health = [item for item in current if item.card_classification != ASSISTANCE]
    assistance = [item for item in current if item.card_classification == ASSISTANCE]
    if len(health) > 1 or len(assistance) > 1:
        return Eligibility(Validity.SEVERAL)
    if not health and assistance[0].unregistered:
        return Eligibility(Validity.VALID_UNREGISTERED, current)
    return Eligibility(Validity.VALID, current)


def validity_of(
    insurance: Insurance, held: tuple[Insurance, ...], day: date
) -> Validity:
    """Validity of one insurance that was asked for, among all the person holds."""
    if insurance.current(day):
        unregistered = insurance.unregistered
        return Validity.VALID_UNREGISTERED if unregistered else Validity.VALID
    if _lost(insurance, day) and _newer_exists(insurance, held):
        return Validity.INVALID_NEWER_EXISTS
    return Validity.INVALID


def _why_none(insurances: tuple[Insurance, ...], day: date) -> Validity:
    lost = [item for item in insurances if _lost(item, day)]
    if not lost:
        return Validity.INVALID
    return validity_of(max(lost, key=lambda i: i.valid_from), insurances, day)


def _lost(insurance: Insurance, day: date) -> bool:
    return insurance.valid_until is not None and insurance.valid_until < day


def _newer_exists(insurance: Insurance, held: tuple[Insurance, ...]) -> bool:
    # The new insurer has some days to register: the reason alone already says so.
    return insurance.loss_reason == LOST_TO_OTHER_INSURANCE or any(
        other.valid_from > insurance.valid_from for other in held
    )
