"""A site's calibration: from volunteers' distances to one record of statistics."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from math import floor

from device.evaluation.results import nearest_of_people
from device.evaluation.run import Outcome
from device.face.calibration import Calibration, Rate, Rule
from device.face.intervals import upper_bound
from device.face.pack import Pack
from device.face.rates import Scores

STEPS_PER_UNIT = 1000
"""Thresholds are rounded down to these steps: no distance of a pair is written."""


class CalibrationError(Exception):
    """One line that says why there is no record."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator asks for and states."""

    fmr: float
    population: str
    """Who the volunteers were, in the operator's words."""
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Threshold:
    value: float
    capped: bool
    """True: the volunteers alone would have given a more lenient one."""


def calibrated(pack: Pack, outcome: Outcome, wanted: Wanted) -> Calibration:
    """The record that these volunteers carry. Raises CalibrationError."""
    scores = Scores.of((each.distance, each.pair.same) for each in outcome.compared)
    if not (scores.genuine.size and scores.impostor.size):
        raise CalibrationError(
            "nothing to calibrate by: pairs of the same person and of different people "
            "are both needed, with the rule's frames"
        )
    threshold = threshold_of(pack, outcome, scores, wanted.fmr)
    rates = _counts(outcome, scores, threshold.value, wanted.population)
    return _with_status(
        {
            "name": f"site-{_slug(outcome.experiment.rule)}-{threshold.value:g}",
            "rule": outcome.experiment.rule,
            "condition": outcome.experiment.condition,
            "detail": outcome.experiment.words,
            "threshold": threshold.value,
            "false_match_rate": wanted.fmr,
            "false_match": (rates[0],),
            "false_non_match": (rates[1],),
            "date": wanted.date,
        },
        threshold.capped,
    )


def threshold_of(pack: Pack, outcome: Outcome, scores: Scores, fmr: float) -> Threshold:
    """The highest threshold that the counts carry, rounded down.

    Where the pairs of people are enough, their one-sided 95 % bound stays at or below
    `fmr`. Where they are not, the observed rate does, and the threshold is never more
    lenient than the pack's own: a handful of people cannot loosen it.
    """
    observed = scores.threshold_for(fmr)
    value = float(scores.impostor[0]) if observed is None else observed
    nearest = sorted(nearest_of_people(outcome).values())
    allowed = _allowed(len(nearest), fmr)
    if allowed is not None:
        return Threshold(_rounded(min(value, nearest[allowed])), capped=False)
    own = _own(pack, outcome)
    return Threshold(_rounded(min(value, own)), capped=own < value)


def _allowed(pairs: int, fmr: float) -> int | None:
    """Pairs of people that may match falsely with the bound at `fmr`; None: none."""
    if upper_bound(0, pairs) > fmr:
        return None
    allowed = 0
    while allowed + 1 < pairs and upper_bound(allowed + 1, pairs) <= fmr:
        allowed += 1
    return allowed


def _own(pack: Pack, outcome: Outcome) -> float:
    """The strictest threshold of the pack's records for this, else of all."""
    experiment = outcome.experiment
    mine = pack.calibrations(experiment.rule, experiment.condition)
    return min(each.threshold for each in mine or pack.embedder.calibrations)


def _rounded(distance: float) -> float:
    value = floor(distance * STEPS_PER_UNIT) / STEPS_PER_UNIT
    if value <= 0:
        raise CalibrationError(
            "two pictures of different people are the same to this pack: no threshold "
            "tells the volunteers apart; is one person listed as two?"
        )
    return value


def _counts(
    outcome: Outcome, scores: Scores, threshold: float, population: str
) -> tuple[Rate, Rate]:
    """False matches by pairs of people, false non-matches by people."""
    nearest = nearest_of_people(outcome)
    refused: dict[str, bool] = {}
    for each in outcome.compared:
        if each.pair.same:
            person = outcome.people[each.pair.a]
            missed = not each.distance < threshold
            refused[person] = refused.get(person, False) or missed
    people = len(set(outcome.people.values()))

    def rate(errors: int, comparisons: int, units: int, in_error: int) -> Rate:
        return Rate(
            data="site",
            population=population,
            people=people,
            errors=errors,
            comparisons=comparisons,
            units=units,
            units_in_error=in_error,
        )

    false_match = scores.false_matches(threshold)
    false_non_match = scores.false_non_matches(threshold)
    pairs_wrong = sum(distance < threshold for distance in nearest.values())
    return (
        rate(false_match.errors, false_match.trials, len(nearest), pairs_wrong),
        rate(
            false_non_match.errors,
            false_non_match.trials,
            len(refused),
            sum(refused.values()),
        ),
    )


def _with_status(fields: Mapping[str, object], capped: bool) -> Calibration:
    plain = Calibration.model_validate(
        {**fields, "status": "none", "statement": "not yet stated"}
    )
    rate = plain.false_match_rate
    status = "none"
    if plain.demonstrates(rate):
        status = "demonstrated"
    elif plain.indicates(rate):
        status = "indicative"
    statement = _statement(plain, status, capped)
    return Calibration.model_validate(
        {**fields, "status": status, "statement": statement}
    )


def _statement(record: Calibration, status: str, capped: bool) -> str:
    match = record.false_match[0]
    said = [
        f"{match.units_in_error} of {match.units} pairs of volunteers match falsely at "
        f"least once: at most {record.bound or 1:.2%} (one-sided 95 %).",
        "The threshold was chosen on the people it was measured on, and pairs that "
        "share a person are not independent.",
    ]
    if status != "demonstrated":
        said.append(f"{record.false_match_rate:g} is not demonstrated.")
    if status == "none":
        said.append("Too few comparisons even to indicate it: no reader decides by it.")
    if capped:
        said.append("The threshold is the pack's own, which is stricter.")
    return " ".join(said)


def _slug(rule: Rule) -> str:
    return "single" if rule.frames == 1 else f"mean{rule.frames}"
