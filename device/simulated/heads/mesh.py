"""One closed surface: the template's face, and a skull grown from its rim."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from device.simulated.heads import template
from device.simulated.heads.curves import Indices, Numbers, single
from device.simulated.heads.subdivision import Level, refined, subdivide

_RINGS = 8
_CENTRE = np.array([0, 3.0, -3.8])
_RADII = np.array([7.7, 9.2, 9.5])
_BACK = np.array([0, -0.12, -1.0]) / np.hypot(0.12, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    points: Numbers
    triangles: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Shell:
    """The coarse head that is deformed, and the way to the dense one that is seen."""

    coarse: Numbers
    levels: tuple[Level, ...]
    dense: Numbers
    """The average head, dense; its places are the addresses of the paint."""
    triangles: Indices

    def refine(self, coarse: Numbers) -> Numbers:
        """The dense surface of other coarse points; the first points stay the first."""
        return refined(coarse, self.levels)


@cache
def shell() -> Shell:
    surface = _with_skull(*template.load())
    levels = subdivide(surface.triangles, len(surface.points), times=2)
    dense = refined(surface.points, levels)
    return Shell(surface.points, levels, dense, levels[-1].triangles)


def normals(points: Numbers, triangles: Indices) -> Numbers:
    """Unit normals of the points, weighted by the area of their triangles."""
    a, b, c = (points[triangles[:, corner]] for corner in range(3))
    face = np.repeat(np.cross(b - a, c - a), 3, axis=0)
    at = triangles.ravel()
    columns = [np.bincount(at, face[:, axis], len(points)) for axis in range(3)]
    summed = np.stack(columns, axis=1)
    length = np.linalg.norm(summed, axis=1, keepdims=True) + 1e-12
    return single(summed / length)


def _rim(triangles: Indices) -> list[int]:
    """The outer border of the face, in order: edges that have no partner."""
    corners = [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]
    edges = {(int(a), int(b)) for a, b in np.concatenate(corners)}
    following = {a: b for a, b in edges if (b, a) not in edges}
    rim = [template.FOREHEAD_TOP]
    while following[rim[-1]] != rim[0]:
        rim.append(following[rim[-1]])
    return rim


def _with_skull(face: Numbers, triangles: Indices) -> Surface:
    rim = _rim(triangles)
    rings, pole = _skull(face[rim])
    count = len(rim)
    first = [template.POINTS + count * ring for ring in range(len(rings))]
    rows = [np.array(rim), *(start + np.arange(count) for start in first)]
    points = np.vstack([face, *rings, pole])
    parts = [_without_holes(triangles), *map(_band, rows[:-1], rows[1:])]
    last, top = rows[-1], np.full(count, len(points) - 1)
    parts.append(np.stack([np.roll(last, -1), last, top], axis=1))
    return Surface(points, np.concatenate(parts))


def _without_holes(triangles: Indices) -> Indices:
    """Eyes and mouth are open: what fills them moves on its own."""
    lips = template.INNER_UPPER_LIP + template.INNER_LOWER_LIP
    holes = [*template.EYE.values(), lips + template.MOUTH_CORNERS]
    filled = [np.isin(triangles, hole).all(axis=1) for hole in holes]
    kept: Indices = triangles[~np.any(filled, axis=0)]
    return kept


def _skull(rim: Numbers) -> tuple[list[Numbers], Numbers]:
    """Rings from the rim to the back of the head, on an ellipsoid that fits the rim."""
    away = rim - _CENTRE
    reach = np.linalg.norm(away, axis=1)
    away = away / reach[:, None]
    angle = np.arccos(np.clip(away @ _BACK, -1, 1))[:, None]
    excess = reach - _radius(away)
    rings = []
    for ring in range(1, _RINGS):
        part = (ring / _RINGS) ** 1.15
        turned = np.sin((1 - part) * angle) * away + np.sin(part * angle) * _BACK
        way = turned / np.linalg.norm(turned, axis=1)[:, None]
        rest = excess * np.exp(-4.5 * part) * (1 - part)
        rings.append(_CENTRE + way * (_radius(way) + rest)[:, None])
    return rings, _CENTRE + _BACK[None] * _radius(_BACK[None])[:, None]


def _radius(ways: Numbers) -> Numbers:
    inverse: Numbers = np.sqrt(((ways / _RADII) ** 2).sum(axis=-1))
    return 1 / inverse


def _band(outer: Indices, inner: Indices) -> Indices:
    after_outer, after_inner = np.roll(outer, -1), np.roll(inner, -1)
    first = np.stack([after_outer, outer, inner], axis=1)
    second = np.stack([after_outer, inner, after_inner], axis=1)
    return np.concatenate([first, second])
