"""A report about a wholly fictitious person: to look at, without any database."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cloud.records.fiction.person import fiction
from cloud.records.lag import as_of, readable
from cloud.records.model import ITEM_OF, kind_of
from cloud.records.report import Report, report
from cloud.records.service import Found
from cloud.registry.model import Person
from protocol.codes import Sex

FACILITY = "0000000000"
"""Nobody's: a code's prefecture is 01 to 47."""
YOUNGEST, OLDEST = 1, 95
LIFETIME_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who the specimen is about; what is left out is drawn."""

    age: int | None = None
    sex: Sex | None = None


def specimen(seed: int, *, day: date, now_ms: int, wanted: Wanted) -> Report:
    """The same seed and day, the same report (but for its time)."""
    dice = Random(seed)  # noqa: S311 - it makes fiction, not secrets
    drawn_age, drawn_sex = dice.randint(YOUNGEST, OLDEST), dice.choice(list(Sex)[:2])
    age = drawn_age if wanted.age is None else wanted.age
    sex = wanted.sex or drawn_sex
    born = _birthday(day, age) - timedelta(days=dice.randrange(365))
    given = "花子" if sex is Sex.FEMALE else "太郎"
    kana = "ハナコ" if sex is Sex.FEMALE else "タロウ"
    person = Person(f"架空　{given}", f"カクウ　{kana}", sex, born)
    found = _found(seed, person, day, now_ms + LIFETIME_MS)
    return report(
        found,
        person,
        facility=FACILITY,
        as_of=as_of(day),
        made_at=now_ms,
        fictitious=True,
    )


def _found(seed: int, person: Person, day: date, until: int) -> Found:
    drawn = fiction(seed, 0, sex=person.sex, birth_date=person.birth_date, today=day)
    visible = [one for one in drawn if readable(kind_of(one), day).holds(one.month)]
    return Found.of(dict.fromkeys(ITEM_OF.values(), until), visible)


def _birthday(day: date, age: int) -> date:
    """So many years before; of 29 February the 28th."""
    month, in_month = day.month, day.day
    if (month, in_month) == (2, 29):
        in_month = 28
    return date(day.year - age, month, in_month)
