"""Error rates of comparisons: genuine and impostor distances, and what follows.

Terms of ISO/IEC 19795-1: FMR, the share of impostor comparisons that match; FNMR, the
share of genuine ones that do not. A comparison matches if its distance is *less* than
the threshold. Rates need counts: where nothing was compared there is no rate (None).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.face.intervals import interval

Distances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Count:
    """Errors among trials, with the exact two-sided 95 % interval."""

    errors: int
    trials: int

    @property
    def rate(self) -> float | None:
        return self.errors / self.trials if self.trials else None

    @property
    def ci95(self) -> tuple[float, float]:
        """As if the trials were independent; comparisons that share people are not."""
        return interval(self.errors, self.trials)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the trade between the two errors."""

    threshold: float
    fmr: float
    fnmr: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Distances of one experiment, each side sorted from the most alike."""

    genuine: Distances
    impostor: Distances

    @classmethod
    def of(cls, compared: Iterable[tuple[float, bool]]) -> "Scores":
        """From (distance, same person) pairs in any order."""
        rows = list(compared)
        return cls(
            np.sort(np.array([d for d, same in rows if same], dtype=np.float64)),
            np.sort(np.array([d for d, same in rows if not same], dtype=np.float64)),
        )

    def false_matches(self, threshold: float) -> Count:
        errors = int(np.searchsorted(self.impostor, threshold, side="left"))
        return Count(errors, self.impostor.size)

    def false_non_matches(self, threshold: float) -> Count:
        matched = int(np.searchsorted(self.genuine, threshold, side="left"))
        return Count(self.genuine.size - matched, self.genuine.size)

    def threshold_for(self, fmr: float) -> float | None:
        """The highest threshold whose observed FMR is at most `fmr`.

        None where the impostor comparisons are too few for one error to be `fmr` of
        them: a rate that no count could show is not read off.
        """
        allowed = int(fmr * self.impostor.size + 1e-9)
        if allowed < 1 or allowed >= self.impostor.size:
            return None
        return float(self.impostor[allowed])

    def fnmr_at_fmr(self, fmr: float) -> float | None:
        threshold = self.threshold_for(fmr)
        if threshold is None:
            return None
        return self.false_non_matches(threshold).rate

    @property
    def auc(self) -> float | None:
        """Chance that a genuine pair is more alike than an impostor pair; ties half."""
        if not (self.genuine.size and self.impostor.size):
            return None
        above = np.searchsorted(self.genuine, self.impostor, side="left")
        level = np.searchsorted(self.genuine, self.impostor, side="right")
        pairs = self.genuine.size * self.impostor.size
        return float((above + level).sum() / 2 / pairs)

    @property
    def eer(self) -> float | None:
        """The rate at which FMR and FNMR are equal: between two steps, their middle."""
        points = self.roc()
        if not points:
            return None
        nearest = min(points, key=lambda each: abs(each.fmr - each.fnmr))
        return (nearest.fmr + nearest.fnmr) / 2

    def roc(self) -> list[Point]:
        """Every step of the trade, from no false match to no false non-match."""
        if not (self.genuine.size and self.impostor.size):
            return []
        seen = np.unique(np.concatenate([self.genuine, self.impostor]))
        steps = np.append(seen, np.nextafter(seen[-1], np.inf))
        fmr = np.searchsorted(self.impostor, steps, side="left") / self.impostor.size
        fnmr = 1 - np.searchsorted(self.genuine, steps, side="left") / self.genuine.size
        return [
            Point(float(t), float(x), float(y))
            for t, x, y in zip(steps, fmr, fnmr, strict=True)
        ]
