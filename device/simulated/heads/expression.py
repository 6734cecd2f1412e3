"""What a face does while it is looked at: blink, open the mouth, smile."""

from dataclasses import dataclass

import numpy as np

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers, bump, smoothstep

_JAW_HINGE_Y, _JAW_HINGE_Z = 0.0, -3.0
_JAW_OPEN = np.deg2rad(16)
_LID_GAP, _FOLD_GAP, _SKIN_GAP = 0.10, 0.12, 0.07
"""How far lids, the row above them and all skin stay off the eyeball, in cm."""


@dataclass(frozen=True, slots=True)
class Expression:
    """All 0..1, at rest 0."""

    blink: float = 0.0
    mouth: float = 0.0
    smile: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Eyeball:
    centre: Numbers
    radius: float


def eyeball(points: Numbers, side: int) -> Eyeball:
    """The ball that fits behind the lids of this person."""
    contour = points[template.EYE[side]]
    middle = (contour.min(axis=0) + contour.max(axis=0)) / 2
    radius = 0.545 * float(np.ptp(contour[:, 0]))
    x, y, _ = (contour - middle).T
    bulge = np.sqrt(np.maximum(radius**2 - x**2 - y**2, 0.02))
    depth = float(np.mean(contour[:, 2] - bulge)) - 0.06
    return Eyeball(np.array([middle[0], middle[1], depth]), radius)


def expressed(
    points: Numbers, average: Numbers, eyes: dict[int, Eyeball], expression: Expression
) -> Numbers:
    """The person's coarse points with this expression; `average` says what is where."""
    moved = points.copy()
    if expression.smile:
        moved += _smile(average) * expression.smile
    if expression.mouth:
        _open_mouth(moved, average, expression.mouth)
    if expression.blink:
        for side, eye in eyes.items():
            _close_lid(moved, side, eye, expression.blink)
    return moved


def off_eyeballs(dense: Numbers, average: Numbers, eyes: dict[int, Eyeball]) -> Numbers:
    """Push skin out of the eyeballs; without it a ball pokes through a shut lid."""
    dense = dense.copy()
    near_eyes = np.abs(average[:, 1] - 2.6) < 1.6
    for eye in eyes.values():
        away = dense - eye.centre
        reach = np.linalg.norm(away, axis=1)
        limit = eye.radius + _SKIN_GAP
        at = np.flatnonzero((reach < limit) & (away[:, 2] > 0) & near_eyes)
        dense[at] = eye.centre + away[at] / reach[at, None] * limit
    return dense


def _smile(average: Numbers) -> Numbers:
    push = np.zeros_like(average)
    for side in template.SIDES:
        corner = bump(average, (side * 2.6, -4.3, 4.3), (1.3, 1.3, 2))
        cheek = bump(average, (side * 4.2, -1.2, 4.4), (1.6, 1.3, 2))
        push += np.outer(corner, [side * 0.55, 0.55, -0.25])
        push += np.outer(cheek, [0, 0.3, 0.22])
    return push


def _open_mouth(points: Numbers, average: Numbers, amount: float) -> None:
    x, y, z = average.T
    share = smoothstep(-y, 4.22, 4.75) * smoothstep(z, -4.5, 2.5)
    share = share * np.exp(-((np.abs(x) / 9) ** 6))
    share[template.INNER_LOWER_LIP] = 1
    share[template.INNER_UPPER_LIP] = 0
    share[template.MOUTH_CORNERS + template.OUTER_CORNERS] = 0.35
    points[template.INNER_LOWER_LIP] -= np.array([0, 0.1, 0]) * amount
    up, out = points[:, 1] - _JAW_HINGE_Y, points[:, 2] - _JAW_HINGE_Z
    sin, cos = np.sin(amount * _JAW_OPEN), np.cos(amount * _JAW_OPEN)
    points[:, 1] += share * (up * cos - out * sin - up)
    points[:, 2] += share * (up * sin + out * cos - out)


def _close_lid(points: Numbers, side: int, eye: Eyeball, amount: float) -> None:
    upper, lower = template.UPPER_LID[side], template.LOWER_LID[side]
    target = points[lower] - [0, 0.10, 0]
    slid = points[upper] * (1 - amount) + target * amount
    slid = _kept_off(slid, eye, _LID_GAP)
    fold = points[template.LID_FOLD[side]] + (slid - points[upper]) * 0.5
    points[template.LID_FOLD[side]] = _kept_off(fold, eye, _FOLD_GAP)
    points[upper] = slid


def _kept_off(points: Numbers, eye: Eyeball, gap: float) -> Numbers:
    away = points - eye.centre
    reach = np.linalg.norm(away, axis=1, keepdims=True)
    off: Numbers = eye.centre + away / reach * np.maximum(reach, eye.radius + gap)
    return off
