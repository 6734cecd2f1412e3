"""Four pairs of glasses, and sunglasses."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers
from device.simulated.heads.overlay import Ink, Overlay, laid_over


class Frame(NamedTuple):
    ink: Ink
    half_width: float
    """cm"""
    half_height: float
    squareness: float
    """Exponent of the superellipse: 2 is an ellipse."""
    rim: float
    """cm"""
    lens: Ink = (200, 215, 225, 14)


FRAMES = {
    1: Frame((30, 28, 30, 255), 2.35, 1.65, 4.0, 0.24),
    2: Frame((25, 22, 20, 255), 2.3, 1.85, 2.6, 0.24),
    3: Frame((120, 95, 60, 255), 2.1, 2.0, 2.0, 0.14),
    4: Frame((150, 150, 155, 255), 2.3, 1.45, 3.0, 0.14),
}
SUNGLASSES = Frame((25, 22, 20, 255), 2.7, 2.1, 2.6, 0.3, (12, 12, 14, 250))

_PARALLAX = 1.4
"""Glasses stand before the eyes, so they shift with the nose when the head turns."""


def with_glasses(picture: Image.Image, landmarks: Numbers, frame: Frame) -> Image.Image:
    overlay = Overlay(picture.size, landmarks)
    up = landmarks[template.NOSE_ROOT] - landmarks[8]
    up = -up / max(float(np.linalg.norm(up)), 1e-6) * overlay.px
    corners = [landmarks[template.EYE[side][0]] for side in template.SIDES]
    nose = float(landmarks[template.NOSE_TIP, 0] - np.mean(corners, axis=0)[0])
    shift = np.array([nose / 8.9 * _PARALLAX, 0])
    for side in template.SIDES:
        _lens(overlay, frame, side, up, shift)
    _bridge(overlay, frame, up, shift)
    return laid_over(picture, overlay.finished())


def _lens(
    overlay: Overlay, frame: Frame, side: int, up: Numbers, shift: Numbers
) -> None:
    contour = overlay.landmarks[template.EYE[side]]
    centre = (contour.min(axis=0) + contour.max(axis=0)) / 2 + shift + up * 0.15
    across = (contour[0] - contour[8]) * side / 2.6
    angle = np.linspace(0, 2 * np.pi, 60)
    x = _rounded(np.cos(angle), frame.squareness) * frame.half_width
    y = _rounded(np.sin(angle), frame.squareness) * frame.half_height
    rim = centre + np.outer(x, across) + np.outer(y, up)
    overlay.polygon(rim, frame.lens)
    overlay.line([*rim, rim[0]], frame.ink, overlay.px * frame.rim)
    hinge = centre + across * side * frame.half_width
    ear = overlay.landmarks[127 if side == template.LEFT else 356]
    if (hinge[0] - ear[0]) * side < 0:
        overlay.line([hinge, ear], frame.ink, overlay.px * 0.2)


def _bridge(overlay: Overlay, frame: Frame, up: Numbers, shift: Numbers) -> None:
    inner = [overlay.landmarks[template.EYE[side][8]] for side in template.SIDES]
    middle = np.mean(inner, axis=0) + shift
    aside = overlay.across * 0.75
    way = [middle - aside - up * 0.1, middle + up * 0.25, middle + aside - up * 0.1]
    overlay.line(way, frame.ink, overlay.px * frame.rim)


def _rounded(values: Numbers, squareness: float) -> Numbers:
    rounded: Numbers = np.sign(values) * np.abs(values) ** (2 / squareness)
    return rounded
