"""May this pack decide alone, and does this look match? Default is no."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from device.face import matching
from device.face.matching import Embedding
from device.face.pack import Calibration, Pack

Mode = Literal["auto", "assist"]


class ModeError(ValueError):
    """The configuration asks for a mode that the pack's records do not carry."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Fixed when the reader starts, and never changed while it runs."""

    mode: Mode
    calibration: Calibration


def ruling(pack: Pack, wanted: str, accepted: Collection[str]) -> Ruling:
    """The mode and the record that the reader will decide by.

    `auto` needs a record that is demonstrated, or an indicative one that `accepted`
    names. Otherwise ModeError: the reader does not start in another
    mode than it was told, neither weaker nor stronger.
    """
    if wanted == "assist":
        return Ruling("assist", pack.embedder.calibrations[0])
    if wanted != "auto":
        raise ModeError(f"face mode {wanted!r} is neither auto nor assist")
    if pack.assist_only:
        raise ModeError(f"pack {pack.id} is for assistance only: set mode to assist")
    for record in pack.embedder.calibrations:
        if _carries_auto(record, accepted):
            return Ruling("auto", record)
    names = ", ".join(each.name for each in pack.embedder.calibrations)
    raise ModeError(
        f"pack {pack.id} has no demonstrated record; to decide by an indicative one, "
        f"accept it by name ({names}), or set mode to assist"
    )


def _carries_auto(record: Calibration, accepted: Collection[str]) -> bool:
    if record.status == "demonstrated":
        return True
    return record.status == "indicative" and record.name in accepted


def look_distance(frames: Sequence[Embedding], card: Embedding) -> float:
    """Distance of the frames' mean from the card's photo."""
    mean = matching.mean(frames)
    try:
        return matching.distance(mean, card)
    finally:
        mean.wipe()


def matched(distance: float, frames: int, record: Calibration) -> bool:
    """The record's rule. Fewer frames than it was measured with never match."""
    return frames >= record.k and distance < record.threshold
