"""Values of one look at a face. No picture leaves these rooms."""

from dataclasses import dataclass
from enum import StrEnum


class Hint(StrEnum):
    """One thing the patient can do now (the same words as ui_eink.views.FaceHint)."""

    NO_FACE = "no_face"
    CLOSER = "closer"
    FARTHER = "farther"
    CENTRE = "centre"
    FRONT = "front"
    DARK = "dark"
    BRIGHT = "bright"
    STILL = "still"
    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"
    CAP = "cap"
    ONE_PERSON = "one_person"
    TURN_LEFT = "turn_left"
    """Liveness: to the patient's own left, which is the picture's right."""
    TURN_RIGHT = "turn_right"
    BACK_TO_FRONT = "back_to_front"
    """Liveness: the turn was seen; look at the camera again."""
    BLINK = "blink"


@dataclass(frozen=True, slots=True)
class HintSeen:
    hint: Hint | None
    """None: all is well, hold still."""


@dataclass(frozen=True, slots=True)
class TurnBegun:
    """The face matched, and a turn of the head is about to be asked for."""


@dataclass(frozen=True, slots=True)
class FaceSeen:
    """The end of a look. `matched`: the pack's rule applied to its threshold, and the
    head turned as it was asked to (where that is asked)."""

    matched: bool
    pack: str
    rule: str
    mode: str
    frames: int
    distance: float | None
    """For the self-test and the bench; never logged with a visit."""
    seen: bool = True
    """False: nobody usable stood there until the time was over (F202)."""
    live: bool | None = None
    """The turn was seen, or was not; None: it was not asked for."""


Sighting = HintSeen | TurnBegun | FaceSeen
