"""What an outcome shows: error rates, at which threshold, for whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from device.evaluation.run import Comparison, Outcome
from device.face.calibration import Calibration
from device.face.intervals import upper_bound
from device.face.pack import Pack
from device.face.populations import WORSE_MOST, much_worse
from device.face.rates import Count, Scores

FMRS = (0.01, 0.001)


@dataclass(frozen=True, slots=True)
class Choice:
    """The record whose threshold is looked at, and whether it was made for this."""

    record: Calibration
    matches: bool


def choose(pack: Pack, outcome: Outcome, name: str | None = None) -> Choice:
    """The record called `name`, else the first of this rule and condition.

    Where the pack has none, the nearest one stands in and says that it does not
    match: same condition before same rule. Raises KeyError for an unknown name.
    """
    rule, condition = outcome.experiment.rule, outcome.experiment.condition
    records = pack.embedder.calibrations
    if name is not None:
        records = tuple(each for each in records if each.name == name)
        if not records:
            raise KeyError(name)

    def distance(record: Calibration) -> tuple[bool, bool]:
        return record.condition != condition, record.rule != rule

    nearest = min(records, key=distance)
    return Choice(nearest, distance(nearest) == (False, False))


@dataclass(frozen=True, slots=True)
class Group:
    """One label of the column `group`, by itself."""

    name: str
    false_match: Count
    false_non_match: Count
    left_out: int


@dataclass(frozen=True)
class Results:
    """Everything that is printed; computed once."""

    models: str
    pack: Pack
    outcome: Outcome
    choice: Choice

    @cached_property
    def scores(self) -> Scores:
        return _scores(self.outcome.compared)

    @property
    def threshold(self) -> float:
        return self.choice.record.threshold

    @cached_property
    def false_match(self) -> Count:
        return self.scores.false_matches(self.threshold)

    @cached_property
    def false_non_match(self) -> Count:
        return self.scores.false_non_matches(self.threshold)

    @cached_property
    def people_pairs(self) -> Count:
        """Pairs of people, and those with at least one false match."""
        return people_pairs(self.outcome, self.threshold)

    @cached_property
    def groups(self) -> list[Group]:
        """By name; empty where no row names a group."""
        names = {each.pair.group for each in self.outcome.compared}
        names |= {each.group for each in self.outcome.left_out}
        return [self._group(name) for name in sorted(names)] if names - {""} else []

    def _group(self, name: str) -> Group:
        mine = _scores(c for c in self.outcome.compared if c.pair.group == name)
        return Group(
            name,
            mine.false_matches(self.threshold),
            mine.false_non_matches(self.threshold),
            sum(each.group == name for each in self.outcome.left_out),
        )

    @cached_property
    def warnings(self) -> list[str]:
        """What a reader of the figures must know."""
        said = []
        if not self.choice.matches:
            record = self.choice.record
            said.append(
                f"{self.pack.id} has no record for {self.outcome.experiment.words}: "
                f"the threshold is that of {record.name} "
                f"({record.rule}, {record.condition})"
            )
        if not self.groups:
            return said
        return [
            *said,
            *self._worse("false match rate", lambda each: each.false_match),
            *self._worse("false non-match rate", lambda each: each.false_non_match),
        ]

    def _worse(self, what: str, count: Callable[[Group], Count]) -> list[str]:
        counts = {each.name: count(each) for each in self.groups}
        worst = much_worse({name: each.rate for name, each in counts.items()})
        if worst is None:
            return []
        errors, trials = counts[worst].errors, counts[worst].trials
        return [
            f"{what}: group {worst} ({errors} of {trials}) has more than "
            f"{WORSE_MOST:g} times the mean of the groups"
        ]

    def as_json(self) -> dict[str, Any]:
        scores, outcome = self.scores, self.outcome
        found: dict[str, Any] = {
            "pairs": len(outcome.compared) + len(outcome.left_out),
            "genuine": int(scores.genuine.size),
            "impostor": int(scores.impostor.size),
            "failures_to_detect": len(outcome.without_face),
            "auc": scores.auc,
            "eer": scores.eer,
            "fnmr_at_fmr": {f"{fmr:g}": scores.fnmr_at_fmr(fmr) for fmr in FMRS},
            "at_threshold": {
                "threshold": self.threshold,
                **_both(self.false_match, self.false_non_match),
                "record": self.choice.record.name,
                "record_matches": self.choice.matches,
            },
            "ms": outcome.ms,
            "models": self.models,
            "rule": str(outcome.experiment.rule),
            "card": str(outcome.experiment.card or "none"),
            "left_out": len(outcome.left_out),
            "people": len(set(outcome.people.values())),
            "pairs_of_people": {
                "compared": self.people_pairs.trials,
                "with_a_false_match": self.people_pairs.errors,
                "upper95": _bound(self.people_pairs),
            },
            "warnings": self.warnings,
        }
        if self.groups:
            found["groups"] = {each.name: _as_json(each) for each in self.groups}
        return found


def people_pairs(outcome: Outcome, threshold: float) -> Count:
    """Pairs of people compared as impostors, and those that match falsely at all."""
    nearest = nearest_of_people(outcome)
    wrong = sum(distance < threshold for distance in nearest.values())
    return Count(wrong, len(nearest))


def nearest_of_people(outcome: Outcome) -> dict[frozenset[str], float]:
    """For each pair of people the least of their impostor distances."""
    least: dict[frozenset[str], float] = {}
    for each in outcome.compared:
        if not each.pair.same:
            two = frozenset((outcome.people[each.pair.a], outcome.people[each.pair.b]))
            least[two] = min(each.distance, least.get(two, each.distance))
    return least


def _scores(compared: Iterable[Comparison]) -> Scores:
    return Scores.of((each.distance, each.pair.same) for each in compared)


def _bound(count: Count) -> float | None:
    return upper_bound(count.errors, count.trials) if count.trials else None


def _both(false_match: Count, false_non_match: Count) -> dict[str, Any]:
    return {
        "fmr": false_match.rate,
        "fmr_ci95": list(false_match.ci95),
        "fnmr": false_non_match.rate,
        "fnmr_ci95": list(false_non_match.ci95),
    }


def _as_json(group: Group) -> dict[str, Any]:
    return {
        "genuine": group.false_non_match.trials,
        "impostor": group.false_match.trials,
        "left_out": group.left_out,
        **_both(group.false_match, group.false_non_match),
    }
