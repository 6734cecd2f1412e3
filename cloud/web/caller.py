"""Who is at the door, and what they may do: the only place that decides it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from protocol.catalogue import Code
from protocol.ids import FacilityCode


class Right(StrEnum):
    """What a route asks of its caller. A route names exactly one."""

    PUBLIC = "public"
    """Says nothing of anybody: the description of the interface itself."""
    ASK = "ask"
    """Eligibility: by number, again, in bulk, OQS files, FHIR coverage."""
    READ_RECORDS = "read_records"
    """Drugs, treatment, checkups: staff with a second factor, and a living consent."""
    MANAGE = "manage"
    """The facility's own settings, terms, accounts, links."""


class Role(StrEnum):
    """Of a member of staff, given by the facility."""

    RECEPTION = "reception"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


class Profile(StrEnum):
    """What kind of place the facility is, and with it what it may ask at all."""

    FULL = "full"
    ELIGIBILITY_ONLY = "eligibility_only"
    """資格確認限定型: therapists, midwives, checkup centres (V7)."""


ROLE_RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.RECEPTION: frozenset({Right.ASK}),
    Role.CLINICIAN: frozenset({Right.ASK, Right.READ_RECORDS}),
    Role.ADMINISTRATOR: frozenset({Right.ASK, Right.MANAGE}),
}
PROFILE_RIGHTS: Final[Mapping[Profile, frozenset[Right]]] = {
    Profile.FULL: frozenset(Right),
    Profile.ELIGIBILITY_ONLY: frozenset({Right.PUBLIC, Right.ASK, Right.MANAGE}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff who proved two factors of different kinds (OQSCD041)."""

    account: str
    role: Role


@dataclass(frozen=True, slots=True)
class Caller:
    """A facility, known by its certificate; with a token also one of its staff."""

    facility: FacilityCode
    profile: Profile = Profile.FULL
    staff: Staff | None = None


def refusal(caller: Caller | None, right: Right) -> Code | None:
    """Why this caller may not; None: may. What is not listed is refused."""
    if right is Right.PUBLIC:
        return None
    if caller is None:
        return Code.FACILITY_UNKNOWN
    if right not in PROFILE_RIGHTS[caller.profile]:
        return Code.NOT_IN_PROFILE
    if right is Right.ASK and caller.staff is None:
        # A receipt computer asks by itself; it is the facility, by its certificate.
        return None
    if caller.staff is None:
        return Code.SIGN_IN_NEEDED
    if right not in ROLE_RIGHTS[caller.staff.role]:
        return Code.NOT_YOUR_ROLE
    return None
