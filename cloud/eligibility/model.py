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
    health = [item for item in current if not item.assistance]
    assistance = [item for item in current if item.assistance]
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
    if insurance.ended_before(day) and insurance.replaced_in(held):
        return Validity.INVALID_NEWER_EXISTS
    return Validity.INVALID


def _why_none(insurances: tuple[Insurance, ...], day: date) -> Validity:
    lost = [item for item in insurances if item.ended_before(day)]
    if not lost:
        return Validity.INVALID
    return validity_of(max(lost, key=lambda i: i.valid_from), insurances, day)
