"""A picture of a head held before the camera: attacks for the tests of liveness.

Flat or bent paper, a telephone, a face that was cut out, holes for the eyes. Simulated:
no paper's gloss, no screen's dots, no hands.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from device.simulated.heads.curves import Flags, Indices, Numbers, Picture, single
from device.simulated.heads.film import backdrop, noisy, softened
from device.simulated.heads.head import Head
from device.simulated.heads.pose import rotation
from device.simulated.heads.raster import rasterise
from device.simulated.heads.renderer import render
from device.simulated.heads.scene import Scene

_GRID = 24
_STUDIO = Scene(distance_cm=52, width=480, height=640, focal_px=1040, noise=0.002)


@dataclass(frozen=True, slots=True)
class Held:
    """How the picture is made. Its height follows from the picture's own shape."""

    name: str
    width_cm: float = 19.0
    bend: float = 0.0
    """Radians of the cylinder that the sheet is bent to; 0: flat."""
    upright: bool = True
    """The cylinder stands upright; else it lies across."""
    cut_out: bool = False
    """Only the oval of the face is left of the sheet."""
    eye_holes: bool = False
    """It is dark behind them."""


PAPER = Held("paper, flat")
SPECIES = (
    PAPER,
    Held("telephone", width_cm=9.0),
    Held("paper, bent 0.8 rad", bend=0.8),
    Held("paper, bent 0.8 rad, across", bend=0.8, upright=False),
    Held("paper, bent 1.4 rad", bend=1.4),
    Held("paper, bent 1.4 rad, across", bend=1.4, upright=False),
    Held("cut-out, flat", cut_out=True),
    Held("cut-out, bent 1.4 rad", cut_out=True, bend=1.4),
    Held("flat, holes for the eyes", eye_holes=True),
)
"""Presentation attack instruments (ISO/IEC 30107-1)."""


def presented(picture: Picture, held: Held, scene: Scene) -> Picture:
    """(height, width, 3) RGB: `picture` where the scene's person would stand.

    The scene's yaw, pitch, roll, distance and place are the sheet's. Its face fills
    the sheet as it filled the picture.
    """
    columns, rows, points = _sheet(picture, held)
    turned = points @ rotation(scene.yaw, scene.pitch, scene.roll).T
    depth = np.maximum(scene.distance_cm - turned[:, 2], 1.0)
    right = scene.width / 2 + (turned[:, 0] + scene.x) * scene.focal / depth
    down = scene.height / 2 - (turned[:, 1] + scene.y) * scene.focal / depth
    screen = single(np.stack([right, down], axis=1))
    seen = rasterise(screen, single(depth), _triangles(), scene.size)
    places = single(np.stack([columns, rows], axis=1))
    at = seen.mixed(places, _triangles())
    pixels = backdrop(scene)
    inked = _sampled(picture, at)
    x, y = (at / (picture.shape[1], picture.shape[0]) - 0.5).T
    if held.eye_holes:
        inked[_in_eyes(x, y)] = 24
    left = _in_face(x, y) if held.cut_out else np.ones(len(x), dtype=bool)
    pixels.reshape(-1, 3)[seen.pixel[left]] = inked[left]
    return noisy(softened(Image.fromarray(pixels), seen.pixel, scene.blur), scene)


def _sheet(picture: Picture, held: Held) -> tuple[Numbers, Numbers, Numbers]:
    """Columns and rows of the picture, and where they are in centimetres."""
    height, width = picture.shape[:2]
    u, v = np.meshgrid(np.linspace(0, 1, _GRID), np.linspace(0, 1, _GRID))
    across = (u.ravel() - 0.5) * held.width_cm
    up = (0.5 - v.ravel()) * held.width_cm * height / width
    bent, straight = (across, up) if held.upright else (up, across)
    toward = np.zeros_like(bent)
    if held.bend:
        radius = float(np.ptp(bent)) / held.bend
        bent, toward = (
            radius * np.sin(bent / radius),
            radius * (np.cos(bent / radius) - 1),
        )
    x, y = (bent, straight) if held.upright else (straight, bent)
    points = single(np.stack([x, y, toward], axis=1))
    return single(u.ravel() * (width - 1)), single(v.ravel() * (height - 1)), points


def _triangles() -> Indices:
    corner = np.arange(_GRID * _GRID, dtype=np.int32).reshape(_GRID, _GRID)
    a, b = corner[:-1, :-1].ravel(), corner[:-1, 1:].ravel()
    c, d = corner[1:, 1:].ravel(), corner[1:, :-1].ravel()
    return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def _sampled(picture: Picture, at: Numbers) -> Picture:
    """Bilinear: neighbouring pixels of the print, as a lens would blend them."""
    height, width = picture.shape[:2]
    x, y = at[:, 0].clip(0, width - 1.001), at[:, 1].clip(0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    upper = picture[top, left] * (1 - fx) + picture[top, left + 1] * fx
    lower = picture[top + 1, left] * (1 - fx) + picture[top + 1, left + 1] * fx
    mixed: Picture = (upper * (1 - fy) + lower * fy).astype(np.uint8)
    return mixed


def portrait(head: Head) -> Picture:
    """The picture that is held: a face that fills the sheet, from near, well lit."""
    return render(head, _STUDIO)


def _in_face(x: Numbers, y: Numbers) -> Flags:
    """The face of `portrait`; from the sheet's middle, in widths and heights."""
    inside: Flags = (x / 0.36) ** 2 + ((y - 0.02) / 0.36) ** 2 < 1
    return inside


def _in_eyes(x: Numbers, y: Numbers) -> Flags:
    inside: Flags = ((np.abs(x) - 0.13) / 0.06) ** 2 + ((y + 0.095) / 0.028) ** 2 < 1
    return inside
