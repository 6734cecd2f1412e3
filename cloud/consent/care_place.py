"""Kinds of place where a patient is asked, and how long a yes may last there (1.3).

A place is set by the facility, for all of it or for one reader. A reader states its
kind of care by itself; where the two differ, the shorter life counts: nobody's records
stay open longer than the patient was told, and no reader's mistake makes a day endless.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cloud.consent.model import LIFETIMES, Lifetime
from protocol.codes import CareKind


class PlaceKind(StrEnum):
    OUTPATIENT = "outpatient"
    FEVER_CLINIC = "fever_clinic"
    """発熱外来: asked outside with a portable unit, and yet an outpatient (K1)."""
    HOME_VISIT = "home_visit"
    BEDSIDE = "bedside"
    """入院: as home care, until it is withdrawn or the patient is discharged (K3)."""
    ONLINE = "online"


CARE: Mapping[PlaceKind, CareKind] = MappingProxyType(
    {
        PlaceKind.OUTPATIENT: CareKind.OUTPATIENT,
        PlaceKind.FEVER_CLINIC: CareKind.OUTPATIENT,
        PlaceKind.HOME_VISIT: CareKind.HOME_VISIT,
        PlaceKind.BEDSIDE: CareKind.HOME_VISIT,
        PlaceKind.ONLINE: CareKind.ONLINE,
    }
)
"""OQSCD028 has no word of its own for a fever clinic or a bed."""


def care_at(place: PlaceKind | None, stated: CareKind) -> CareKind:
    """What the consent is given for; `place` None: nothing is set."""
    if place is None:
        return stated
    return min(stated, CARE[place], key=_length)


def lifetime(place: PlaceKind) -> Lifetime:
    """The longest that a yes lasts there."""
    return LIFETIMES[CARE[place]]


def _length(care: CareKind) -> tuple[bool, bool, int]:
    life = LIFETIMES[care]
    return life.ms is None, not life.each_time, life.ms or 0
