"""Error rates against their definitions, counted by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.face.rates import Count, Scores

DISTANCES = st.lists(st.integers(0, 40).map(lambda n: n / 20), min_size=1, max_size=30)


def scores(genuine: list[float], impostor: list[float]) -> Scores:
    return Scores.of([(d, True) for d in genuine] + [(d, False) for d in impostor])


def test_nothing_compared_has_no_rate() -> None:
    empty = scores([], [])
    assert empty.auc is None
    assert empty.eer is None
    assert empty.fnmr_at_fmr(0.01) is None
    assert empty.false_matches(0.5) == Count(0, 0)
    assert empty.false_matches(0.5).rate is None


def test_a_rate_finer_than_one_comparison_is_not_read_off() -> None:
    few = scores([0.1], [0.5 + n / 1000 for n in range(99)])
    assert few.threshold_for(0.01) is None
    enough = scores([0.1], [0.5 + n / 1000 for n in range(100)])
    assert enough.threshold_for(0.01) == pytest.approx(0.501)
    assert enough.false_matches(0.501) == Count(1, 100)


def test_equal_to_the_threshold_is_no_match() -> None:
    """As device.face.decision.matched has it."""
    at = scores([0.42], [0.42])
    assert at.false_matches(0.42).errors == 0
    assert at.false_non_matches(0.42).errors == 1


def test_fnmr_is_read_where_the_false_matches_are_allowed() -> None:
    known = scores([0.1, 0.2, 0.3, 0.6], [0.25, *(0.5 + n / 100 for n in range(9))])
    assert known.fnmr_at_fmr(0.1) == 0.25
    assert known.threshold_for(0.1) == 0.5


def test_rates_of_what_is_apart_and_of_what_is_mixed() -> None:
    apart = scores([0.1, 0.2], [0.8, 0.9])
    assert (apart.auc, apart.eer) == (1.0, 0.0)
    same = scores([0.5, 0.5], [0.5, 0.5])
    assert same.auc == 0.5
    assert same.eer == 0.5
    inverted = scores([0.9], [0.1])
    assert inverted.auc == 0.0


@given(DISTANCES, DISTANCES)
def test_auc_is_the_share_of_ordered_pairs(
    genuine: list[float], impostor: list[float]
) -> None:
    pairs = [(g < i) + 0.5 * (g == i) for g in genuine for i in impostor]
    assert scores(genuine, impostor).auc == pytest.approx(np.mean(pairs))


@given(DISTANCES, DISTANCES, st.floats(0.05, 0.9))
def test_a_threshold_for_a_rate_is_the_highest_that_keeps_it(
    genuine: list[float], impostor: list[float], rate: float
) -> None:
    both = scores(genuine, impostor)
    threshold = both.threshold_for(rate)
    if threshold is not None:
        count = both.false_matches(threshold)
        above = both.false_matches(float(np.nextafter(threshold, 9)))
        assert count.rate is not None
        assert above.rate is not None
        # The rate is a decimal that somebody wrote: its last bit decides nothing.
        assert count.rate <= rate + 1e-9
        assert rate < above.rate


@given(DISTANCES, DISTANCES)
def test_the_curve_goes_from_nobody_to_everybody(
    genuine: list[float], impostor: list[float]
) -> None:
    points = scores(genuine, impostor).roc()
    assert (points[0].fmr, points[0].fnmr) == (0, 1)
    assert (points[-1].fmr, points[-1].fnmr) == (1, 0)
    assert all(a.fmr <= b.fmr for a, b in pairwise(points))
