"""A small registry for tests: a resident register as a dict, lines of a load file."""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO

from cloud.adapters.sql.database import Database
from cloud.adapters.sql.registry_load import SqlRegistryLoad
from cloud.adapters.sql.registry_office import SqlRegistryOffice
from cloud.registry.lines import START, Batch, Source, batches
from cloud.registry.load import Load, Progress, run
from cloud.registry.resident import Resident
from cloud.registry.rows import COLUMNS, Rules
from cloud.registry.values import insurer_key

HEALTH, KOKUHO, AID = "06991004", "138057", "12990016"
NAMES = {HEALTH: "架空健康保険組合", KOKUHO: "架空国保", AID: "架空福祉事務所"}
RULES = Rules({insurer_key(one): name for one, name in NAMES.items()}, "2026-06-15")
AT = 1_780_000_000_000


class DictRegister:
    """A resident register, as the port wants it."""

    def __init__(self, people: Mapping[str, Resident]) -> None:
        self.people = dict(people)

    def find(self, references: Sequence[str]) -> Mapping[str, Resident]:
        return {one: self.people[one] for one in references if one in self.people}


def ref(number: int) -> str:
    return f"R99-{number:016}"


def resident(number: int = 1) -> Resident:
    return Resident(f"試験　花子{number}", "シケン　ハナコ", "2", "1980-02-29")


REGISTER = DictRegister({ref(one): resident(one) for one in range(1, 30)})


def line(who: int = 1, /, **changes: str) -> dict[str, str]:
    """A line that registers person `who`, in agreement with the register."""
    return {
        "action": "register",
        "resident_ref": ref(who),
        "insurer_number": HEALTH,
        "card_classification": "01",
        "symbol": "12-3",
        "number": f"{who}",
        "branch": "01",
        "valid_from": "2024-04-01",
        "valid_until": "",
        "loss_reason": "",
        "name": resident(who).name,
        "name_kana": "シケン　ハナコ",
        "sex": "2",
        "birth_date": "1980-02-29",
        "relationship": "1",
        "address": "架空県",
        "post_number": "000-0000",
        "copayment_ratio": "030",
        **changes,
    }


def written(
    lines: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS
) -> str:
    out = StringIO()
    rows = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    rows.writeheader()
    rows.writerows(lines)
    return out.getvalue()


def read_all(
    content: str | bytes,
    *,
    rules: Rules = RULES,
    encoding: str = "utf-8",
    register: DictRegister = REGISTER,
    rows: int = 100,
    load: Load | None = None,
    only: frozenset[int] | None = None,
) -> Iterable[Batch]:
    raw = content.encode(encoding) if isinstance(content, str) else content
    start = load.place if load else START
    source = Source(encoding, rules, start, only, rows)
    return batches(BytesIO(raw), source, register)


class Desk:
    """A database with insurers, and files loaded into it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = SqlRegistryLoad(database)
        self.office = SqlRegistryOffice(database)
        self.office.put_insurers(
            {insurer_key(one): (one, name) for one, name in NAMES.items()}
        )

    def load(
        self,
        *lines: Mapping[str, str],
        digest: bytes | None = None,
        register: DictRegister = REGISTER,
        rows: int = 100,
    ) -> Mapping[str, int]:
        """Counts of this time, without zeros."""
        content = written(lines)
        load = self.store.begin(digest or content.encode()[-600:], AT)
        only = self.store.refused_lines(load.digest) if load.finished else None
        found = read_all(content, register=register, rows=rows, load=load, only=only)
        told = [Progress(0, 0, Counter())]
        told += run(self.store, load, found, lambda: AT)
        return {str(name): n for name, n in told[-1].counts.items() if n}

    def told(self, content: str) -> list[tuple[int, str, str]]:
        """Faults of a load: line, column, code."""
        faults = self.store.faults(content.encode()[-600:])
        return [(line, one.column, one.code.value) for line, one in faults]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in self.database.run_text(sql).fetchall()]
