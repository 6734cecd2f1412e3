"""Long illnesses of a fictitious person, and the prescriptions they lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cloud.records.fiction.conditions import (
    CONDITIONS,
    INTERVALS,
    PHARMACIES,
    Clinic,
    Condition,
)
from cloud.records.fiction.doses import Dose
from cloud.records.fiction.subject import Subject, working_day
from cloud.records.model import DrugLine, Institution, Setting
from cloud.records.month import month_of

ONGOING = 0.7
"""How many had it before the records begin."""
CLIMBS = 0.08
"""How often a visit changes the drugs."""
IN_HOUSE = 0.25
"""How many clinics hand drugs out themselves."""
LATE = (-1, 0, 0, 0, 1, 2, 3, 7)
DISPENSED_LATER = (0, 0, 0, 0, 0, 1, 2, 3)
GOOD_DAYS = 4
"""For so long a prescription is good, the day it is written included."""


@dataclass(frozen=True, slots=True)
class Course:
    """One condition of one person."""

    condition: Condition
    ladder: tuple[tuple[Dose, ...], ...]
    first: date
    last: date

    def runs(self, day: date) -> bool:
        return self.first <= day <= self.last and day.month in self.condition.season


@dataclass(frozen=True, slots=True)
class Visit:
    clinic: Clinic
    day: date
    days: int
    """For how many days drugs are prescribed."""
    courses: tuple[Course, ...]


def courses_of(subject: Subject) -> tuple[Course, ...]:
    """What lasts, by age and sex on the day the records begin."""
    held = []
    age, grows_to = subject.age(subject.begins), subject.age(subject.ends)
    for condition in CONDITIONS:
        dice = subject.dice(condition.name)
        chance = condition.chance_at(age, subject.sex)
        if dice.random() < chance and grows_to < condition.until_age:
            held.append(course(condition, subject, dice))
    alone = [one for one in held if one.condition.alone]
    return tuple(alone or held)


def course(
    condition: Condition, subject: Subject, dice: Random, begins: date | None = None
) -> Course:
    span = (subject.ends - subject.begins).days
    first = begins or subject.begins
    lasting = condition.season == frozenset(range(1, 13))
    if begins is None and lasting and dice.random() >= ONGOING:
        first += timedelta(days=dice.randrange(max(span * 2 // 3, 1)))
    days = condition.days
    last = first + timedelta(days=days) if days else subject.ends
    return Course(condition, dice.choice(condition.ladders), first, last)


def visits_of(subject: Subject, courses: tuple[Course, ...]) -> Iterator[Visit]:
    """Every visit to every clinic; one visit serves all that is treated there."""
    for clinic in Clinic:
        here = tuple(one for one in courses if one.condition.clinic is clinic)
        if here:
            yield from _visits(subject, clinic, here)


def _visits(
    subject: Subject, clinic: Clinic, courses: tuple[Course, ...]
) -> Iterator[Visit]:
    dice = subject.dice(f"visits {clinic}")
    every = dice.choice(INTERVALS[clinic])
    planned = min(one.first for one in courses) + timedelta(days=dice.randrange(28))
    while planned <= subject.ends:
        day = working_day(planned)
        running = tuple(one for one in courses if one.runs(day))
        if running and day <= subject.today:
            yield Visit(clinic, day, min(every, 90), running)
        planned += timedelta(days=every + dice.choice(LATE))


def lines_of(subject: Subject, visits: Iterator[Visit]) -> Iterator[DrugLine]:
    """The drug lines of the visits, each course climbing its own ladder."""
    steps: dict[str, int] = {}
    for visit in visits:
        dice = subject.dice(f"lines {visit.clinic} {visit.day}")
        drugs: list[Dose] = []
        for one in visit.courses:
            name = one.condition.name
            if name in steps and dice.random() < CLIMBS:
                steps[name] = min(steps[name] + 1, len(one.ladder) - 1)
            drugs += one.ladder[steps.setdefault(name, 0)]
        yield from prescribed(
            subject, visit.clinic, visit.day, visit.days, dict.fromkeys(drugs), dice
        )


def prescribed(
    subject: Subject,
    clinic: Clinic,
    day: date,
    days: int,
    drugs: "dict[Dose, None]",
    dice: Random,
) -> Iterator[DrugLine]:
    """One prescription; nothing when it would be handed out after today."""
    in_house = subject.dice(f"house {clinic}").random() < IN_HOUSE
    if clinic is Clinic.HOSPITAL or in_house:
        dispensed, dispenser = None, None
    else:
        later = working_day(day + timedelta(days=dice.choice(DISPENSED_LATER)))
        dispensed = later if (later - day).days < GOOD_DAYS else day
        pharmacy = subject.dice("pharmacy").choice(PHARMACIES)
        dispenser = Institution(pharmacy)
    given = dispensed or day
    if given > subject.today:
        return
    for dose in drugs:
        yield DrugLine(
            Setting.DISPENSING if dispenser else Setting.OUTPATIENT,
            month_of(given),
            day,
            dispensed,
            dose.usage,
            dose.form,
            dose.brand,
            dose.generic,
            dose.quantity,
            dose.unit,
            _times(dose, days),
            Institution(clinic.value),
            dispenser,
            fictitious=True,
        )


def _times(dose: Dose, days: int) -> int:
    if dose.times is not None:
        return dose.times
    return max(days // 7, 1) if dose.usage.startswith("週1回") else days
