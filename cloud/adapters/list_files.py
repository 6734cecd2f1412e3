"""Lists as CSV files: one per insurer, list and period, readable by us only."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from cloud.registry.lists import HEADER, Listed, rows


def write_lists(
    folder: Path, period: str, listed: Iterable[Listed]
) -> Counter[tuple[str, str]]:
    """What comes is ordered by insurer. How many, by list and insurer."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts: Counter[tuple[str, str]] = Counter()
    for insurer, group in groupby(listed, key=lambda one: one.facts.insurer_number):
        with ExitStack() as open_files:
            writers: dict[str, Any] = {}
            for one, row in _pairs(group):
                letter = one.list.value
                if letter not in writers:
                    file = folder / f"{letter}-{period}-{insurer}.csv"
                    writers[letter] = open_files.enter_context(_csv(file))
                writers[letter].writerow(row)
                counts[letter, insurer] += 1
    return counts


def _pairs(listed: Iterable[Listed]) -> Iterator[tuple[Listed, tuple[str, ...]]]:
    for one in listed:
        (row,) = rows([one])
        yield one, row


@contextmanager
def _csv(file: Path) -> Iterator[Any]:
    """Under its name only when it is complete."""
    beside = file.with_name(file.name + ".part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(
        os.open(beside, flags, 0o600), "w", encoding="utf-8", newline=""
    ) as opened:
        out = csv.writer(opened)
        out.writerow(HEADER)
        yield out
    beside.replace(file)
