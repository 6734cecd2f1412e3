"""May this pack decide alone, and does this look match? Default is no."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from device.face import matching
from device.face.calibration import Calibration, Condition, Rule
from device.face.matching import Embedding
from device.face.pack import Pack

Mode = Literal["auto", "assist"]


class ModeError(ValueError):
    """The configuration asks for a mode that the pack's records do not carry."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Fixed when the reader starts, and never changed while it runs."""

    mode: Mode
    calibration: Calibration


RULE = Rule(frames=5, mirror=False)
"""The decision rule in use: what device/sight.py does with a look."""
FALSE_MATCH_RATE = 0.001


def rule(*, mirror: bool) -> Rule:
    """RULE, or the same with mirrored frames averaged in."""
    return Rule(frames=RULE.frames, mirror=mirror)


def ruling(
    pack: Pack,
    wanted: str,
    accepted: Collection[str],
    rate: float = FALSE_MATCH_RATE,
    rule: Rule = RULE,
) -> Ruling:
    """The mode and the record that the reader will decide by.

    `auto` needs a record of exactly `rule` against a card photo that reaches the
    false match rate `rate`: demonstrated, or indicative and named in `accepted`.
    Otherwise ModeError: the reader does not start in another mode than it was told,
    neither weaker nor stronger.
    """
    if wanted not in ("assist", "auto"):
        raise ModeError(f"face mode {wanted!r} is neither auto nor assist")
    if wanted == "auto" and pack.assist_only:
        raise ModeError(f"pack {pack.id} is for assistance only: set mode to assist")
    records = pack.calibrations(rule, Condition.LIVE_CARD)
    if not records:
        raise ModeError(
            f"pack {pack.id} has no record for {rule} against a card photo: "
            "choose another pack"
        )
    if wanted == "assist":
        return Ruling("assist", records[0])
    for record in records:
        if record.status == "demonstrated" and record.demonstrates(rate):
            return Ruling("auto", record)
    reaching = [each for each in records if _is_indicative(each, rate)]
    for record in reaching:
        if record.name in accepted:
            return Ruling("auto", record)
    raise ModeError(_why_not(pack, rate, reaching))


def _is_indicative(record: Calibration, rate: float) -> bool:
    return record.status != "none" and record.indicates(rate)


def _why_not(pack: Pack, rate: float, reaching: Sequence[Calibration]) -> str:
    if not reaching:
        return (
            f"pack {pack.id} has no record that reaches a false match rate of "
            f"{rate:g}: set mode to assist"
        )
    names = ", ".join(each.name for each in reaching)
    return (
        f"pack {pack.id} has no demonstrated record; to decide by an indicative one, "
        f"accept it by name ({names}), or set mode to assist"
    )


def look_distance(frames: Sequence[Embedding], card: Embedding) -> float:
    """Distance of the frames' mean from the card's photo."""
    mean = matching.mean(frames)
    try:
        return matching.distance(mean, card)
    finally:
        mean.wipe()


def matched(distance: float, frames: int, record: Calibration) -> bool:
    """The record's rule. Fewer frames than it was measured with never match."""
    return frames >= record.rule.frames and distance < record.threshold
