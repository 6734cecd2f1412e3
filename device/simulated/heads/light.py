"""Lamps, their shadows, and how open each place is to light from everywhere."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np

from device.simulated.heads.curves import Indices, Numbers, Place, single
from device.simulated.heads.parts import Material
from device.simulated.heads.raster import rasterise

_REACH_CM = 17.0
"""Half the side of the shadow map: the head with its ears and hair."""
_LIFT_CM = 0.35
"""Points ask for their shadow a little above the skin, or the terminator blotches."""
_TAPS = ((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5))
_DIRECTIONS = 40


class Light(StrEnum):
    """Where the brightest lamp stands, as the picture shows it."""

    FRONT = "front"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BACK = "back"
    DIM = "dim"
    DARK = "dark"
    GLARE = "glare"


class Lamp(NamedTuple):
    direction: Place
    key: float
    """Strength of the lamp itself."""
    ambient: float
    """Strength of the light from everywhere."""


LAMPS = {
    Light.FRONT: Lamp((0.15, 0.35, 1), 1.0, 0.50),
    Light.LEFT: Lamp((-1, 0.35, 0.75), 1.0, 0.42),
    Light.RIGHT: Lamp((1, 0.35, 0.75), 1.0, 0.42),
    Light.TOP: Lamp((0, 1, 0.45), 1.0, 0.45),
    Light.BACK: Lamp((0.5, 0.5, -0.6), 1.3, 0.30),
    Light.DIM: Lamp((0.1, 0.4, 1), 0.35, 0.20),
    Light.DARK: Lamp((0.1, 0.4, 1), 0.045, 0.025),
    Light.GLARE: Lamp((0.1, 0.3, 1), 3.6, 1.8),
}


def visibility(
    points: Numbers,
    normals: Numbers,
    triangles: Indices,
    towards: Numbers,
    pixels: int = 112,
    bias: float = 0.45,
) -> Numbers:
    """(points,) 0 (in shadow) to 1: seen from a lamp far away in that direction."""
    axes = _axes(towards)
    scale = pixels / (2 * _REACH_CM)
    flat = points @ axes.T
    screen = (flat[:, :2] + _REACH_CM) * scale
    found = rasterise(screen, -flat[:, 2], triangles, (pixels, pixels))
    nearest = np.full(pixels * pixels, 1e3, np.float32)
    nearest[found.pixel] = found.depth
    lifted = (points + normals * np.float32(_LIFT_CM)) @ axes.T
    seen = np.zeros(len(points), np.float32)
    at = (lifted[:, :2] + _REACH_CM) * scale
    for right, down in _TAPS:
        x, y = ((at + single([right, down])).astype(np.int32).clip(0, pixels - 1)).T
        gap = nearest[y * pixels + x] + lifted[:, 2] + bias
        seen += (gap / 0.35).clip(0, 1)
    return seen / len(_TAPS)


def _axes(towards: Numbers) -> Numbers:
    """Rows: right, down and towards the lamp."""
    ahead = towards / np.linalg.norm(towards)
    right = np.cross([0, 1, 0.02], ahead)
    right = right / np.linalg.norm(right)
    return single([right, -np.cross(ahead, right), ahead])


def openness(
    points: Numbers, normals: Numbers, triangles: Indices, material: Indices
) -> Numbers:
    """(points,) 0..1: the part of the sky that is not hidden by the head itself."""
    casting = triangles[material != Material.CLOTHES]
    seen = np.zeros(len(points), np.float32)
    total = np.full(len(points), 1e-3, np.float32)
    for direction in _sky():
        if direction[2] < -0.75:  # nothing behind the head is ever seen
            continue
        share = (normals @ direction).clip(0, 1)
        share = share * np.float32(1.0 if direction[1] > -0.2 else 0.6)
        total += share
        seen += share * visibility(points, normals, casting, direction, 80, 0.35)
    open_part: Numbers = (seen / total).clip(0, 1)
    return open_part


def _sky() -> Numbers:
    """Directions spread evenly over the sphere (golden spiral)."""
    index = np.arange(_DIRECTIONS) + 0.5
    polar = np.arccos(1 - 2 * index / _DIRECTIONS)
    around = np.pi * (1 + 5**0.5) * index
    x, z = np.cos(around) * np.sin(polar), np.sin(around) * np.sin(polar)
    return single(np.stack([x, np.cos(polar), z], axis=1))
