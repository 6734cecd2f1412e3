"""What hides a face: a mask, sunglasses, a hand, a cap. By colours along the mesh.

The mesh itself does not notice: its presence stays above 0.95, and it draws a mouth on
a mask. But cloth, glass and fingers do not have the colours that lips, eyes and brows
have beside their skin. Only comparisons within one face are used, so that skin and lamp
cancel out. On a picture without colour only sunglasses are noticed.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from device.face.mesh import Face
from device.face.model import Hint

Numbers = NDArray[np.float64]

_CHEEKS = (50, 280, 101, 330, 118, 347)
_SKIN = (50, 280, 101, 330, 205, 425)
_LIPS = (0, 17, 37, 267, 84, 314, 39, 269, 181, 405, 13, 14)
_LIP_LINE = (13, 14, 82, 312, 87, 317)
_ABOVE_AND_BELOW = (164, 18, 165, 391, 313, 83)
_LOWER_FACE = (*_LIPS, 164, 165, 391, 199, 200, 208, 428, 18, 313, 83, 61, 291)
_BETWEEN_BROWS = (9, 8, 168)
_EYES = (
    (33, 133, 159, 145, 158, 153, 160, 144, 161, 163, 157, 154),
    (263, 362, 386, 374, 385, 380, 387, 373, 388, 390, 384, 381),
)
_SMOOTH = 1 / 32
"""Of the eye distance: single pixels and pores do not count."""
_BLACK = 4.0
"""Added to each level, so that black has no colour of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The face's colours at the 468 points of its mesh."""

    light: Numbers = field(repr=False)
    """Logarithm of the luminance."""
    colour: Numbers = field(repr=False)
    """468 x 3: shares of red, green and blue; grey is a third each."""


def surface(image: Image.Image, face: Face) -> Surface:
    left, top, right, bottom = face.box
    room = 0.1 * (right - left)
    box = [int(edge) for edge in (left - room, top - room, right + room, bottom + room)]
    part = image.crop((box[0], box[1], box[2] + 1, box[3] + 1))
    soft = part.filter(ImageFilter.GaussianBlur(face.eye_distance * _SMOOTH))
    levels = np.asarray(soft.convert("RGB"), dtype=np.float64) + _BLACK
    at = (face.points[:, :2] - box[:2]).astype(np.int64)
    x = at[:, 0].clip(0, levels.shape[1] - 1)
    y = at[:, 1].clip(0, levels.shape[0] - 1)
    found = levels[y, x]
    luminance = found @ np.array([0.299, 0.587, 0.114])
    return Surface(np.log(luminance), found / found.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Covering:
    """Comparisons within one face. Light is in natural logarithms against the cheeks,
    colour as a distance between shares."""

    coloured: float
    """Distance from grey of the most coloured tenth: 0 for a grey picture."""
    eyes_light: float
    """The brightest point of the darker eye: sclera, lid or glint."""
    brows_light: float
    """Between the brows."""
    brows_colour: float
    lower_spread: float
    """How much colour varies between lips and chin: nothing on cloth."""
    lips_colour: float
    lips_red: float
    mouth_dark: float
    """The line between the lips against the skin around."""
    eye_spread: float
    """How much the light varies in the more even eye."""
    eye_spread_gap: float
    eye_colour_gap: float
    """Between the two eyes."""
    eye_colour: float
    """Of the eye that is more like the cheeks."""


def measured(seen: Surface) -> Covering:
    light, colour = seen.light, seen.colour
    cheek_light = np.log(np.exp(light[list(_CHEEKS)]).mean())
    skin = colour[list(_SKIN)].mean(axis=0)
    lips, lower = colour[list(_LIPS)].mean(axis=0), list(_LOWER_FACE)
    between = list(_BETWEEN_BROWS)
    eyes = [light[list(ring)] for ring in _EYES]
    spreads = [float(eye.std()) for eye in eyes]
    shades = [colour[list(ring)].mean(axis=0) for ring in _EYES]
    return Covering(
        coloured=float(np.quantile(np.linalg.norm(colour - 1 / 3, axis=1), 0.9)),
        eyes_light=float(min(eye.max() for eye in eyes) - cheek_light),
        brows_light=float(light[between].mean() - cheek_light),
        brows_colour=float(np.linalg.norm(colour[between].mean(axis=0) - skin)),
        lower_spread=float(colour[lower].std(axis=0).mean()),
        lips_colour=float(np.linalg.norm(lips - skin)),
        lips_red=float(lips[0] - skin[0]),
        mouth_dark=float(
            light[list(_LIP_LINE)].mean() - light[list(_ABOVE_AND_BELOW)].mean()
        ),
        eye_spread=min(spreads),
        eye_spread_gap=abs(spreads[0] - spreads[1]),
        eye_colour_gap=float(np.linalg.norm(shades[0] - shades[1])),
        eye_colour=float(min(np.linalg.norm(shade - skin) for shade in shades)),
    )


@dataclass(frozen=True, slots=True)
class CoveringLimits:
    """Chosen on 170 rendered heads (numbers 5000 to 5089, 7000 to 7039, 8000 to 8039 of
    device.simulated.heads.faults), half of them held back; measured on others."""

    coloured_least: float = 0.05
    eyes_light_least: float = -1.0
    """Sunglasses: 0.37 of the cheeks' light. Bare eyes: -0.52 and more."""
    brows_light_least: float = -0.55
    """Cap, with the next one. Bare: -0.26 and more; a cap: -0.82 and less."""
    cap_colour_most: float = 0.06
    lower_spread_least: float = 0.0035
    """Mask, with the next one. Bare: 0.0068 and more; cloth: 0.0018 and less."""
    mask_colour_most: float = 0.035
    """Between the brows against where the skin should be. Bare: 0.023 and less."""


def covered(found: Covering, limits: CoveringLimits) -> Hint | None:
    """What to take away first; None: the face is bare, as far as this can tell."""
    if found.eyes_light < limits.eyes_light_least:
        return Hint.SUNGLASSES
    if found.coloured < limits.coloured_least:
        return None
    dark_brows = found.brows_light < limits.brows_light_least
    if dark_brows and found.brows_colour > limits.cap_colour_most:
        return Hint.CAP
    even = found.lower_spread < limits.lower_spread_least
    if even and found.brows_colour > limits.mask_colour_most:
        return Hint.MASK
    hand = max(_hand_on_mouth(found), _hand_on_eye(found)) > 0
    return Hint.HAND if hand else None


def _hand_on_mouth(found: Covering) -> float:
    """Logistic regression: lips differ in colour from the skin, fingers do not."""
    return (
        2.5
        - 717 * found.lower_spread
        - 222 * found.lips_red
        + 128 * found.lips_colour
        + 4.2 * found.mouth_dark
    )


def _hand_on_eye(found: Covering) -> float:
    """Logistic regression: one eye has the colour of skin, and the other has not."""
    return (
        -4.6
        + 674 * found.eye_colour_gap
        - 150 * found.eye_colour
        + 6.8 * found.eye_spread
        + 16.7 * found.eye_spread_gap
        + 1.2 * found.eyes_light
        - 14.0 * found.brows_light
    )
