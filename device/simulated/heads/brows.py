"""Eyebrows, hair by hair."""

import numpy as np
from PIL import ImageDraw

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers, linear
from device.simulated.heads.features import Features
from device.simulated.heads.mesh import shell
from device.simulated.heads.texture import drawn, on_plane

_HAIRS = 520


def paint_brows(
    colour: Numbers, features: Features, random: np.random.Generator
) -> None:
    def brows(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            for _ in range(int(_HAIRS * features.brow_thick**0.5)):
                _hair(pen, side, features, random)

    ink = drawn(brows, 0.018)
    cover = np.clip(ink * 1.5 * features.brow_dark, 0, 0.95)[..., None]
    hair = linear(features.hair) * np.float32(0.8)
    colour[:] = colour * (1 - cover) + cover * hair


def _hair(
    pen: ImageDraw.ImageDraw,
    side: int,
    features: Features,
    random: np.random.Generator,
) -> None:
    """One stroke at a random place between the brow's edges; 0 is the outer end."""
    along = random.uniform(-0.15, 4.1)
    if random.uniform() < (along - 3.1) * 0.75:  # thin towards the nose
        return
    spread = features.brow_thick * (0.55 + 0.175 * min(along, 2))
    between = 0.5 + (random.uniform() - 0.5) * spread
    x, y = _place(side, along, between)
    part = along / 4
    y += features.brow_height * 0.35
    y += features.brow_arch * 0.4 * (np.sin(part * np.pi) - 0.5)
    angle = np.deg2rad(20 + 60 * max(part - 0.55, 0) / 0.45)
    length = random.uniform(0.25, 0.5)
    tip = (x + side * length * np.cos(angle), y + length * np.sin(angle) * 0.55)
    pen.line(
        on_plane([(x, y), tip]),
        fill=int(random.uniform(90, 200)),
        width=1 if random.uniform() < 0.6 else 2,
    )


def _place(side: int, along: float, between: float) -> tuple[float, float]:
    points = shell().coarse
    upper, lower = (points[row] for row in template.BROW[side])
    start = int(np.clip(along, 0, 3))
    u = along - start
    top = upper[start] * (1 - u) + upper[start + 1] * u
    bottom = lower[start] * (1 - u) + lower[start + 1] * u
    at = top * (1 - between) + bottom * between
    return float(at[0]), float(at[1])
