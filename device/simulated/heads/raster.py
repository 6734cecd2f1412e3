"""Which triangle is seen at each pixel: a z-buffer without a loop over triangles."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from device.simulated.heads.curves import Flags, Indices, Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Fragments:
    """The visible pixels, one row each."""

    pixel: Indices
    """Row-major index into the picture."""
    triangle: Indices
    weights: Numbers
    """(n, 3) barycentric, of the triangle's corners."""
    depth: Numbers

    def mixed(self, values: Numbers, triangles: Indices) -> Numbers:
        """Values of points (points, k) interpolated at the pixels: (n, k)."""
        corners = triangles[self.triangle]
        parts = (values[corners[:, i]] * self.weights[:, i, None] for i in range(3))
        first, second, third = parts
        mixed: Numbers = first + second + third
        return mixed


class _Edges(NamedTuple):
    """Barycentrics of the second and third corner as linear functions of the pixel."""

    x: Numbers
    y: Numbers
    second_x: Numbers
    second_y: Numbers
    third_x: Numbers
    third_y: Numbers


def rasterise(
    screen: Numbers,
    depth: Numbers,
    triangles: Indices,
    size: tuple[int, int],
    one_sided: Flags | None = None,
) -> Fragments:
    """`screen` (points, 2) in pixels, y down; a small `depth` is near.

    `one_sided` marks triangles that are only seen from outside.
    """
    width, height = size
    a, b, c = (screen[triangles[:, corner]] for corner in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1])
    area -= (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.ceil(np.minimum(np.minimum(a, b), c) - 0.5).clip(0, size)
    high = np.floor(np.maximum(np.maximum(a, b), c) - 0.5)
    high = high.clip(-1, (width - 1, height - 1))
    seen = (high >= low).all(axis=1) & (np.abs(area) > 1e-9)
    if one_sided is not None:
        seen &= (area < 0) | ~one_sided
    kept = np.flatnonzero(seen)
    local, x, y = _boxes(low[kept].astype(np.int32), high[kept].astype(np.int32))
    edges = _edges(a[kept], b[kept], c[kept], area[kept])
    inside, weights = _inside(edges, local, x, y)
    triangle = kept[local[inside]]
    corners = depth[triangles[triangle]]
    deep = np.einsum("ij,ij->i", corners, weights)
    return _nearest(y[inside] * width + x[inside], triangle, weights, deep, size)


def _boxes(low: Indices, high: Indices) -> tuple[Indices, Indices, Indices]:
    """Every pixel of every bounding box: its triangle (local), x and y."""
    extent = high - low + 1
    pixels = extent[:, 0] * extent[:, 1]
    local = np.repeat(np.arange(len(low), dtype=np.int32), pixels)
    starts = (np.cumsum(pixels) - pixels).astype(np.int32)
    offset = np.arange(len(local), dtype=np.int32) - starts[local]
    across = extent[local, 0]
    row = offset // across
    return local, low[local, 0] + offset - row * across, low[local, 1] + row


def _edges(a: Numbers, b: Numbers, c: Numbers, area: Numbers) -> _Edges:
    inverse = 1 / area
    columns = (
        a[:, 0],
        a[:, 1],
        (c[:, 1] - a[:, 1]) * inverse,
        -(c[:, 0] - a[:, 0]) * inverse,
        -(b[:, 1] - a[:, 1]) * inverse,
        (b[:, 0] - a[:, 0]) * inverse,
    )
    return _Edges(*(column.astype(np.float32) for column in columns))


def _inside(
    edges: _Edges, local: Indices, x: Indices, y: Indices
) -> tuple[Indices, Numbers]:
    half = np.float32(0.5)
    right, down = x + half - edges.x[local], y + half - edges.y[local]
    second = right * edges.second_x[local] + down * edges.second_y[local]
    third = right * edges.third_x[local] + down * edges.third_y[local]
    first = 1 - second - third
    least = np.minimum(np.minimum(first, second), third)
    inside = np.flatnonzero(least >= -1e-4)
    weights = [first[inside], second[inside], third[inside]]
    return inside, np.stack(weights, axis=1).astype(np.float32)


def _nearest(
    pixel: Indices,
    triangle: Indices,
    weights: Numbers,
    depth: Numbers,
    size: tuple[int, int],
) -> Fragments:
    """Far to near in one stable radix sort; the last one written stays."""
    near = float(depth.min()) if len(depth) else 0.0
    reach = max(float(depth.max()) - near, 1e-6) if len(depth) else 1.0
    closeness = (65535 * (1 - (depth - near) / reach)).astype(np.uint16)
    order = np.argsort(closeness, kind="stable")
    winner = np.full(size[0] * size[1], -1, np.int32)
    winner[pixel[order]] = order
    shown = np.flatnonzero(winner >= 0)
    chosen = winner[shown]
    return Fragments(shown, triangle[chosen], weights[chosen], depth[chosen])
