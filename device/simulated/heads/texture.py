"""The surface to paint on: a cylinder map of the head, and a frontal drawing plane."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageDraw, ImageFilter

from device.simulated.heads.curves import Indices, Numbers, single, smoothstep
from device.simulated.heads.mesh import shell
from device.simulated.heads.raster import rasterise

WIDTH, HEIGHT = 1024, 640
PER_CM = 32
"""Pixels of the drawing plane."""
_LEFT, _TOP = -9.0, 10.0
_PLANE = (18 * PER_CM, 21 * PER_CM)
_NOWHERE_Y = 99.0

Drawing = Callable[[ImageDraw.ImageDraw], object]


def address(points: Numbers) -> Numbers:
    """Where points of the average head lie on the map, in texels."""
    around = np.arctan2(points[:, 0], points[:, 2] + 3.5) / (2 * np.pi) + 0.5
    down = (13.0 - points[:, 1]) / 25.0
    return single(np.stack([around * WIDTH, down * HEIGHT], axis=1))


@cache
def places() -> Numbers:
    """(HEIGHT, WIDTH, 3): the place on the average head that each texel paints."""
    head = shell()
    at = address(head.dense)
    # Triangles that straddle the seam at the back would smear over the whole map.
    whole = np.ptp(at[head.triangles][:, :, 0], axis=1) < WIDTH / 2
    triangles = head.triangles[whole]
    found = rasterise(at, np.zeros(len(at)), triangles, (WIDTH, HEIGHT))
    result = np.zeros((HEIGHT * WIDTH, 3), np.float32)
    result[:, 1] = _NOWHERE_Y
    result[found.pixel] = found.mixed(single(head.dense), triangles)
    return result.reshape(HEIGHT, WIDTH, 3)


def on_plane(points: ArrayLike) -> list[tuple[float, float]]:
    """Head x, y (further columns ignored) as pixels of the drawing plane."""
    return [
        ((float(point[0]) - _LEFT) * PER_CM, (_TOP - float(point[1])) * PER_CM)
        for point in np.atleast_2d(np.asarray(points, dtype=float))
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Projection:
    """The front texels and where on the drawing plane each of them looks."""

    texel: Indices
    column: Indices
    row: Indices
    across: Numbers
    down: Numbers
    strength: Numbers


@cache
def _projection() -> _Projection:
    flat = places().reshape(-1, 3)
    strength = smoothstep(flat[:, 2], -1.5, 0.5)
    texel = np.flatnonzero((strength > 0) & (flat[:, 1] < _NOWHERE_Y))
    x = ((flat[texel, 0] - _LEFT) * PER_CM).clip(0, _PLANE[0] - 2)
    y = ((_TOP - flat[texel, 1]) * PER_CM).clip(0, _PLANE[1] - 2)
    column, row = x.astype(np.int32), y.astype(np.int32)
    return _Projection(
        texel, column, row, single(x - column), single(y - row), single(strength[texel])
    )


def drawn(drawing: Drawing, blur_cm: float = 0) -> Numbers:
    """(HEIGHT, WIDTH) 0..1: what `drawing` leaves on the face from the front."""
    picture = Image.new("L", _PLANE, 0)
    drawing(ImageDraw.Draw(picture))
    if blur_cm:
        picture = picture.filter(ImageFilter.GaussianBlur(blur_cm * PER_CM))
    ink = np.asarray(picture, np.float32) / 255
    to = _projection()
    i, j, u, v = to.column, to.row, to.across, to.down
    above = ink[j, i] * (1 - u) + ink[j, i + 1] * u
    below = ink[j + 1, i] * (1 - u) + ink[j + 1, i + 1] * u
    result = np.zeros(HEIGHT * WIDTH, np.float32)
    result[to.texel] = (above * (1 - v) + below * v) * to.strength
    return result.reshape(HEIGHT, WIDTH)


class Noise:
    """Smooth random fields over the map; the same generator, the same skin."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def __call__(self, cell: float, tall: float | None = None) -> Numbers:
        """(HEIGHT, WIDTH), unit variance at knots `cell` texels apart."""
        shape = (int(HEIGHT / (tall or cell)) + 2, int(WIDTH / cell) + 2)
        knots = self._random.standard_normal(shape, dtype=np.float32)
        wide = Image.fromarray(knots).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        return np.asarray(wide)
