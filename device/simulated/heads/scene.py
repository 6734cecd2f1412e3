"""How somebody stands before the camera, and what the camera makes of it."""

from dataclasses import dataclass
from enum import StrEnum

from device.simulated.heads.curves import Place
from device.simulated.heads.expression import Expression
from device.simulated.heads.light import Light

_FOCAL_PER_WIDTH = 554 / 640
"""A 60 degree lens, as on a common camera module."""


class Occluder(StrEnum):
    MASK = "mask"
    SUNGLASSES = "sunglasses"
    HAND = "hand"
    """Over the mouth."""
    HAND_EYE = "hand_eye"
    CAP = "cap"
    """Pulled down over the brows."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Angles in degrees: +yaw turns the face to image right, +pitch looks up."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    distance_cm: float = 48.0
    x: float = 0.0
    """Centimetres to image right of the camera's axis."""
    y: float = 0.0
    light: Light = Light.FRONT
    occluder: Occluder | None = None
    exposure: float = 1.0
    blur: float = 0.0
    """Sigma in pixels, beyond that of a sharp lens."""
    noise: float = 0.006
    """Sigma of the sensor's noise; 1 is the full range."""
    seed: int = 0
    """Of the noise only."""
    blink: float = 0.0
    mouth: float = 0.0
    smile: float = 0.0
    width: int = 640
    height: int = 480
    focal_px: float | None = None
    wall: tuple[int, int, int] | None = None
    """A plain wall of this colour; None: the waiting room, out of focus."""
    room: int = 1
    gaze: Place | None = None
    """Where the eyes look, in head space; None: to the camera, mostly."""

    @property
    def focal(self) -> float:
        return self.focal_px or _FOCAL_PER_WIDTH * self.width

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    @property
    def expression(self) -> Expression:
        return Expression(self.blink, self.mouth, self.smile)
