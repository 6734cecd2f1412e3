"""Features become a shape: the average head, pushed by smooth hills."""

from enum import Enum
from typing import NamedTuple

import numpy as np

from device.simulated.heads import template
from device.simulated.heads.curves import (
    Numbers,
    Place,
    bump,
    smoothstep,
    twin_bumps,
)
from device.simulated.heads.features import Features

_EYE_X, _EYE_Y = 3.15, 2.62
_BUMPS = 9
X, Y, Z = 0, 1, 2


class By(Enum):
    ONE = "everything alike"
    OUTWARD = "away from the middle line"
    WIDER = "in proportion to the distance from the middle line"


class Push(NamedTuple):
    feature: str
    axis: int
    cm: float
    centre: Place
    spread: Place
    by: By = By.ONE
    twin: bool = False


# Found by eye on the average head; a feature of 1 moves its hill's top by so many cm.
PUSHES = (
    Push("chin_out", Z, 0.6, (0, -8.3, 5), (2.2, 2, 3)),
    Push("cheekbone", X, 0.45, (5.8, 0.4, 2), (1.8, 1.6, 2.5), By.OUTWARD, twin=True),
    Push("cheekbone", Z, 0.25, (4.6, 0.2, 3.6), (1.4, 1.2, 2), twin=True),
    Push("cheek", X, 0.5, (4.6, -3.4, 3.2), (2, 2.2, 2.5), By.OUTWARD, twin=True),
    Push("cheek", Z, 0.35, (4.6, -3.4, 3.2), (2, 2.2, 2.5), twin=True),
    Push("forehead", Z, 0.5, (0, 6.8, 4.5), (4, 2, 3)),
    Push("nose_width", X, 0.26, (0, -1.2, 6.4), (1.7, 1.1, 2), By.WIDER),
    Push("nose_length", Y, -0.42, (0, -1.3, 7), (1.8, 1.3, 2.2)),
    Push("nose_out", Z, 0.5, (0, -0.8, 7.3), (1, 1.6, 1.8)),
    Push("nose_bridge", Z, 0.45, (0, 2.2, 5.5), (0.8, 1.6, 1.6)),
    Push("nose_hump", Z, 0.28, (0, 1.2, 6.3), (0.6, 0.8, 1.2)),
    Push("nose_tip", Y, 0.33, (0, -0.6, 7.4), (0.9, 0.9, 0.9)),
    Push("brow_ridge", Z, 0.38, (2.6, 4.5, 5), (2.2, 0.8, 1.6), twin=True),
    Push("mouth_width", X, 0.13, (0, -4.3, 5), (2.9, 1.5, 2), By.WIDER),
    Push("mouth_height", Y, 0.33, (0, -4.3, 5), (2.9, 1.5, 2)),
    Push("mouth_smile", Y, 0.22, (2.5, -4.3, 4.6), (1.0, 1.0, 2), twin=True),
    Push("lips_out", Z, 0.28, (0, -4.3, 5.5), (2, 1, 1.5)),
)


def deformed(points: Numbers, features: Features) -> Numbers:
    """The coarse points of this person, mouth closed and at rest."""
    moved = points + _proportions(points, features) + _eyes(points, features)
    moved = moved + _lips(points, features) + _irregular(points, features.seed)
    side = np.sign(points[:, X])
    for push in PUSHES:
        amount = push.cm * getattr(features, push.feature)
        hills = twin_bumps if push.twin else bump
        weight = hills(points, push.centre, push.spread) * amount
        scale = {By.ONE: 1.0, By.OUTWARD: side, By.WIDER: points[:, X]}[push.by]
        moved[:, push.axis] += weight * scale
    return _mouth_closed(moved)


def _proportions(points: Numbers, features: Features) -> Numbers:
    x, y, z = points.T
    push = np.zeros_like(points)
    low, high = smoothstep(-y, 1, 8), smoothstep(y, 3, 8)
    width = 0.055 * features.face_width + 0.11 * features.jaw_width * low
    push[:, X] = x * (width + 0.05 * features.temple * high)
    push[:, Y] = (y - 2.6) * 0.045 * features.face_height * np.where(y < 2.6, 1, 0.5)
    chin = smoothstep(-y, 5, 9.4) * smoothstep(z, -4, 3)
    push[:, Y] -= 0.75 * features.chin_length * chin
    return push


def _eyes(points: Numbers, features: Features) -> Numbers:
    x, y, _ = points.T
    side = np.sign(x)
    centre = (_EYE_X, _EYE_Y, 3.9)
    eye = twin_bumps(points, centre, (1.7, 1.25, 2.0))
    lids = twin_bumps(points, centre, (1.5, 0.75, 2.0))
    from_x, from_y = np.abs(x) - _EYE_X, y - _EYE_Y
    larger = 0.12 * features.eye_size
    tilted = 0.13 * features.eye_tilt * from_x + 0.28 * features.eye_height
    push = np.zeros_like(points)
    push[:, X] = side * (0.24 * features.eye_spread + from_x * larger) * eye
    push[:, Y] = (from_y * larger + tilted) * eye
    push[:, Y] += from_y * 0.26 * features.eye_open * lids
    push[:, Z] = -0.35 * features.eye_deep * eye
    return push


def _lips(points: Numbers, features: Features) -> Numbers:
    y = points[:, Y]
    upper = bump(points, (0, -3.7, 5.3), (2.2, 0.7, 1.6)) * smoothstep(y, -4.3, -3.7)
    lower = bump(points, (0, -5, 5.3), (2.2, 0.8, 1.6)) * smoothstep(-y, 4.3, 4.8)
    push = np.zeros_like(points)
    push[:, Y] = 0.24 * features.upper_lip * upper - 0.28 * features.lower_lip * lower
    return push


def _irregular(points: Numbers, seed: int) -> Numbers:
    """Small bumps; mostly mirrored, because fully lopsided faces look ill."""
    random = np.random.default_rng(seed)
    push = np.zeros_like(points)
    for _ in range(_BUMPS):
        x, y, z = (float(part) for part in points[random.integers(template.POINTS)])
        spread = random.uniform(1.0, 2.4)
        way = random.normal(size=3) * [0.13, 0.14, 0.14]
        push += np.outer(bump(points, (x, y, z), spread), way)
        mirrored = np.outer(bump(points, (-x, y, z), spread), way * [-1, 1, 1])
        push += 0.75 * mirrored
    return push


def _mouth_closed(points: Numbers) -> Numbers:
    """Inner lips overlap by half a millimetre, so that nothing shines through."""
    points = points.copy()
    upper, lower = template.INNER_UPPER_LIP, template.INNER_LOWER_LIP
    middle = (points[upper] + points[lower]) / 2
    points[upper] = middle - np.array([0, 0.05, 0])
    points[lower] = middle + np.array([0, 0.05, -0.05])
    return points
