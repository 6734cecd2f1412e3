"""Intervals of error rates against published figures and their own definition."""

import pytest

from device.face.intervals import interval, upper_bound


def test_no_error_is_bounded_by_the_rule_of_three() -> None:
    """ISO/IEC 19795-1: no error in N trials leaves at most about 3/N."""
    assert upper_bound(0, 3000) == pytest.approx(3 / 3000, rel=0.01)
    assert upper_bound(0, 300) == pytest.approx(3 / 300, rel=0.01)


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.30850),
        (1, 10, 0.00253, 0.44502),
        (5, 10, 0.18709, 0.81291),
        (10, 10, 0.69150, 1.0),
        (30, 1000, 0.02033, 0.04255),
    ],
)
def test_intervals_are_clopper_and_pearson(
    errors: int, trials: int, low: float, high: float
) -> None:
    """Figures of R's binom.test."""
    assert interval(errors, trials) == pytest.approx((low, high), abs=5e-5)


def test_nothing_tried_is_nothing_known() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    assert upper_bound(0, 0) == 1.0


def test_many_trials_lose_no_digits() -> None:
    low, high = interval(3900, 78_000)
    assert low < 0.05 < high
    assert high - low < 0.0032


@pytest.mark.parametrize(("errors", "trials"), [(-1, 5), (6, 5)])
def test_counts_that_cannot_be_are_refused(errors: int, trials: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        interval(errors, trials)
