"""The answer to one tap, from everything that is known about it. Pure.

The order of the rules is the order of disclosure: nothing about a person is looked
at before the card, the reader and the terminal have been found in order.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cloud.access.grace import GraceRule, Standing, last_day, standing
from cloud.consent.model import asks_for
from cloud.eligibility.cause import Cause, why
from cloud.eligibility.model import JST, Eligibility, eligibility
from cloud.registry.model import Insurance, Person
from protocol.catalogue import Code
from protocol.codes import DEFAULT_ITEMS, Outcome, Validity


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds at the facility that asks."""

    items: tuple[str, ...] = DEFAULT_ITEMS
    """What it asks consent for."""
    grace: GraceRule = GraceRule.FROM_MONTH_END


@dataclass(frozen=True, slots=True)
class Grace:
    """The grace that an answer rests on."""

    rule: GraceRule
    until: date


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision and its reason. Only an accepting one carries a person."""

    outcome: Outcome
    code: Code | None = None
    validity: Validity | None = None
    cause: Cause | None = None
    person: Person | None = None
    insurances: tuple[Insurance, ...] = ()
    asks: tuple[str, ...] = ()
    grace: Grace | None = None

    @property
    def records_withheld(self) -> bool:
        return self.grace is not None


def refused(
    code: Code, validity: Validity | None = None, cause: Cause | None = None
) -> Decided:
    return Decided(Outcome.REFUSED, code, validity, cause)


def decide(
    person: Person | None, not_after: datetime, now: datetime, terms: Terms
) -> Decided:
    """Decide on a card whose certificate and signature are genuine.

    `not_after` is the certificate's expiry; both times are aware.
    """
    expired = standing(not_after, now, terms.grace)
    day = now.astimezone(JST).date()
    if expired is Standing.EXPIRED:
        return refused(Code.CERTIFICATE_EXPIRED, cause=Cause.CERTIFICATE_EXPIRED)
    if person is None:
        return refused(Code.NOT_FOUND, Validity.NOT_FOUND, Cause.CARD_UNKNOWN)
    if person.hold:
        return refused(Code.DISCLOSURE_HOLD, cause=Cause.HOLD)
    found = eligibility(person.insurances, day)
    if not found.usable:
        unknown = found.validity is Validity.NOT_FOUND
        code = Code.NOT_FOUND if unknown else Code.NOT_VALID
        return refused(code, found.validity, why(person.insurances, day))
    if not person.registered_on(day):
        return _unregistered(expired)
    return _accepted(person, found, day, terms, _grace(expired, not_after, terms))


def _grace(expired: Standing, not_after: datetime, terms: Terms) -> Grace | None:
    if expired is Standing.GOOD:
        return None
    return Grace(terms.grace, last_day(not_after, terms.grace))


def _unregistered(expired: Standing) -> Decided:
    # Registering for use takes a valid certificate: the grace does not cover it.
    if expired is Standing.GOOD:
        return Decided(Outcome.REGISTRATION_NEEDED, Code.NOT_REGISTERED)
    return refused(Code.NOT_REGISTERED, cause=Cause.NOT_REGISTERED)


def _accepted(
    person: Person, found: Eligibility, day: date, terms: Terms, grace: Grace | None
) -> Decided:
    asks = () if grace else asks_for(terms.items, person.birth_date, day)
    return Decided(
        Outcome.ACCEPTED,
        Code.GRACE if grace else None,
        found.validity,
        Cause.GRACE if grace else None,
        person,
        tuple(_on(one, day) for one in found.insurances),
        asks=asks,
        grace=grace,
    )


def _on(insurance: Insurance, day: date) -> Insurance:
    """What it carries on the day. The disease certificate takes a consent (U9)."""
    valid = replace(insurance.benefits.on(day), diseases=())
    return replace(insurance, benefits=valid)
