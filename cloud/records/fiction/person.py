"""All records of one fictitious person."""

from collections.abc import Iterator
from datetime import date
from itertools import chain

from cloud.records.fiction.care import treatments
from cloud.records.fiction.checkups import checkups
from cloud.records.fiction.conditions import BY_NAME, STENT
from cloud.records.fiction.courses import (
    Course,
    course,
    courses_of,
    lines_of,
    visits_of,
)
from cloud.records.fiction.episodes import episode_lines
from cloud.records.fiction.subject import Subject
from cloud.records.fiction.surgery import (
    PERCUTANEOUS,
    hospital_lines,
    operated,
    operations,
)
from cloud.records.model import Record
from protocol.codes import Sex


def fiction(
    seed: int, person: int, *, sex: Sex, birth_date: date, today: date
) -> tuple[Record, ...]:
    """The same seed and person, the same records.

    Within one year a later `today` only adds to them; what claims do not show yet is
    among them, because the reader's day decides (cloud/records/lag.py).
    """
    subject = Subject(seed, person, sex, birth_date, today)
    courses = (*courses_of(subject), *_after_surgery(subject))
    visits = tuple(visits_of(subject, courses))
    return tuple(
        chain(
            lines_of(subject, iter(visits)),
            episode_lines(subject),
            hospital_lines(subject),
            treatments(subject, visits, courses),
            operations(subject),
            checkups(subject, courses),
        )
    )


def _after_surgery(subject: Subject) -> Iterator[Course]:
    """Whoever has a stent is given what keeps it open."""
    for day, one in operated(subject):
        if one.name == PERCUTANEOUS:
            begins = max(day, subject.begins)
            dice = subject.dice(STENT)
            yield course(BY_NAME[STENT], subject, dice, begins)
