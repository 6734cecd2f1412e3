"""What hides a face: a mask, sunglasses, a hand."""

import numpy as np
from PIL import Image, ImageFilter

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers, spline
from device.simulated.heads.glasses import SUNGLASSES, with_glasses
from device.simulated.heads.overlay import Ink, Overlay, laid_over
from device.simulated.heads.scene import Occluder

_MASK_TOP = [227, 116, 117, 118, 101, 100, 126, 198, 3, 195]
_MASK_TOP += [248, 420, 355, 329, 330, 347, 346, 345, 447]
_JAW = [454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152]
_JAW += [148, 176, 149, 150, 136, 172, 58, 132, 93, 234]
_PLEATS = ((50, 1, 280), (205, 0, 425), (212, 17, 432), (210, 200, 430))
_BANDS = ((227, 234), (447, 454))
_FINGERS = 4
_BROWS = [66, 296]
"""Middle of the lower edge of each brow."""


def occluded(
    picture: Image.Image,
    landmarks: Numbers,
    occluder: Occluder,
    skin: tuple[int, int, int],
) -> Image.Image:
    match occluder:
        case Occluder.MASK:
            return _masked(picture, landmarks)
        case Occluder.SUNGLASSES:
            return with_glasses(picture, landmarks, SUNGLASSES)
        case Occluder.HAND:
            at = landmarks[[*template.OUTER_CORNERS, template.CHIN]].mean(axis=0)
            return _behind_hand(picture, landmarks, at, skin)
        case Occluder.HAND_EYE:
            at = landmarks[template.EYE[template.LEFT]].mean(axis=0)
            return _behind_hand(picture, landmarks, at, skin)
        case Occluder.CAP:
            return _under_cap(picture, landmarks)


def _under_cap(picture: Image.Image, landmarks: Numbers) -> Image.Image:
    """A dark cap down to the brows, and the shade of its brim over the eyes."""
    overlay = Overlay(picture.size, landmarks)
    brow, chin = landmarks[_BROWS].mean(axis=0), landmarks[template.CHIN]
    up = (brow - chin) / max(float(np.linalg.norm(brow - chin)), 1e-3)
    across = overlay.across
    crown = [
        brow + across * x + up * overlay.px * y
        for x, y in ((-8.2, -0.4), (-8.6, 5), (-6, 9.5), (0, 11), (6, 9.5), (8.6, 5))
    ]
    rim = [brow + across * x + up * overlay.px * y for x, y in ((8.2, -0.4), (0, -1.1))]
    overlay.polygon(np.array([*crown, *rim]), (42, 48, 66, 255))
    brim = [
        brow + across * x + up * overlay.px * y
        for x, y in ((-8.2, -0.2), (8.2, -0.2), (6.5, -2.0), (0, -2.6), (-6.5, -2.0))
    ]
    overlay.polygon(np.array(brim), (26, 30, 42, 255))
    return laid_over(picture, overlay.finished())


def _masked(picture: Image.Image, landmarks: Numbers) -> Image.Image:
    overlay = Overlay(picture.size, landmarks)
    outline = landmarks[_MASK_TOP + _JAW]
    middle = outline.mean(axis=0)
    overlay.polygon(middle + (outline - middle) * 1.03, (176, 205, 222, 255))
    for pleat in _PLEATS:
        way = spline(landmarks[list(pleat)], 20)
        overlay.line(way, (140, 172, 192, 255), 1.5)
    for cheek, ear in _BANDS:
        end = landmarks[ear] + (landmarks[ear] - landmarks[1]) * 0.12
        overlay.line([landmarks[cheek], end], (225, 230, 235, 255), 2)
    return laid_over(picture, _lit_like(overlay.finished(), picture))


def _lit_like(sheet: Image.Image, picture: Image.Image) -> Image.Image:
    """Cloth as bright as the blurred face beneath it."""
    soft = picture.convert("L").filter(ImageFilter.GaussianBlur(7))
    light = (np.asarray(soft, np.float32) / 180).clip(0.1, 1.1)
    pixels = np.array(sheet, np.float32)
    pixels[..., :3] *= light[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "RGBA")


def _behind_hand(
    picture: Image.Image, landmarks: Numbers, at: Numbers, skin: tuple[int, int, int]
) -> Image.Image:
    overlay = Overlay(picture.size, landmarks)
    for finger in range(_FINGERS):
        _finger(overlay, at, finger, skin)
    soft = overlay.finished().filter(ImageFilter.GaussianBlur(0.6))
    return laid_over(picture, _lit_like(soft, picture))


def _finger(
    overlay: Overlay, at: Numbers, finger: int, skin: tuple[int, int, int]
) -> None:
    px = overlay.px
    left, middle = at + np.array([-0.2, finger * 1.55 - 2.3]) * px
    tone = 1 - 0.06 * (finger % 2)
    overlay.bar(
        np.array([left - 5.0 * px, middle - 0.8 * px]),
        np.array([left + (4.2 - 0.5 * finger) * px, middle + 0.8 * px]),
        0.8 * px,
        _ink(skin, tone),
    )
    gap = np.array([[left - 5 * px, middle], [left + 3.4 * px, middle]])
    overlay.line(gap + np.array([0, 0.78 * px]), _ink(skin, 0.6), 1.5)


def _ink(colour: tuple[int, int, int], tone: float) -> Ink:
    red, green, blue = (int(channel * tone) for channel in colour)
    return red, green, blue, 255
