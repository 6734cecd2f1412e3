"""Lips and eyelids: the painted lines that the face mesh looks for."""

from functools import cache

import numpy as np
from PIL import ImageDraw

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers, linear, single, spline
from device.simulated.heads.features import Features
from device.simulated.heads.mesh import shell
from device.simulated.heads.skin import darken
from device.simulated.heads.texture import PER_CM, Noise, drawn, on_plane, places

_MOUTH_LINE_Y = -4.25
_LASH_COLOUR = single([0.012, 0.009, 0.008])
_LEAST_LASHES = 0.8
"""Thinner lash lines and the mesh no longer sees whether an eye is open."""


@cache
def lip_area() -> Numbers:
    """The lips and a little around them: no beard grows here."""
    outline = on_plane(shell().coarse[template.OUTER_LIPS])
    return drawn(lambda pen: pen.polygon(outline, fill=255), 0.10)


@cache
def lip_shape() -> Numbers:
    points = shell().coarse
    upper = spline(points[template.OUTER_LIPS[:11]])
    lower = spline(points[template.OUTER_LIPS[10:] + template.OUTER_LIPS[:1]])
    outline = on_plane(np.vstack([upper, lower]))
    return drawn(lambda pen: pen.polygon(outline, fill=255), 0.07)


@cache
def _mouth_line() -> Numbers:
    points = shell().coarse
    left, right = template.MOUTH_CORNERS

    def line(pen: ImageDraw.ImageDraw) -> None:
        for lip in (template.INNER_UPPER_LIP, template.INNER_LOWER_LIP):
            way = on_plane(spline(points[[left, *lip, right]]))
            pen.line(way, fill=255, width=int(0.10 * PER_CM))
        for side in template.SIDES:
            x, y = on_plane((side * 2.45, -4.33))[0]
            pen.ellipse((x - 4, y - 3, x + 4, y + 3), fill=120)

    return drawn(line, 0.05)


def paint_lips(colour: Numbers, features: Features, noise: Noise) -> None:
    cover = 0.8 * lip_shape()[..., None]
    under = linear(features.skin) * single([0.9, 0.75, 0.75])
    rough = single(np.exp(0.10 * noise(2, 9) + 0.06 * noise(5)))[..., None]
    upper = (places()[..., 1] > _MOUTH_LINE_Y)[..., None]
    lip = (0.68 * linear(features.lips) + 0.32 * under) * rough
    lip = lip * np.where(upper, np.float32(0.84), np.float32(1.06))
    colour[:] = colour * (1 - cover) + cover * lip
    darken(colour, _mouth_line())


def _lid(side: int, lid: list[int], rise: float) -> Numbers:
    points = shell().coarse
    outer, inner = template.EYE[side][0], template.EYE[side][8]
    curve = spline(points[[outer, *lid, inner]], 80)
    raised: Numbers = curve + np.array([0, rise, 0])
    return raised


@cache
def _lid_ink() -> tuple[Numbers, Numbers]:
    def crease(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            way = on_plane(_lid(side, template.UPPER_LID[side], 0.33))
            pen.line(way, fill=255, width=int(0.09 * PER_CM))

    def lashes(pen: ImageDraw.ImageDraw) -> None:
        for side in template.SIDES:
            upper = on_plane(_lid(side, template.UPPER_LID[side], 0.07))
            pen.line(upper, fill=255, width=int(0.21 * PER_CM))
            lower = on_plane(_lid(side, template.LOWER_LID[side], -0.03))
            pen.line(lower, fill=100, width=int(0.07 * PER_CM))

    return drawn(crease, 0.05), drawn(lashes, 0.025)


def paint_lids(colour: Numbers, features: Features) -> None:
    crease, lashes = _lid_ink()
    darken(colour, 0.75 * features.lid_fold * crease, single([0.8, 1.05, 1.05]))
    cover = (lashes * max(features.lashes, _LEAST_LASHES))[..., None]
    colour[:] = colour * (1 - cover) + cover * _LASH_COLOUR
