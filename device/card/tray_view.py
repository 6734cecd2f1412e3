"""From a picture of the tray to the card lying straight: find, deskew, even the light.

Pure arithmetic on arrays. The tray is darker than any card; the card may lie at any
angle, also upside down, a little tilted, and badly lit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.card.printed_layout import HEIGHT_MM, WIDTH_MM, Layout, Place

Grey = NDArray[np.float32]
"""height x width, 0 (black) to 1."""
Points = NDArray[np.float64]
"""n x 2, x and y in pixels."""

PX_PER_MM = 12
SIZE = round(WIDTH_MM * PX_PER_MM), round(HEIGHT_MM * PX_PER_MM)
_STEP = 4
"""The card is looked for in a picture reduced by this."""
_ABOVE_TRAY = 0.22
"""Between the tray's level and the paper's: also a dark stripe is card."""
_LEAST_CONTRAST = 0.12
_LEAST_AREA = 0.12
"""Of the picture: a card farther away has digits too small to read."""
_ASPECT = WIDTH_MM / HEIGHT_MM
_ASPECT_SLACK = 0.10
_BLOCK = 27
_KANJI_WIDE = 0.66
"""Of half the era's place."""
_INK = 0.62
_WHITE = 0.995
"""As light as the camera can tell: whether there was ink is lost."""
_GLARE = 0.02
"""Of a place. Paper in good light is below `_WHITE`, so this is 0 without glare."""


@dataclass(frozen=True, slots=True)
class Found:
    """The card's corners in the picture, clockwise from one end of a long side."""

    corners: Points


def find_card(picture: NDArray[np.uint8]) -> Found | None:
    """`picture`: height x width x 3. None: no whole card of ID-1 shape lies there."""
    red, green, blue = (picture[..., at] for at in range(3))
    small = _reduced(np.maximum(np.maximum(red, green), blue))
    edge = np.concatenate((small[0], small[-1], small[:, 0], small[:, -1]))
    tray, paper = float(np.median(edge)), float(np.percentile(small, 95))
    if paper - tray < _LEAST_CONTRAST:
        return None
    mask = small > tray + _ABOVE_TRAY * (paper - tray)
    outline = _outline(mask)
    if len(outline) < 40 or mask.mean() < _LEAST_AREA:
        return None
    corners = _corners(outline)
    if corners is None or not _card_shaped(corners, small.shape):
        return None
    return Found((corners + 0.5) * _STEP)


def straightened(picture: NDArray[np.uint8], found: Found, layout: Layout) -> Grey:
    """The card alone, `SIZE`, evenly lit, and the right way up by its photo.

    A number's place with glare on it is black.
    """
    grey = Image.fromarray(picture).convert("L")
    width, height = SIZE
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    flat = grey.transform(
        SIZE,
        Image.Transform.PERSPECTIVE,
        tuple(_homography(target, found.corners)),
        Image.Resampling.BICUBIC,
    )
    seen = np.asarray(flat, np.float32) / 255
    even = _evenly_lit(seen)
    here, there = cut(even, layout.photo), cut(even[::-1, ::-1], layout.photo)
    if here.mean() > there.mean():
        seen, even = seen[::-1, ::-1], np.ascontiguousarray(even[::-1, ::-1])
    _blot_glare(seen, even, layout)
    return even


def _blot_glare(seen: Grey, even: Grey, layout: Layout) -> None:
    """Half of a 9 that a lamp burns away is a 3 in every frame, and reads well.

    Places with glare on them become ink up to their edges, which nobody believes.
    """
    for place in layout.digits:
        if (cut(seen, place) >= _WHITE).mean() > _GLARE:
            cut(even, place)[...] = 0


def cut(card: Grey, place: Place) -> Grey:
    left, top = round(place.x * PX_PER_MM), round(place.y * PX_PER_MM)
    return card[
        top : top + round(place.h * PX_PER_MM), left : left + round(place.w * PX_PER_MM)
    ]


def era_is_kanji(card: Grey, layout: Layout) -> bool:
    """Positive evidence only: ink fills both halves of the era's place.

    A kanji is nearly twice as wide as a digit, so the century of a western year
    (which ends at the year's own place) leaves the left half mostly white.
    """
    era = cut(card, layout.era)
    half = era.shape[1] // 2
    return all(
        inked(part).sum() >= _KANJI_WIDE * half
        for part in (era[:, :half], era[:, half:])
    )


def inked(part: Grey) -> NDArray[np.bool_]:
    """Which columns hold ink."""
    columns: NDArray[np.bool_] = (part < _INK).sum(axis=0) >= 2
    return columns


def _reduced(plane: NDArray[np.uint8]) -> Grey:
    height, width = (side - side % _STEP for side in plane.shape)
    # Whole numbers up to the end: exact, and many times sooner than a mean of bytes.
    whole = plane[:height, :width].astype(np.uint16)
    rows = np.add.reduce([whole[at::_STEP] for at in range(_STEP)])
    cells = np.add.reduce([rows[:, at::_STEP] for at in range(_STEP)])
    reduced: Grey = (cells / _STEP**2 / 255).astype(np.float32)
    return reduced


def _outline(mask: NDArray[np.bool_]) -> Points:
    """First and last light cell of every row and column that has several."""
    points: list[NDArray[np.float64]] = []
    for axis in (0, 1):
        lines = mask if axis == 0 else mask.T
        at = np.flatnonzero(lines.sum(axis=1) > 3)
        if not len(at):
            continue
        first = lines[at].argmax(axis=1) - 0.5
        last = lines.shape[1] - 0.5 - lines[at][:, ::-1].argmax(axis=1)
        for edge in (first, last):
            pair = (edge, at) if axis == 0 else (at, edge)
            points.append(np.stack(pair, axis=1).astype(float))
    return np.concatenate(points) if points else np.zeros((0, 2))


def _corners(outline: Points) -> Points | None:
    """Of the four straight sides that most of the outline lies on."""
    angle = _angle(outline)
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    turned = outline @ turn.T
    (left, top), (right, bottom) = (
        np.percentile(turned, 1, axis=0),
        np.percentile(turned, 99, axis=0),
    )
    if right - left < 8 or bottom - top < 8:
        return None
    lines = [
        _side(turned, 1, top, left, right),
        _side(turned, 0, right, top, bottom),
        _side(turned, 1, bottom, left, right),
        _side(turned, 0, left, top, bottom),
    ]
    sides = [line for line in lines if line is not None]
    if len(sides) < 4:
        return None
    crossings = [_crossing(sides[at - 1], sides[at]) for at in range(4)]
    corners: Points = np.array(crossings) @ turn
    return corners


def _angle(outline: Points) -> float:
    """Radians at which the outline's box is smallest, long side lying down."""
    angles = np.radians(np.arange(-90.0, 90.0, 0.5))
    x = np.outer(np.cos(angles), outline[:, 0]) + np.outer(
        np.sin(angles), outline[:, 1]
    )
    y = np.outer(np.cos(angles), outline[:, 1]) - np.outer(
        np.sin(angles), outline[:, 0]
    )
    wide, tall = (
        last - first
        for first, last in (np.percentile(along, (1, 99), axis=1) for along in (x, y))
    )
    cost = np.where(wide >= tall, wide * tall, np.inf)
    return float(angles[int(cost.argmin())])


def _side(
    points: Points, across: int, level: float, start: float, end: float
) -> tuple[int, float, float] | None:
    """Least squares on the middle of a side, once more without what lies far off."""
    along, off = points[:, 1 - across], points[:, across]
    room, length = 0.06 * (end - start) + 2, end - start
    near = (np.abs(off - level) < room) & (
        (along > start + 0.1 * length) & (along < end - 0.1 * length)
    )
    for _ in range(3):
        if near.sum() < 8:
            return None
        slope, base = np.polyfit(along[near], off[near], 1)
        error = np.abs(off - slope * along - base)
        near &= error <= max(0.6, 2 * float(np.median(error[near])))
    return across, float(slope), float(base)


def _crossing(
    one: tuple[int, float, float], other: tuple[int, float, float]
) -> tuple[float, float]:
    """Where a lying and a standing side meet."""
    (_, lying, y), (_, standing, x) = sorted((one, other), reverse=True)
    at_x = (standing * y + x) / (1 - standing * lying)
    return at_x, lying * at_x + y


def _card_shaped(corners: Points, shape: tuple[int, ...]) -> bool:
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    aspect = (sides[0] + sides[2]) / (sides[1] + sides[3])
    inside = (corners > 0.5).all() and (corners < np.array(shape[::-1]) - 1.5).all()
    return bool(inside and abs(aspect / _ASPECT - 1) < _ASPECT_SLACK)


def _homography(source: Points, target: Points) -> NDArray[np.float64]:
    """Eight numbers that carry `source` points to `target` points."""
    rows: list[tuple[float, ...]] = []
    right: list[float] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append((x, y, 1, 0, 0, 0, -u * x, -u * y))
        rows.append((0, 0, 0, x, y, 1, -v * x, -v * y))
        right.extend((u, v))
    return np.linalg.solve(np.array(rows), np.array(right))


def _evenly_lit(card: Grey) -> Grey:
    """Paper is 1 everywhere: each block is divided by the light that falls there."""
    height, width = card.shape
    down, across = height // _BLOCK, width // _BLOCK
    blocks = card[: down * _BLOCK, : across * _BLOCK]
    blocks = blocks.reshape(down, _BLOCK, across, _BLOCK).swapaxes(1, 2)
    # Every third pixel each way says as much, nine times sooner.
    blocks = blocks[:, :, ::3, ::3]
    light = np.percentile(blocks.reshape(down, across, -1), 85, axis=2)
    padded = np.pad(light, 1, mode="edge")
    # The brightest neighbour: ink, photo and stripes do not count as shade.
    light = np.max(
        [padded[y : y + down, x : x + across] for y in range(3) for x in range(3)],
        axis=0,
    )
    smooth = Image.fromarray(light.astype(np.float32)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    even: Grey = np.clip(card / np.maximum(np.asarray(smooth), 0.02), 0, 1)
    return even
