"""What a person takes now, as far as claims can say.

The newest claims are one to two months old, so "now" is a presumption: a drug whose
supply reached the last complete day, give or take the days a patient comes late, or a
drug without days (as needed, applied, injected) that was given not long before.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cloud.records.lag import AsOf
from cloud.records.model import DrugLine, Form, Setting
from cloud.records.month import Month, later

LATE_DAYS = 14
"""A patient who comes so much later than the supply lasts has not stopped."""
STILL_DAYS: Final = {Form.AS_NEEDED: 62, Form.TOPICAL: 62, Form.INJECTION: 183}
"""How long a drug without days counts as current. Some injections work for months."""
RECENT_DAYS = 92
GRID_MONTHS = 12

_WEEKLY = re.compile(r"週に?[1１一]回")
_MONTHLY = re.compile(r"([4４四]週|月)に?[1１一]回")
_ORDER = tuple(Form)


@dataclass(frozen=True, slots=True)
class Standing:
    """One drug from one prescriber, as it was last given."""

    line: DrugLine
    until: date | None
    """The last day its supply lasts; None for a drug without days."""
    since: Month
    """The first month it is on record (of the months read)."""
    months: tuple[Month, ...]
    """In which it was given, oldest first."""
    before: DrugLine | None = None
    """What it was when it last was another product, dose or usage."""
    twice: bool = False
    """Another prescriber's line of the same generic name is current, too."""


@dataclass(frozen=True, slots=True)
class Standings:
    current: tuple[Standing, ...]
    recent: tuple[Standing, ...]
    """Given in the last three months, and over by then."""


def standings(lines: Iterable[DrugLine], as_of: AsOf) -> Standings:
    groups: dict[tuple[str, str], list[DrugLine]] = {}
    for line in lines:
        if line.given_on is not None:
            groups.setdefault((line.generic, line.prescriber.name), []).append(line)
    current, recent = [], []
    for held in groups.values():
        for one in _last(held, grid(as_of)[0]):
            if _lasts(one, as_of.complete_until):
                current.append(one)
            elif _days_ago(one.line, as_of.complete_until) < RECENT_DAYS:
                recent.append(one)
    return Standings(_ordered(_marked(current)), _ordered(recent))


def grid(as_of: AsOf) -> tuple[Month, ...]:
    """The months of the overview, oldest first."""
    return tuple(later(as_of.newest_month, back) for back in range(1 - GRID_MONTHS, 1))


def supply_until(line: DrugLine) -> date | None:
    """The last day a drug for certain days lasts."""
    given = line.given_on
    if line.form is not Form.INTERNAL or given is None:
        return None
    return given + timedelta(days=line.times * days_apart(line.usage) - 1)


def days_apart(usage: str) -> int:
    """How many days one time of it covers: 7 of a weekly tablet."""
    if _MONTHLY.search(usage):
        return 28
    return 7 if _WEEKLY.search(usage) else 1


def _last(held: list[DrugLine], since: Month) -> list[Standing]:
    """The lines of the group's latest day; the others are its history.

    A change is told if what was before was given in month `since` or later.
    """
    days: dict[date, list[DrugLine]] = {}
    for line in held:
        if line.given_on is not None:
            days.setdefault(line.given_on, []).append(line)
    latest = max(days)
    months = tuple(sorted({line.month for line in held}))
    before = _before(days) if len(days[latest]) == 1 else None
    if before is not None and before.month < since:
        before = None
    return [
        Standing(line, supply_until(line), months[0], months, before)
        for line in days[latest]
    ]


def _before(days: dict[date, list[DrugLine]]) -> DrugLine | None:
    """What the only line of the latest day was when it was another one."""
    latest = max(days)
    (now,) = days[latest]
    for day in sorted(days, reverse=True)[1:]:
        if len(days[day]) != 1:
            return None
        (then,) = days[day]
        if _dose(then) != _dose(now):
            return then
    return None


def _dose(line: DrugLine) -> tuple[str, ...]:
    # Of a drug without days the amount is what was handed out, not a dose.
    counted = line.form in (Form.INTERNAL, Form.AS_NEEDED)
    amount = (line.quantity, line.unit) if counted else ()
    return (line.brand, line.usage, *amount)


def _lasts(one: Standing, complete_until: date) -> bool:
    if one.line.setting is Setting.INPATIENT:
        return one.until is not None and one.until >= complete_until
    if one.until is not None:
        return one.until + timedelta(days=LATE_DAYS) >= complete_until
    return _days_ago(one.line, complete_until) < STILL_DAYS[one.line.form]


def _days_ago(line: DrugLine, day: date) -> int:
    return (day - (line.given_on or date.min)).days


def _marked(current: list[Standing]) -> list[Standing]:
    prescribers = Counter(
        generic for generic, _ in {(s.line.generic, s.line.prescriber) for s in current}
    )
    return [
        Standing(
            one.line,
            one.until,
            one.since,
            one.months,
            one.before,
            prescribers[one.line.generic] > 1,
        )
        for one in current
    ]


def _ordered(held: list[Standing]) -> tuple[Standing, ...]:
    """By form, then by prescriber (the one with most drugs first)."""
    many = Counter(one.line.prescriber.name for one in held)
    return tuple(
        sorted(
            held,
            key=lambda one: (
                _ORDER.index(one.line.form),
                -many[one.line.prescriber.name],
                one.line.prescriber.name,
                one.since,
                one.line.generic,
            ),
        )
    )
