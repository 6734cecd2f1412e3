"""Head space to camera space to the picture."""

from dataclasses import dataclass

import numpy as np

from device.simulated.heads.curves import Numbers, single, smoothstep
from device.simulated.heads.head import Geometry
from device.simulated.heads.parts import Material
from device.simulated.heads.scene import Scene

_PIVOT = single([0, 0, -4])
"""The head turns about its neck, not about its face."""
_NECK_FOLLOWS, _BODY_FOLLOWS = 0.3, 0.15
_EYE_LINE_CM = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Posed:
    turn: Numbers
    """(3, 3) from head space to camera space."""
    points: Numbers
    normals: Numbers
    screen: Numbers
    """(points, 2) pixels, y down."""
    depth: Numbers
    """(points,) centimetres from the lens."""


def rotation(yaw: float, pitch: float, roll: float) -> Numbers:
    """Degrees; yaw first, then pitch, then roll."""
    y, p, r = np.deg2rad([yaw, -pitch, roll])
    about_y = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    about_x = [[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]]
    about_z = [[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]]
    return single(np.array(about_z) @ np.array(about_x) @ np.array(about_y))


def posed(geometry: Geometry, scene: Scene) -> Posed:
    turn = rotation(scene.yaw, scene.pitch, scene.roll)
    points = _turned(geometry, turn, scene.yaw)
    depth = scene.distance_cm - points[:, 2]
    # A stander so close that the lens is inside the head sees a blur, not a crash.
    near = np.maximum(depth, 1.0)
    right = scene.width / 2 + (points[:, 0] + scene.x) * scene.focal / near
    up = points[:, 1] - _EYE_LINE_CM + scene.y
    down = scene.height / 2 - up * scene.focal / near
    screen = single(np.stack([right, down], axis=1))
    return Posed(turn, points, geometry.normals @ turn.T, screen, single(near))


def _turned(geometry: Geometry, turn: Numbers, yaw: float) -> Numbers:
    """The head turns whole, the neck twists along, the body hardly."""
    about = geometry.points - _PIVOT
    points = about @ turn.T
    body = geometry.points_of(Material.CLOTHES)
    points[body] = about[body] @ rotation(yaw * _BODY_FOLLOWS, 0, 0).T
    neck = geometry.points_of(Material.NECK)
    follows = smoothstep(geometry.points[neck, 1], -17, -8)[:, None]
    slow = about[neck] @ rotation(yaw * _NECK_FOLLOWS, 0, 0).T
    points[neck] = points[neck] * follows + slow * (1 - follows)
    return single(points + _PIVOT)
