"""How late records come, and what "as of" may therefore say.

Drugs, treatment and surgery are taken from claims (レセプト): those of a month are sent
in by the 10th of the next and are all there, at the latest, from the 11th of the month
after that. A prescription is seen one to two months and some days after it was written.
A month is shown when it is complete: half a month would look like few drugs.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from cloud.records.model import Kind
from cloud.records.month import Month, first_day, last_day, later, month_of

CLAIMS_DAY = 11
CLAIMS_MONTHS = 2
KEPT_MONTHS = 60
"""How far back a reading goes."""

_FROM_CLAIMS = frozenset({Kind.DRUG, Kind.TREATMENT, Kind.OPERATION})


@dataclass(frozen=True, slots=True)
class Period:
    """Months of treatment, both ends included."""

    first: Month
    last: Month

    def holds(self, month: Month) -> bool:
        return self.first <= month <= self.last


@dataclass(frozen=True, slots=True)
class AsOf:
    """What records read on `day` can contain."""

    day: date
    """In Japan."""
    newest_month: Month
    complete_until: date
    missing_from: date
    """Prescriptions of this day and later are not among them, whatever they are."""


def visible_from(month: Month) -> date:
    """The first day on which all claims of the month are there."""
    return first_day(later(month, CLAIMS_MONTHS)).replace(day=CLAIMS_DAY)


def as_of(day: date) -> AsOf:
    behind = CLAIMS_MONTHS + (day.day < CLAIMS_DAY)
    newest = later(month_of(day), -behind)
    until = last_day(newest)
    return AsOf(day, newest, until, until + timedelta(days=1))


def readable(kind: Kind, day: date) -> Period:
    """The months of one kind of record that are shown on the day."""
    claims = kind in _FROM_CLAIMS
    last = as_of(day).newest_month if claims else month_of(day)
    return Period(later(month_of(day), -KEPT_MONTHS), last)
