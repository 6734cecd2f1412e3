"""The answer to one tap, from everything that is known about it. Pure.

The order of the rules is the order of disclosure: nothing about a person is looked
at before the card, the reader and the terminal have been found in order.
"""

from dataclasses import dataclass
from datetime import datetime

from cloud.access.grace import Standing, standing
from cloud.consent.model import asks_for
from cloud.eligibility.model import JST, Eligibility, eligibility
from cloud.registry.model import Insurance, Person
from protocol.catalogue import Code
from protocol.codes import DEFAULT_ITEMS, Outcome, Validity


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and its reason. Only an accepting one carries a person."""

    outcome: Outcome
    code: Code | None = None
    validity: Validity | None = None
    person: Person | None = None
    insurances: tuple[Insurance, ...] = ()
    asks: tuple[str, ...] = ()
    records_withheld: bool = False


def refused(code: Code, validity: Validity | None = None) -> Decided:
    return Decided(Outcome.REFUSED, code, validity)


def decide(
    person: Person | None,
    not_after: datetime,
    now: datetime,
    items: tuple[str, ...] = DEFAULT_ITEMS,
) -> Decided:
    """Decide on a card whose certificate and signature are genuine.

    `not_after` is the certificate's expiry; both times are aware. `items` are what
    the facility asks consent for.
    """
    expired = standing(not_after, now)
    if expired is Standing.EXPIRED:
        return refused(Code.CERTIFICATE_EXPIRED)
    if person is None:
        return refused(Code.NOT_FOUND, Validity.NOT_FOUND)
    if person.hold:
        return refused(Code.DISCLOSURE_HOLD)
    found = eligibility(person.insurances, now.astimezone(JST).date())
    if found.validity is Validity.NOT_FOUND:
        return refused(Code.NOT_FOUND, Validity.NOT_FOUND)
    if not found.usable:
        return refused(Code.NOT_VALID, found.validity)
    if not person.registered:
        return _unregistered(expired)
    return _accepted(person, found, expired, now, items)


def _unregistered(expired: Standing) -> Decided:
    # Registering for use takes a valid certificate: the grace does not cover it.
    if expired is Standing.GOOD:
        return Decided(Outcome.REGISTRATION_NEEDED, Code.NOT_REGISTERED)
    return refused(Code.NOT_REGISTERED)


def _accepted(
    person: Person,
    found: Eligibility,
    expired: Standing,
    now: datetime,
    items: tuple[str, ...],
) -> Decided:
    grace = expired is Standing.GRACE
    day = now.astimezone(JST).date()
    return Decided(
        Outcome.ACCEPTED,
        Code.GRACE if grace else None,
        found.validity,
        person,
        found.insurances,
        asks=() if grace else asks_for(items, person.birth_date, day),
        records_withheld=grace,
    )
