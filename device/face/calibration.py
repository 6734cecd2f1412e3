"""Calibration records: what was measured with one decision rule, and what follows.

A record's status is checked, not believed. *Demonstrated*: the one-sided 95 % bound,
over the pairs of people and not over the comparisons that they share, reaches the
record's rate. *Indicative*: the point estimates do. Terms are those of ISO/IEC 19795-1.
"""

import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from device.face.intervals import interval, upper_bound


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(StrEnum):
    """What is compared with what."""

    LIVE_LIVE = "live-live"
    LIVE_CARD = "live-card"


class Rule(Value):
    """How the live side of a comparison is made."""

    frames: Annotated[int, Field(ge=1, le=30)]
    """Live frames whose mean embedding is compared; 1: a single frame."""
    mirror: bool
    """Each frame is embedded as it is and mirrored, and both are averaged."""

    def __str__(self) -> str:
        frames = "single frame" if self.frames == 1 else f"mean of {self.frames}"
        return frames + (", mirrored" if self.mirror else "")


class Rate(Value):
    """Errors counted in comparisons on one set of people."""

    data: Annotated[str, Field(min_length=1)]
    population: Annotated[str, Field(min_length=1)]
    people: Annotated[int, Field(gt=0)] | None = None
    errors: Annotated[int, Field(ge=0)]
    comparisons: Annotated[int, Field(gt=0)]
    units: Annotated[int, Field(gt=0)] | None = None
    """What is independent, as far as anything here is: pairs of people for false
    matches, people for false non-matches. None: not known."""
    units_in_error: Annotated[int, Field(ge=0)] | None = None
    note: str = ""

    @property
    def point(self) -> float:
        return self.errors / self.comparisons

    @property
    def interval(self) -> tuple[float, float]:
        """Two-sided 95 %, as if the comparisons were independent: too narrow."""
        return interval(self.errors, self.comparisons)

    @property
    def unit_interval(self) -> tuple[float, float] | None:
        """Two-sided 95 % over the independent units; None where not counted."""
        if self.units is None or self.units_in_error is None:
            return None
        return interval(self.units_in_error, self.units)

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if self.errors > self.comparisons or (self.units or 0) > self.comparisons:
            raise ValueError(f"{self.data}: more than there were comparisons")
        wrong = self.units_in_error
        if wrong is None:
            return self
        if self.units is None or wrong > self.units or wrong > self.errors:
            raise ValueError(f"{self.data}: more units in error than there can be")
        if (wrong == 0) != (self.errors == 0):
            raise ValueError(f"{self.data}: an error belongs to a unit")
        return self


class Calibration(Value):
    """One decision rule in one condition, its threshold, and its counts."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,59}$")]
    rule: Rule
    condition: Condition
    detail: str
    """The condition in words: which pictures, of what size, how compressed."""
    threshold: Annotated[float, Field(gt=0)]
    """Matched if the distance is less."""
    false_match_rate: Annotated[float, Field(gt=0, lt=1)]
    """The rate that the status speaks of."""
    false_match: tuple[Rate, ...]
    false_non_match: tuple[Rate, ...]
    status: Literal["demonstrated", "indicative", "none"]
    statement: Annotated[str, Field(min_length=1)]
    """What may be said of this record, and what may not."""
    date: datetime.date
    """When the record was entered."""

    @property
    def bound(self) -> float | None:
        """One-sided 95 % bound of the false match rate over all pairs of people.

        None where pairs were not counted for every set: errors of unknown pairs
        cannot be left out.
        """
        pairs = wrong = 0
        for each in self.false_match:
            if each.units is None or each.units_in_error is None:
                return None
            pairs, wrong = pairs + each.units, wrong + each.units_in_error
        return upper_bound(wrong, pairs) if pairs else None

    @property
    def worst_point(self) -> float | None:
        """The highest point estimate of any set: no population hides in another."""
        return max((each.point for each in self.false_match), default=None)

    def demonstrates(self, rate: float) -> bool:
        """The bound reaches `rate`, and no set of people speaks against it."""
        against = any(
            span is not None and span[0] > rate
            for span in (each.unit_interval for each in self.false_match)
        )
        return self.bound is not None and self.bound <= rate and not against

    def indicates(self, rate: float) -> bool:
        """Every point estimate reaches `rate`, in enough comparisons to see it."""
        seen = sum(each.comparisons for each in self.false_match) * rate >= 1
        return self.worst_point is not None and self.worst_point <= rate and seen

    @model_validator(mode="after")
    def _status_is_earned(self) -> Self:
        for rates in (self.false_match, self.false_non_match):
            if len({each.data for each in rates}) != len(rates):
                raise ValueError(f"{self.name}: one set of people is counted twice")
        rate = self.false_match_rate
        if self.status == "demonstrated" and not self.demonstrates(rate):
            raise ValueError(f"{self.name}: its counts do not demonstrate {rate:g}")
        if self.status == "indicative" and not self.indicates(rate):
            raise ValueError(f"{self.name}: its counts do not indicate {rate:g}")
        return self
