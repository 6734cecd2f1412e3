"""Fictitious insured persons in any number: plausible, reproducible, nobody.

Insurers stand in prefecture 99, which Japan does not have; surnames and given names
are drawn independently. The same seed makes the same people.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cloud.registry.fictitious import PREFECTURE
from cloud.registry.model import CertificateLink, Insurance, LinkKind, Person
from cloud.registry.service import Record
from protocol.codes import Relationship, Sex
from protocol.numbers import check_digit

INSURERS = 47
OLDEST_DAYS = 100 * 365
UNREGISTERED = 0.05
HELD = 0.001
LOST = 0.02

_SURNAMES = (
    ("試験", "シケン"),
    ("仮名", "カリナ"),
    ("架空", "カクウ"),
    ("見本", "ミホン"),
    ("例示", "レイジ"),
    ("模擬", "モギ"),
    ("空想", "クウソウ"),
    ("想定", "ソウテイ"),
)
_GIVEN = (
    ("一郎", "イチロウ", Sex.MALE),
    ("次郎", "ジロウ", Sex.MALE),
    ("健太", "ケンタ", Sex.MALE),
    ("大輔", "ダイスケ", Sex.MALE),
    ("花子", "ハナコ", Sex.FEMALE),
    ("春子", "ハルコ", Sex.FEMALE),
    ("美咲", "ミサキ", Sex.FEMALE),
    ("陽菜", "ヒナ", Sex.FEMALE),
)
_LIMITS = ("", "A01", "A02", "A03", "A04", "A05")


@dataclass(frozen=True, slots=True)
class Insurer:
    number: str
    name: str


def insurers() -> tuple[Insurer, ...]:
    """Fictitious health-insurance societies (法別番号 06), with valid check digits."""
    stems = [f"06{PREFECTURE}{one:03}" for one in range(100, 100 + INSURERS)]
    return tuple(
        Insurer(stem + check_digit(stem), f"架空健康保険組合{stem[-3:]}")
        for stem in stems
    )


def records(count: int, *, seed: int, today: date) -> Iterator[Record]:
    """`count` persons as of today. Each has one certificate link of its own."""
    draw = Random(seed)  # noqa: S311 - it makes fiction, not secrets
    pool = insurers()
    for position in range(count):
        reference = hashlib.sha256(f"shikaku seed {seed} {position}".encode()).digest()
        link = CertificateLink(LinkKind.CERTIFICATE, reference)
        yield Record(reference, _person(draw, pool, position, today), (link,))


def _person(
    draw: Random, pool: tuple[Insurer, ...], position: int, today: date
) -> Person:
    surname, surname_kana = draw.choice(_SURNAMES)
    given, given_kana, sex = draw.choice(_GIVEN)
    return Person(
        f"{surname}　{given}",
        f"{surname_kana}　{given_kana}",
        sex,
        today - timedelta(days=draw.randrange(OLDEST_DAYS)),
        f"架空県見本市例示町{position % 99 + 1}番地",
        f"{draw.randrange(1000):03}-{draw.randrange(10000):04}",
        registered=draw.random() >= UNREGISTERED,
        hold=draw.random() < HELD,
        insurances=(_insurance(draw, draw.choice(pool), position, today),),
    )


def _insurance(draw: Random, insurer: Insurer, position: int, today: date) -> Insurance:
    since = today - timedelta(days=draw.randrange(30, 20 * 365))
    lost = draw.random() < LOST
    return Insurance(
        "01",
        insurer.number,
        insurer.name,
        draw.choice(tuple(Relationship)),
        since,
        today - timedelta(days=draw.randrange(1, 30)) if lost else None,
        symbol=f"{position // 10_000 + 1}",
        number=f"{position % 10_000 + 1}",
        branch=f"{draw.randrange(5):02}",
        loss_reason="99" if lost else "",
        copayment_ratio=draw.choice(("010", "020", "030")),
        copayment_limit=draw.choice(_LIMITS),
    )
