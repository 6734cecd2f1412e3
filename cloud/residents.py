"""Fictitious residents, and load files that agree with them but for a stated share.

The same people as `seed` makes: insurers stand in prefecture 99. A resident reference
begins with R99 and belongs to nobody.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from random import Random

from cloud.registry.model import Person
from cloud.registry.resident import Resident
from cloud.registry.rows import COLUMNS
from cloud.seed import insurers, records

NAMES_DIFFER = 0.9
"""Of what differs; the rest is half birth date or sex, half not found (R1)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Of all rows: broken ones, those the register contradicts, those with a card."""

    broken: float = 0.01
    differing: float = 0.009
    cards: float = 0.5


USUAL = Shares()


def resident_ref(seed: int, position: int) -> str:
    digest = hashlib.sha256(f"shikaku resident {seed} {position}".encode())
    return f"R99-{digest.hexdigest()[:16]}"


def residents(count: int, *, seed: int, today: date) -> Iterator[tuple[str, Resident]]:
    for position, record in enumerate(records(count, seed=seed, today=today)):
        who = record.person
        born = who.birth_date.isoformat()
        resident = Resident(who.name, who.name_kana, who.sex.value, born)
        yield resident_ref(seed, position), resident


def sample(
    count: int, *, seed: int, today: date, shares: Shares = USUAL
) -> Iterator[str]:
    """Lines of a load file, the header first; every row registers a person."""
    draw = Random(seed + 1)  # noqa: S311 - it makes fiction, not secrets
    yield ",".join(COLUMNS) + "\r\n"
    for position, record in enumerate(records(count, seed=seed, today=today)):
        row = _row(record.person, resident_ref(seed, position))
        # As an insurer gives them out: one after the other, never again.
        row["number"] = f"{position + 1:08}"
        if draw.random() < shares.cards:
            row["certificate_sha256"] = record.links[0].value.hex()
            row["certificate_until"] = f"{today.year + draw.randrange(1, 6)}-06-15"
        if draw.random() < shares.differing:
            _differ(row, draw)
        line = _line(row)
        yield _break(row, line, draw) if draw.random() < shares.broken else line


def insurer_file() -> list[tuple[str, str]]:
    """Numbers and names of all insurers that samples name."""
    return [(one.number, one.name) for one in insurers()]


def _row(person: Person, reference: str) -> dict[str, str]:
    (held,) = person.insurances
    until = held.valid_until
    return {
        "action": "register",
        "resident_ref": reference,
        "insurer_number": held.insurer_number,
        "card_classification": held.card_classification,
        "symbol": held.symbol,
        "number": held.number,
        "branch": held.branch,
        "valid_from": held.valid_from.isoformat(),
        "valid_until": until.isoformat() if until else "",
        "loss_reason": held.loss_reason,
        "name": person.name,
        "name_kana": person.name_kana,
        "sex": person.sex.value,
        "birth_date": person.birth_date.isoformat(),
        "relationship": held.relationship.value,
        "address": person.address,
        "post_number": person.post_number,
        "copayment_ratio": held.copayment_ratio,
        "copayment_limit": held.copayment_limit,
    }


def _line(row: dict[str, str]) -> str:
    out = StringIO()
    csv.DictWriter(out, COLUMNS, restval="").writerow(row)
    return out.getvalue()


def _differ(row: dict[str, str], draw: Random) -> None:
    chance = draw.random()
    if chance < NAMES_DIFFER:
        row["name"] = "別記　" + row["name"]
    elif chance < (1 + NAMES_DIFFER) / 2:
        row["sex"] = "1" if row["sex"] == "2" else "2"
    else:
        row["resident_ref"] = f"R99-none-{draw.randrange(10**9):09}"


def _break(row: dict[str, str], line: str, draw: Random) -> str:
    match draw.randrange(5):
        case 0:
            last = row["insurer_number"][-1]
            wrong = str((int(last) + 1) % 10)
            return _line({**row, "insurer_number": row["insurer_number"][:-1] + wrong})
        case 1:
            return _line({**row, "birth_date": "2023-02-29"})
        case 2:
            return _line({**row, "number": ""})
        case 3:
            return '"' + line
    return line.rsplit(",", 3)[0] + "\r\n"
