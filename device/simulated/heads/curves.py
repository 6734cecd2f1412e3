"""Smooth functions of place that every other file here is made of.

Places are centimetres in head space: x to image right, y up, z to the camera; the
origin lies between the ears, the outer eye corners are 8.9 cm apart.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.floating[Any]]
Picture = NDArray[np.uint8]
"""Height x width x 3, RGB."""
Indices = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Place = tuple[float, float, float]


def single(values: ArrayLike) -> Numbers:
    """float32, so that whole pictures stay small and quick."""
    return np.asarray(values, dtype=np.float32)


def smoothstep(values: ArrayLike, low: float, high: float) -> Numbers:
    """0 up to `low`, 1 from `high`, an S between; falls if low > high."""
    step: Numbers = np.clip((np.asarray(values) - low) / (high - low), 0, 1)
    return step * step * (3 - 2 * step)


def bump(points: Numbers, centre: Place, spread: Place | float) -> Numbers:
    """A Gaussian hill of height 1; `spread` is its sigma in cm, per axis or one."""
    away = (points - single(centre)) / single(np.broadcast_to(spread, 3))
    hill: Numbers = np.exp(-0.5 * np.einsum("...i,...i->...", away, away))
    return hill


def twin_bumps(points: Numbers, centre: Place, spread: Place | float) -> Numbers:
    """The same hill on both sides of the face."""
    x, y, z = centre
    return bump(points, centre, spread) + bump(points, (-x, y, z), spread)


def spline(through: ArrayLike | Sequence[ArrayLike], count: int = 60) -> Numbers:
    """A Catmull-Rom curve through the points, `count` points long."""
    points = np.asarray(through, dtype=float)
    ends = (2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1])
    padded = np.vstack([ends[0], points, ends[1]])
    along = np.linspace(0, len(points) - 1 - 1e-6, count)
    start = along.astype(int)
    u = (along - start)[:, None]
    a, b, c, d = (padded[start + step] for step in range(4))
    curve: Numbers = 0.5 * (
        2 * b
        + (c - a) * u
        + (2 * a - 5 * b + 4 * c - d) * u**2
        + (3 * b - a - 3 * c + d) * u**3
    )
    return curve


def linear(colour: ArrayLike) -> Numbers:
    """Screen RGB 0..255 as linear light 0..1."""
    light: Numbers = (single(colour) / 255) ** 2.2
    return single(light)


def unit(vectors: Numbers) -> Numbers:
    """Each row made one long."""
    length = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))[..., None]
    return single(vectors / (length + 1e-9))
