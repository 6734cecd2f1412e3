"""The bench counts what it says it counts."""

import json
import math
from pathlib import Path

import pytest

from protocol.ids import ReaderId
from provisioning.bench.ammunition import Echo
from provisioning.bench.load import Heard, Shot, poisson
from provisioning.bench.references import percentile
from provisioning.bench.report import Row, table, write

READER = ReaderId("bench-000")


def test_nothing_has_no_percentile() -> None:
    assert math.isnan(percentile([], 0.99))


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([7.0], 0.99) == 7


def test_arrivals_are_as_many_as_asked_and_in_order() -> None:
    times = poisson(271, 20, seed=1)
    assert times == sorted(times)
    assert times[-1] < 20
    assert len(times) == pytest.approx(271 * 20, rel=0.05)
    assert times == poisson(271, 20, seed=1)
    assert times != poisson(271, 20, seed=2)


def test_latency_counts_from_the_time_it_should_have_been_sent() -> None:
    shots = [Shot(READER, b"one", 1.0), Shot(READER, b"two", 2.0)]
    heard = [Heard(READER, b"two", 2.5), Heard(READER, b"one", 3.0)]
    assert Echo([]).latencies_ms(shots, heard) == [500.0, 2000.0]


def test_an_answer_nobody_asked_for_is_not_counted_away() -> None:
    with pytest.raises(KeyError):
        Echo([]).latencies_ms([], [Heard(READER, b"?", 1.0)])


def test_a_ratio_needs_a_reference(tmp_path: Path) -> None:
    rows = [Row("floor", 2.0, "ms"), Row("ours", 3.0, "ms", 2.0)]
    assert [row.ratio for row in rows] == [None, 1.5]
    assert "1.50" in table(rows)
    write(rows, tmp_path / "deep" / "latest.json")
    (first, second) = json.loads((tmp_path / "deep" / "latest.json").read_text())
    assert set(first) == {"name", "value", "unit", "reference", "ratio"}
    assert second["ratio"] == 1.5
