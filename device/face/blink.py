"""Blinking, against the person's own open eyes. Pure; weaker than a turn of the head.

Eye aspect ratio after Soukupova and Cech (2016), on the mesh's lids. No fixed bound
serves: open eyes range from 0.2 to 0.34 between people. And the mesh fills in lids: on
rendered heads it saw 96 % of full blinks without glasses and 58 % with them. Hence a
second choice for places that prefer it, never the default.
"""

from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from device.face.geometry import Points
from device.face.mesh import Face

_LEFT = (33, 160, 158, 133, 153, 144)
_RIGHT = (362, 385, 387, 263, 373, 380)

CLOSED = 0.80
"""Of the person's own opening."""
OPEN_AGAIN = 0.90
BASELINE_LEAST = 4
"""Frames that make a baseline; without it no blink counts."""


def opening(face: Face) -> float:
    """How far the eyes are open, without unit.

    Lid distance by eye width, times the breadth of the face: a picture that is tilted
    away shortens lids and face alike.
    """
    points = face.points[:, :2]
    eyes = [_aspect(points[list(ring)]) for ring in (_LEFT, _RIGHT)]
    return float(np.mean(eyes)) * face.breadth


def _aspect(ring: Points) -> float:
    outer, up1, up2, inner, low2, low1 = ring
    lids = float(np.linalg.norm(up1 - low1) + np.linalg.norm(up2 - low2))
    return lids / max(2 * float(np.linalg.norm(outer - inner)), 1e-6)


@dataclass(frozen=True, slots=True)
class Lids:
    """Open eyes as they were before anything was asked, and what came then."""

    before: tuple[float, ...] = ()
    closed: bool = False
    opened: bool = False

    @property
    def baseline(self) -> float | None:
        return median(self.before) if len(self.before) >= BASELINE_LEAST else None

    def seen(self, opening: float) -> "Lids":
        """A frame before the question; the newest dozen make the baseline."""
        return replace(self, before=(*self.before, opening)[-12:])

    def asked(self, opening: float) -> "Lids":
        """A frame after the question: shut comes first, open again after it."""
        base = self.baseline
        if base is None:
            return self
        if not self.closed:
            return replace(self, closed=opening <= CLOSED * base)
        return replace(self, opened=self.opened or opening >= OPEN_AGAIN * base)

    def again(self) -> "Lids":
        return Lids(self.before)


def blinked(lids: Lids) -> bool:
    return lids.closed and lids.opened
