"""Loop subdivision (C. Loop, 1987) with its bookkeeping done once.

A level only remembers who neighbours whom, so refining moved points costs a few
gathers and no matrix.
"""

from dataclasses import dataclass

import numpy as np

from device.simulated.heads.curves import Indices, Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    ends: Indices
    """(edges, 2): a new point stands on each edge."""
    opposite: Indices
    """(edges, 2): the third corners of the two triangles at the edge."""
    border: Indices
    """Edges that have one triangle only."""
    neighbours: Indices
    starts: Indices
    """neighbours[starts[i]:starts[i + 1]] surround point i."""
    own_share: Numbers
    neighbour_share: Numbers
    border_points: Indices
    border_neighbours: Indices
    """(border points, 2)."""
    triangles: Indices
    """Of the refined surface."""

    def refine(self, points: Numbers) -> Numbers:
        a, b = points[self.ends[:, 0]], points[self.ends[:, 1]]
        c, d = points[self.opposite[:, 0]], points[self.opposite[:, 1]]
        added = 0.375 * (a + b) + 0.125 * (c + d)
        added[self.border] = 0.5 * (a + b)[self.border]
        around = np.add.reduceat(points[self.neighbours], self.starts, axis=0)
        moved = self.own_share * points + self.neighbour_share * around
        beside = points[self.border_neighbours].sum(axis=1)
        moved[self.border_points] = 0.75 * points[self.border_points] + 0.125 * beside
        return np.vstack([moved, added])


def refined(points: Numbers, levels: tuple[Level, ...]) -> Numbers:
    for level in levels:
        points = level.refine(points)
    return points


def subdivide(triangles: Indices, points: int, times: int) -> tuple[Level, ...]:
    """Levels for a surface of so many points; every point has a triangle."""
    levels: list[Level] = []
    for _ in range(times):
        levels.append(_level(triangles, points))
        points += len(levels[-1].ends)
        triangles = levels[-1].triangles
    return tuple(levels)


def _level(triangles: Indices, points: int) -> Level:
    sides = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    third = triangles[:, [2, 0, 1]].ravel()
    ends, edge, uses = np.unique(sides, axis=0, return_inverse=True, return_counts=True)
    edge = edge.ravel()
    border = np.flatnonzero(uses == 1)
    opposite = _pairs(third, edge)
    neighbours, starts, valence = _rings(ends, points)
    share = np.where(valence == 3, 3 / 16, 3 / (8 * valence))[:, None]
    border_points, border_neighbours = _border_rings(ends[border])
    return Level(
        ends=ends,
        opposite=opposite,
        border=border,
        neighbours=neighbours,
        starts=starts,
        own_share=1 - valence[:, None] * share,
        neighbour_share=share,
        border_points=border_points,
        border_neighbours=border_neighbours,
        triangles=_split(triangles, points + edge.reshape(-1, 3)),
    )


def _pairs(values: Indices, groups: Indices) -> Indices:
    """First and last value of each group (the same one where it stands alone)."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    ends = np.append(starts[1:], len(order)) - 1
    return np.stack([values[order[starts]], values[order[ends]]], axis=1)


def _rings(ends: Indices, points: int) -> tuple[Indices, Indices, Indices]:
    both = np.concatenate([ends, ends[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    valence = np.bincount(both[:, 0], minlength=points)
    starts = np.cumsum(valence) - valence
    return both[:, 1], starts, valence


def _border_rings(ends: Indices) -> tuple[Indices, Indices]:
    both = np.concatenate([ends, ends[:, ::-1]])
    points, at = np.unique(both[:, 0], return_inverse=True)
    return points, _pairs(both[:, 1], at.ravel())


def _split(corners: Indices, middles: Indices) -> Indices:
    a, b, c = corners.T
    ab, bc, ca = middles.T
    parts = ((a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca))
    return np.concatenate([np.stack(part, axis=1) for part in parts])
