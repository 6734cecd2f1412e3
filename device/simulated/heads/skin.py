"""Skin tone, blushes, creases, lines of age and moles."""

from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import ImageDraw

from device.simulated.heads import template
from device.simulated.heads.curves import (
    Numbers,
    bump,
    linear,
    single,
    spline,
    twin_bumps,
)
from device.simulated.heads.features import Features
from device.simulated.heads.mesh import shell
from device.simulated.heads.texture import (
    HEIGHT,
    PER_CM,
    WIDTH,
    Noise,
    drawn,
    on_plane,
    places,
)

_SHADE = single([0.8, 1.1, 1.1])
"""Shaded skin turns red: red light scatters furthest inside it."""
_ADULT_LINES = 0.35
"""The age parameter from which foreheads and eye corners have lines."""


def darken(colour: Numbers, ink: Numbers, tint: Numbers | float = 1.0) -> None:
    """Beer's law, in place: more ink, less light, per channel."""
    colour *= np.exp(-ink[..., None] * tint)


def base(features: Features, noise: Noise) -> Numbers:
    """(HEIGHT, WIDTH, 3): mottled skin with blushes and shades."""
    colour = np.ones((HEIGHT, WIDTH, 3), np.float32) * linear(features.skin)
    mottle = 0.03 * noise(70) + 0.018 * noise(24) + 0.015 * noise(8)
    mottle = mottle + 0.02 * noise(3) + 0.025 * noise(1.3)
    darken(colour, -mottle)
    blush, under_eye, over_eye, corner = _zones()
    red = (blush + 0.10 * noise(14)) * features.redness
    darken(colour, red, single([-0.03, 0.13, 0.12]))
    darken(colour, under_eye * (0.08 + 0.24 * features.age), single([0.8, 1.1, 0.9]))
    darken(colour, 0.16 * over_eye + 0.25 * corner, _SHADE)
    return colour


@cache
def _zones() -> tuple[Numbers, Numbers, Numbers, Numbers]:
    place = places()
    blush = twin_bumps(place, (4.3, -0.9, 4.4), (1.7, 1.5, 2.5))
    blush = blush + 0.9 * bump(place, (0, -0.9, 7.2), (1.1, 1.0, 1.5))
    blush = blush + 0.5 * bump(place, (0, -8, 5), (2, 1.2, 3))
    under = twin_bumps(place, (3.05, 1.55, 3.9), (1.35, 0.42, 2))
    over = twin_bumps(place, (3.1, 3.35, 4.0), (1.7, 0.55, 2))
    corner = twin_bumps(place, (1.75, 2.7, 3.9), (0.45, 0.7, 1.5))
    return blush, under, over, corner


@cache
def _nose_ink() -> tuple[Numbers, Numbers, Numbers]:
    def nostrils(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            x = side * 0.80
            corners = on_plane([(x - 0.42, -1.72), (x + 0.42, -2.12)])
            pen.ellipse(corners, fill=230)

    def wings(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            way = [(1.45, -0.55), (1.82, -1.05), (1.72, -1.7), (1.25, -2.0)]
            _stroke(pen, [(side * x, y) for x, y in way], 200, 0.16)

    def groove(pen: ImageDraw.ImageDraw) -> None:
        pen.line(on_plane([(0, -2.35), (0, -3.3)]), fill=200, width=int(0.35 * PER_CM))

    return drawn(nostrils, 0.07), drawn(wings, 0.10), drawn(groove, 0.14)


def paint_nose(colour: Numbers) -> None:
    nostrils, wings, groove = _nose_ink()
    colour *= (1 - 0.84 * nostrils)[..., None]
    darken(colour, 0.5 * wings, _SHADE)
    darken(colour, 0.14 * groove)


def paint_lines(colour: Numbers, age: float, random: np.random.Generator) -> None:
    def lines(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            _cheek_lines(pen, side, age)
            if age > _ADULT_LINES:
                _crow_feet(pen, side, age)
        if age > _ADULT_LINES:
            _forehead_lines(pen, age, random)
        _stroke(pen, [(-1.4, -6.25), (0, -6.05), (1.4, -6.25)], 80, 0.2)

    darken(colour, 0.36 * drawn(lines, 0.07), _SHADE)


def _stroke(
    pen: ImageDraw.ImageDraw,
    way: list[tuple[float, float]],
    ink: float,
    width_cm: float,
) -> None:
    width = max(1, round(width_cm * PER_CM))
    pen.line(on_plane(spline(way)), fill=int(ink), width=width)


def _cheek_lines(pen: ImageDraw.ImageDraw, side: int, age: float) -> None:
    fold = [(1.9, -1.3), (2.6, -2.4), (3.05, -3.8), (3.1, -4.9)]
    _stroke(pen, [(side * x, y) for x, y in fold], 40 + 150 * age, 0.12)
    bag = [(1.7, 2.2), (2.3, 1.45), (3.3, 1.15), (4.3, 1.5)]
    _stroke(pen, [(side * x, y) for x, y in bag], 50 + 100 * age, 0.10)


def _crow_feet(pen: ImageDraw.ImageDraw, side: int, age: float) -> None:
    for row in range(3):
        x_y = [(4.9, 2.9 - 0.35 * row), (5.5, 3.1 - 0.6 * row), (6.0, 3.2 - 0.9 * row)]
        _stroke(pen, [(side * x, y) for x, y in x_y], 140 * age, 0.06)
    corner = [(2.7, -4.7), (3.0, -5.6), (2.9, -6.3)]
    _stroke(pen, [(side * x, y) for x, y in corner], 110 * age, 0.09)


def _forehead_lines(
    pen: ImageDraw.ImageDraw, age: float, random: np.random.Generator
) -> None:
    for row in range(4):
        y = 5.6 + 0.62 * row + random.normal() * 0.08
        left, right = random.normal(size=2) * 0.06
        way = [(-3.6, y - 0.15), (-1.8, y + 0.1 + left), (0, y - 0.05)]
        way += [(1.8, y + 0.1 + right), (3.6, y - 0.2)]
        _stroke(pen, way, 110 * age, 0.08)


def paint_moles(colour: Numbers, count: int, random: np.random.Generator) -> None:
    for _ in range(count):
        at = shell().coarse[random.integers(template.POINTS)]
        darken(colour, 1.2 * drawn(_dot(on_plane(at)[0]), 0.03))


def _dot(at: tuple[float, float]) -> Callable[[ImageDraw.ImageDraw], None]:
    x, y = at

    def dot(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse((x - 3.5, y - 3.5, x + 3.5, y + 3.5), fill=220)

    return dot
