"""How sure a count of errors makes us: exact intervals, no normal approximation.

Clopper and Pearson, Biometrika 26 (1934). With no error in N independent trials the
upper end is close to 3/N at one-sided 95 % (the rule of three of ISO/IEC 19795-1);
two-sided, as here, it is close to 3.7/N.
"""

from collections.abc import Callable
from math import exp, lgamma, log, log1p

CONFIDENCE = 0.95


def interval(errors: int, trials: int) -> tuple[float, float]:
    """Two-sided 95 % interval of an error rate. (0, 1) where nothing was tried.

    It assumes independent trials; comparisons that share people are not.
    Raises ValueError for counts that cannot be.
    """
    _sound(errors, trials)
    if trials == 0:
        return 0.0, 1.0
    tail = (1.0 - CONFIDENCE) / 2
    low = (
        0.0
        if errors == 0
        else _root(lambda p: 1 - _below(errors - 1, trials, p) - tail)
    )
    high = (
        1.0 if errors == trials else _root(lambda p: tail - _below(errors, trials, p))
    )
    return low, high


def upper_bound(errors: int, trials: int) -> float:
    """One-sided 95 % bound: the rate is below it, unless we were unlucky."""
    _sound(errors, trials)
    if errors == trials:
        return 1.0
    tail = 1.0 - CONFIDENCE
    return _root(lambda p: tail - _below(errors, trials, p))


def _sound(errors: int, trials: int) -> None:
    if not 0 <= errors <= trials:
        raise ValueError(f"{errors} errors in {trials} trials cannot be")


def _root(rising: Callable[[float], float]) -> float:
    """Where a function that rises with p crosses zero, to 1e-12."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _below(errors: int, trials: int, rate: float) -> float:
    """P(at most `errors` errors in `trials`); terms by logarithm, so none vanish."""
    if rate <= 0.0:
        return 1.0
    if rate >= 1.0:
        return 1.0 if errors >= trials else 0.0
    total = 0.0
    for count in range(errors + 1):
        ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
        total += exp(ways + count * log(rate) + (trials - count) * log1p(-rate))
    return min(1.0, total)
