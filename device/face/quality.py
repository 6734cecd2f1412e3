"""Is this frame good enough to compare, and if not, what can the patient do?

Each fault leads to one thing to say. What hides the face is found by its colours
(covering.py), because the mesh does not notice it.
"""

from dataclasses import dataclass
from math import atan2, degrees, hypot

import numpy as np
from PIL import Image

from device.face import covering
from device.face.alignment import Template, placement
from device.face.covering import Covering, CoveringLimits
from device.face.geometry import chip
from device.face.mesh import (
    CHIN,
    FOREHEAD,
    IMAGE_LEFT_CHEEK,
    IMAGE_LEFT_EYE,
    IMAGE_RIGHT_CHEEK,
    IMAGE_RIGHT_EYE,
    NOSE_TIP,
    Face,
)
from device.face.model import Hint


@dataclass(frozen=True, slots=True)
class Limits:
    """What a good frame keeps. Chosen on pictures with known faults, not measured on
    patients (device/face/README.md)."""

    eye_distance_px: float = 40.0
    """Below it the chip would be enlarged more than 1.4 times."""
    height_most: float = 0.75
    """Of the picture's height, forehead to chin."""
    off_centre_most: float = 0.25
    """Of the picture's width and height, each."""
    yaw2d_most: float = 0.20
    """Nose tip against the eyes' middle, in eye distances: about 15 degrees."""
    yawz_most_deg: float = 18.0
    lean_least_deg: float = -15.0
    lean_most_deg: float = 28.0
    """Forehead to chin by the mesh's depth: about 10 straight on, and looking up or
    down by more than 25 degrees is beyond."""
    dark_least: float = 60.0
    """Brightest tenth of the face, 0..255."""
    clipped_most: float = 0.04
    """Share of the face at 250 or more."""
    sharpness_least: float = 0.10
    second_face: float = 0.5
    """A second face of at least this size (of the first) is a second person."""
    covering: CoveringLimits = CoveringLimits()  # noqa: RUF009 (frozen)


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of the largest face in one frame."""

    eye_distance_px: float
    height: float
    off_centre: float
    yaw2d: float
    yawz_deg: float
    lean_deg: float
    bright_tenth: float
    clipped: float
    sharpness: float
    covering: Covering


STANDARD = Template(
    112,
    (IMAGE_LEFT_EYE, IMAGE_RIGHT_EYE),
    np.array([(36.0, 42.0), (76.0, 42.0)]),
)
"""Light and sharpness are measured on a chip of one size, whatever the distance."""


def measure(image: Image.Image, face: Face) -> Quality:
    left, top, right, bottom = face.box
    aside = abs((left + right) / 2 / image.width - 0.5)
    above = abs((top + bottom) / 2 / image.height - 0.5)
    luma = chip(image, placement(face, STANDARD), STANDARD.size).convert("L")
    grey = np.asarray(luma, dtype=np.float64)
    return Quality(
        eye_distance_px=face.eye_distance,
        height=float(bottom - top) / image.height,
        off_centre=float(max(aside, above)),
        yaw2d=yaw2d(face),
        yawz_deg=yawz_deg(face),
        lean_deg=lean_deg(face),
        bright_tenth=float(np.quantile(grey, 0.9)),
        clipped=float((grey >= 250).mean()),
        sharpness=sharpness(luma),
        covering=covering.measured(covering.surface(image, face)),
    )


def yaw2d(face: Face) -> float:
    """Nose tip's way from the eyes' middle, along the eye line, in eye distances."""
    left, right = face.eyes
    axis = (right - left) / max(face.eye_distance, 1e-6)
    way = face.points[NOSE_TIP, :2] - (left + right) / 2
    return float(way @ axis) / max(face.eye_distance, 1e-6)


def lean_deg(face: Face) -> float:
    """Lean of the line from forehead to chin, by the mesh's depth; + looks up."""
    line = face.points[CHIN] - face.points[FOREHEAD]
    return degrees(atan2(float(line[2]), hypot(float(line[0]), float(line[1]))))


def yawz_deg(face: Face) -> float:
    """Turn of the cheek line out of the picture plane, by the mesh's depth."""
    left, right = face.eyes
    axis = (right - left) / max(face.eye_distance, 1e-6)
    across = face.points[IMAGE_RIGHT_CHEEK] - face.points[IMAGE_LEFT_CHEEK]
    return degrees(atan2(float(across[2]), float(across[:2] @ axis)))


def sharpness(luma: Image.Image) -> float:
    """Energy of the Laplacian against the contrast, on the face reduced by two.

    Reducing first leaves the camera's noise out; dividing leaves the light out.
    """
    grey = np.asarray(luma.reduce(2), dtype=np.float64)
    inner = grey[1:-1, 1:-1]
    laplacian = (
        grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * inner
    )
    return float(laplacian.var() / (inner.var() + 1.0))


def hint(faces: list[Face], image: Image.Image, limits: Limits) -> Hint | None:
    """The first thing to say, most important first; None: the frame is good."""
    return judged(faces, image, limits)[0]


def judged(
    faces: list[Face], image: Image.Image, limits: Limits
) -> tuple[Hint | None, float]:
    """The hint, and how good the frame is: larger is better, 0 without a face."""
    if not faces:
        return Hint.NO_FACE, 0.0
    if len(faces) > 1 and size(faces[1]) >= limits.second_face * size(faces[0]):
        return Hint.ONE_PERSON, 0.0
    found = measure(image, faces[0])
    return of_quality(found, limits), score(found, limits)


def score(found: Quality, limits: Limits) -> float:
    """Straight on and sharp is best; 2 at most."""
    turned = abs(found.yaw2d) / limits.yaw2d_most
    turned = max(turned, abs(found.yawz_deg) / limits.yawz_most_deg)
    return 1.0 - turned + min(found.sharpness, 1.0)


def of_quality(found: Quality, limits: Limits) -> Hint | None:
    turned = (
        abs(found.yaw2d) > limits.yaw2d_most
        or abs(found.yawz_deg) > limits.yawz_most_deg
    )
    # A face at the edge looks turned, and a turned one looks far away.
    rules: tuple[tuple[bool, Hint], ...] = (
        (found.off_centre > limits.off_centre_most, Hint.CENTRE),
        (turned, Hint.FRONT),
        (found.eye_distance_px < limits.eye_distance_px, Hint.CLOSER),
        (found.height > limits.height_most, Hint.FARTHER),
        (found.bright_tenth < limits.dark_least, Hint.DARK),
        (found.clipped > limits.clipped_most, Hint.BRIGHT),
        (found.sharpness < limits.sharpness_least, Hint.STILL),
    )
    said = next((said for broken, said in rules if broken), None)
    return said or _hidden_or_leant(found, limits)


def _hidden_or_leant(found: Quality, limits: Limits) -> Hint | None:
    """Under a cap the mesh leans, and in a face that leans the lips look hidden."""
    hidden = covering.covered(found.covering, limits.covering)
    if hidden is not Hint.HAND and hidden is not None:
        return hidden
    upright = limits.lean_least_deg <= found.lean_deg <= limits.lean_most_deg
    return hidden if upright else Hint.FRONT


def size(face: Face) -> float:
    """Longest side of the mesh in pixels."""
    left, top, right, bottom = face.box
    return float(max(right - left, bottom - top))
