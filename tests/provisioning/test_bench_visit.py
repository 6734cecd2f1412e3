"""The rows of a face visit: from what the reader says, each beside the whole."""

from typing import Any

import pytest

from provisioning.bench.visit import PRESSES_GOAL, machine_ms, rows_of


def fact(total: int, presses: int, *steps: tuple[str, int, bool]) -> dict[str, Any]:
    named = [dict(zip(("state", "ms", "person"), step, strict=True)) for step in steps]
    return {"ms": {"total_machine": total}, "steps": named, "presses": presses}


FIRST = fact(
    1000,
    3,
    ("reading card", 100, False),
    ("choosing", 9000, True),
    ("looking", 400, False),
    ("not matched", 5000, True),
    ("looking", 300, False),
    ("checking", 200, False),
)


def test_only_the_machines_time_counts_and_a_state_counts_once() -> None:
    assert machine_ms(FIRST) == {"reading card": 100, "looking": 700, "checking": 200}
    assert list(machine_ms(FIRST)) == ["reading card", "looking", "checking"]


def test_each_step_is_a_share_of_the_whole() -> None:
    rows = {row.name: row for row in rows_of(FIRST, fact(800, 1))}
    assert rows["face visit, machine"].ratio is None
    shares = [row.ratio for name, row in rows.items() if name.endswith("/ whole")]
    assert shares == [0.1, 0.7, 0.2]
    assert rows["the same patient again, machine / first"].ratio == 0.8


@pytest.mark.parametrize(("presses", "met"), [(1, True), (3, True), (4, False)])
def test_presses_stand_beside_the_goal(presses: int, met: bool) -> None:
    *_, row = rows_of(FIRST, fact(800, presses))
    assert (row.value, row.reference) == (presses, PRESSES_GOAL)
    assert row.ratio is not None
    assert (row.ratio <= 1) == met
