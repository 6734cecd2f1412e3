"""Whom the fiction is about, when it plays, and the dice."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cloud.registry.model import age_on
from protocol.codes import Sex

YEARS_BACK = 2
"""Drugs begin on 1 January two years before the year of `today`."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A fictitious person, as far as the records need one."""

    seed: int
    person: int
    sex: Sex
    birth_date: date
    today: date

    @property
    def begins(self) -> date:
        january = date(self.today.year - YEARS_BACK, 1, 1)
        return max(january, self.birth_date + timedelta(days=30))

    @property
    def ends(self) -> date:
        """Everything is drawn to here and cut at today: later runs only add."""
        return date(self.today.year, 12, 31)

    def age(self, day: date) -> int:
        return age_on(self.birth_date, day)

    def dice(self, topic: str) -> Random:
        """Of their own for every topic: more of one changes nothing in another."""
        year = self.today.year - YEARS_BACK
        return Random(f"{self.seed}|{self.person}|{year}|{topic}")  # noqa: S311


def working_day(day: date) -> date:
    """The day, or the next that is neither a Sunday nor New Year (30 Dec to 3 Jan)."""
    while day.weekday() == 6 or (day.month, day.day) in _NEW_YEAR:
        day += timedelta(days=1)
    return day


_NEW_YEAR = {(12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
