"""What is over after days: colds, a sore back, influenza in winter."""

from collections.abc import Iterator
from datetime import date, timedelta

from cloud.records.fiction.conditions import EPISODES, YEARLY, Episode
from cloud.records.fiction.courses import prescribed
from cloud.records.fiction.doses import ByWeight, Dose
from cloud.records.fiction.subject import Subject, working_day
from cloud.records.model import DrugLine


def episode_lines(subject: Subject) -> Iterator[DrugLine]:
    for day, episode in _episodes(subject):
        dice = subject.dice(f"episode {day}")
        drugs = dict.fromkeys(_dose(one, subject.age(day)) for one in episode.drugs)
        days = dice.choice(episode.days)
        yield from prescribed(subject, episode.clinic, day, days, drugs, dice)


def _episodes(subject: Subject) -> Iterator[tuple[date, Episode]]:
    dice = subject.dice("episodes")
    planned = subject.begins
    while True:
        rate = _yearly(subject.age(planned))
        planned += timedelta(days=3 + int(dice.expovariate(rate / 365)))
        day = working_day(planned)
        if day > subject.today:
            return
        age = subject.age(day)
        fitting = [one for one in EPISODES if one.fits(age, subject.sex, day.month)]
        if fitting:
            yield day, dice.choices(fitting, [one.weight for one in fitting])[0]


def _yearly(age: int) -> float:
    return next(rate for since, rate in reversed(YEARLY) if age >= since)


def _dose(drug: Dose | ByWeight, age: int) -> Dose:
    return drug.dose(age) if isinstance(drug, ByWeight) else drug
