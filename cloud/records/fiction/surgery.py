"""Operations of a fictitious person, and the days in hospital around them.

Names and sections (K000) are those of the fee table for medical acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cloud.records.fiction import doses as d
from cloud.records.fiction.conditions import ANYBODY, MEN, WOMEN, Clinic
from cloud.records.fiction.doses import Dose
from cloud.records.fiction.subject import Subject, working_day
from cloud.records.model import DrugLine, Form, Institution, Operation, Setting
from cloud.records.month import month_of
from protocol.codes import Sex

SPAN_YEARS = 5
MOST = 2


@dataclass(frozen=True, slots=True)
class Surgery:
    name: str
    code: str
    chance: float
    since_age: int
    until_age: int = 120
    sexes: frozenset[Sex] = ANYBODY
    nights: int = 0
    """0: done without a stay."""
    drugs: tuple[Dose, ...] = ()


PERCUTANEOUS = "経皮的冠動脈ステント留置術（その他のもの）"
_ROUND = (d.CEFAZOLIN, d.MAINTENANCE_DRIP, d.LOXOPROFEN_THRICE, d.REBAMIPIDE_100)
_STENTED = (d.ASPIRIN_100, d.CLOPIDOGREL_75)
_AFTER_EYE = (
    Dose(
        "クラビット点眼液1.5%", "レボフロキサシン水和物点眼液", "5", "mL",
        "1日3回　手術眼に1回1滴点眼", Form.TOPICAL, 1,
    ),
)  # fmt: skip
SURGERIES = (
    Surgery(
        "水晶体再建術（眼内レンズを挿入する場合）（その他のもの）",
        "K282",
        0.22,
        65,
        drugs=_AFTER_EYE,
    ),
    Surgery("内視鏡的大腸ポリープ・粘膜切除術（長径2cm未満）", "K721", 0.12, 50, 85),
    Surgery("腹腔鏡下胆嚢摘出術", "K672-2", 0.03, 35, 85, nights=5, drugs=_ROUND),
    Surgery("腹腔鏡下鼠径ヘルニア手術（両側）", "K634", 0.03, 45, 85, MEN, 3, _ROUND),
    Surgery(
        "腹腔鏡下虫垂切除術（虫垂周囲膿瘍を伴わないもの）",
        "K718-2",
        0.02,
        15,
        50,
        nights=4,
        drugs=_ROUND,
    ),
    Surgery("人工関節置換術（膝）", "K082", 0.06, 68, 88, WOMEN, 21, _ROUND),
    Surgery("骨折観血的手術（大腿）", "K046", 0.05, 78, 120, ANYBODY, 28, _ROUND),
    Surgery(PERCUTANEOUS, "K549", 0.05, 55, 85, MEN, 4, _STENTED),
    Surgery("帝王切開術（選択帝王切開）", "K898", 0.04, 24, 42, WOMEN, 7, _ROUND),
    Surgery("口蓋扁桃手術（摘出）", "K377", 0.03, 4, 12, nights=6),
    Surgery("骨折非観血的整復術（前腕）", "K044", 0.04, 5, 15),
)


def operated(subject: Subject) -> tuple[tuple[date, Surgery], ...]:
    """At most two, over five years; none before the age it is done at."""
    found = []
    for one in SURGERIES:
        dice = subject.dice(one.code)
        back = dice.randrange(SPAN_YEARS * 365)
        day = working_day(subject.ends - timedelta(days=back))
        happens = dice.random() < one.chance and subject.sex in one.sexes
        right_age = one.since_age <= subject.age(day) < one.until_age
        if happens and right_age and subject.birth_date < day <= subject.today:
            found.append((day, one))
    return tuple(sorted(found, key=lambda each: each[0]))[:MOST]


def operations(subject: Subject) -> Iterator[Operation]:
    for day, one in operated(subject):
        setting = Setting.INPATIENT if one.nights else Setting.OUTPATIENT
        where = Institution(Clinic.HOSPITAL.value)
        yield Operation(
            setting, month_of(day), day, one.name, where, one.code, fictitious=True
        )


def hospital_lines(subject: Subject) -> Iterator[DrugLine]:
    """Drugs around the operation, for as long as the records of drugs go back."""
    for day, one in operated(subject):
        if day >= subject.begins:
            yield from _lines(day, one)


def _lines(day: date, surgery: Surgery) -> Iterator[DrugLine]:
    stays = surgery.nights > 0
    for dose in surgery.drugs:
        for_days = max(surgery.nights, 1)
        times = min(for_days, 3) if dose.form is Form.INJECTION else for_days
        yield DrugLine(
            Setting.INPATIENT if stays else Setting.OUTPATIENT,
            month_of(day),
            day,
            None,
            dose.usage,
            dose.form,
            dose.brand,
            dose.generic,
            dose.quantity,
            dose.unit,
            times if dose.times is None or stays else dose.times,
            Institution(Clinic.HOSPITAL.value),
            fictitious=True,
        )
