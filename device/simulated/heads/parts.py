"""What is not the head's own surface: neck, clothes, ears, eyes, mouth, long hair."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from device.simulated.heads import template, texture
from device.simulated.heads.curves import Indices, Numbers, linear, single, smoothstep
from device.simulated.heads.expression import Eyeball
from device.simulated.heads.features import Features
from device.simulated.heads.mesh import normals


class Material(IntEnum):
    HEAD = 0
    NECK = 1
    CLOTHES = 2
    EAR = 3
    EYE = 4
    DARK = 5
    TEETH = 6
    CURTAIN = 7
    """Long hair that hangs behind the face."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    material: Material
    points: Numbers
    triangles: Indices
    normals: Numbers
    colours: Numbers
    """(points, 3) linear; for eyes the direction from the ball's centre."""
    address: Numbers
    """(points, 2) texels, for strands."""


Grid = Callable[[Numbers, Numbers], tuple[Numbers, Numbers, Numbers]]
"""u, v in 0..1 -> x, y, z."""


def parts(features: Features, points: Numbers, eyes: dict[int, Eyeball]) -> list[Part]:
    """All parts of this person, from the coarse points at rest."""
    made = [_neck(features, points), _clothes(features)]
    for side in template.SIDES:
        made.append(_ear(features, points, side))
        made += [_eye(eyes[side]), _eye_socket(points, side)]
    made += [_mouth_cavity(points), _teeth(points)]
    if features.long_hair > 0:
        made.append(_curtain(features))
    return made


def _grid(shape: tuple[int, int], surface: Grid) -> tuple[Numbers, Indices, Numbers]:
    u, v = np.meshgrid(*(np.linspace(0, 1, count) for count in shape), indexing="ij")
    points = np.stack(np.broadcast_arrays(*surface(u, v)), axis=-1).reshape(-1, 3)
    at = np.arange(shape[0] * shape[1]).reshape(shape)
    a, b = at[:-1, :-1].ravel(), at[1:, :-1].ravel()
    c, d = at[1:, 1:].ravel(), at[:-1, 1:].ravel()
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    span = [texture.WIDTH * 0.9, texture.HEIGHT * 0.9]
    return single(points), triangles, single(np.stack([u, v], -1).reshape(-1, 2) * span)


def _outward(points: Numbers, triangles: Indices, towards: Numbers) -> Numbers:
    """Normals turned to the side on which `towards` lies (grids have no outside)."""
    found = normals(points, triangles)
    facing: Numbers = (found * towards).sum(axis=1)
    return single(found * np.where(facing < 0, -1, 1)[:, None])


def _part(
    material: Material,
    shape: tuple[int, int],
    surface: Grid,
    colour: Numbers,
    outside: Callable[[Numbers], Numbers],
) -> Part:
    points, triangles, address = _grid(shape, surface)
    turned = _outward(points, triangles, outside(points))
    colours = single(np.broadcast_to(colour, points.shape))
    return Part(material, points, triangles, turned, colours, address)


def _neck(features: Features, points: Numbers) -> Part:
    jaw = float(np.abs(points[template.JAW_ANGLES, 0]).mean())
    width = min(7.0, jaw * 0.98)

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        angle = u * 2 * np.pi
        radius = width * (1 - 0.28 * np.maximum(1 - v / 0.32, 0) ** 1.3)
        radius = radius * (1 - 0.10 * np.exp(-(((v - 0.45) / 0.2) ** 2)))
        radius = radius + width * 6.4 * np.maximum(v - 0.5, 0) ** 2
        muscle = 0.35 * np.exp(-(((angle - 0.55 + 0.5 * v) / 0.16) ** 2))
        other = 2 * np.pi - angle
        muscle += 0.35 * np.exp(-(((other - 0.55 + 0.5 * v) / 0.16) ** 2))
        depth = (np.minimum(radius, width * 1.15) + muscle) * 0.95
        y = -2.0 - v * 17.5 - 0.9 * np.cos(angle) * np.maximum(v - 0.3, 0)
        z = -4.6 + np.cos(angle) * depth + 0.6 * v
        return np.sin(angle) * (radius + muscle), y, z

    def outside(points: Numbers) -> Numbers:
        return (points - [0, 0, -4.2]) * [1, 0, 1]

    return _part(Material.NECK, (40, 14), surface, linear(features.skin), outside)


def _clothes(features: Features) -> Part:
    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        angle = u * 2 * np.pi
        side = np.abs(np.sin(angle))
        radius = 6.9 + 14.5 * v**0.7
        y = -14.2 - 2.2 * v * side - 26.4 * np.maximum(v - 0.55, 0) ** 1.5
        y = y - (1 - side) * 7 * v - 0.8 * np.cos(angle) * (1 - v)
        z = -3.8 + np.cos(angle) * radius * (0.58 - 0.1 * v)
        return np.sin(angle) * radius, y, z

    def outside(_: Numbers) -> Numbers:
        return np.array([0, 1.0, 0.3])

    return _part(Material.CLOTHES, (48, 16), surface, linear(features.clothes), outside)


def _ear(features: Features, points: Numbers, side: int) -> Part:
    """A disc with the ridges of helix and concha, partly inside the head."""
    root = float(np.abs(points[template.TRAGI, 0]).mean()) - 0.15

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        angle = u * 2 * np.pi
        up = np.sin(angle) * v * 2.75 - 0.35 * np.cos(angle) * v
        back = np.cos(angle) * v * (1.55 + 0.28 * np.sin(angle))
        helix = np.exp(-(((v - 0.86) / 0.13) ** 2)) * (np.cos(angle - 0.6) * 0.5 + 0.62)
        concha = np.exp(-((v / 0.45) ** 2))
        ridge = 0.62 * helix - 0.55 * concha
        ridge = ridge + 0.22 * np.exp(-(((v - 0.55) / 0.12) ** 2))
        out = 0.02 + (back + 1.4) * 0.26 + ridge * 0.75 - 0.4 * (v > 0.98)
        y = 0.55 + up * 0.98 - 0.12 * back
        return side * (root + out), y, -3.4 - back * 0.95 - 0.16 * up

    def outside(_: Numbers) -> Numbers:
        return np.array([side, 0, 0.45])

    colour = linear(features.skin) * single([1.04, 0.93, 0.92])
    return _part(Material.EAR, (32, 14), surface, colour, outside)


def _eye(eye: Eyeball) -> Part:
    x, y, z = (float(part) for part in eye.centre)
    radius = eye.radius

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        a, b = (u - 0.5) * 2.5, (v - 0.5) * 2.2
        flat = radius * np.cos(b)
        return x + flat * np.sin(a), y + radius * np.sin(b), z + flat * np.cos(a)

    points, triangles, address = _grid((16, 14), surface)
    way = single((points - eye.centre) / radius)
    return Part(Material.EYE, points, triangles, way, way, address)


def _dark(
    points: Numbers, triangles: Indices, address: Numbers, colour: Numbers
) -> Part:
    ahead = single(np.tile([0, 0, 1.0], (len(points), 1)))
    colours = single(np.broadcast_to(colour, points.shape))
    return Part(Material.DARK, single(points), triangles, ahead, colours, address)


def _eye_socket(points: Numbers, side: int) -> Part:
    """A dark fan behind the lids, so that no daylight shows beside the ball."""
    contour = points[template.EYE[side]]
    middle = contour.mean(axis=0)
    fan = np.vstack([middle, (contour - middle) * 1.15 + middle]) - [0, 0, 0.75]
    count = len(contour)
    around = np.arange(count)
    triangles = np.stack([0 * around, 1 + around, 1 + (around + 1) % count], axis=1)
    flesh = single([0.16, 0.06, 0.045])
    return _dark(fan, triangles, np.zeros((len(fan), 2), np.float32), flesh)


def _mouth(points: Numbers) -> tuple[float, float, float]:
    """Height, depth and half the width of the mouth."""
    middle = points[[13, 14]].mean(axis=0)
    left, right = points[template.OUTER_CORNERS, 0]
    return float(middle[1]), float(middle[2]), abs(float(right - left)) / 2


def _mouth_cavity(points: Numbers) -> Part:
    height, depth, half = _mouth(points)

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        x = (u - 0.5) * 2 * half * 0.95
        return x, height + 1.1 - 3.4 * v, depth - 1.6 - 3.0 * (2 * u - 1) ** 2

    return _dark(*_grid((12, 8), surface), single([0.035, 0.01, 0.01]))


def _teeth(points: Numbers) -> Part:
    height, depth, half = _mouth(points)

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        angle = (u - 0.5) * 2.6
        y = height + 0.75 - 0.95 * v
        return np.sin(angle) * half * 0.85, y, depth - 1.9 + 1.25 * np.cos(angle)

    def outside(_: Numbers) -> Numbers:
        return np.array([0, 0, 1.0])

    ivory = single([0.62, 0.58, 0.50])
    return _part(Material.TEETH, (24, 5), surface, ivory, outside)


def _curtain(features: Features) -> Part:
    """Open in front; its front edges turn in towards the cheeks."""
    length = features.long_hair
    volume = features.hair_volume

    def surface(u: Numbers, v: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        swing = np.sin(np.minimum(v * 1.6, 1) * np.pi) * (1 - 0.3 * length)
        angle = (u - 0.5) * 2 * (np.pi - 0.95 + 0.30 * swing)
        y = 9.0 - v * (9 + 9 * length + 0.35 * np.sin(u * 37) + 0.25 * np.sin(u * 91))
        body = 0.5 + 0.8 * np.sin(np.pi * np.minimum(v * 1.1, 1))
        waves = 0.16 * np.sin(angle * 9 + 3 * v) + 0.10 * np.sin(angle * 23 + 5 * v)
        edge = 1.4 * np.maximum(np.abs(u - 0.5) * 2 - 0.86, 0) / 0.14
        curl = 1.1 * smoothstep(v, 0.75, 1.0)
        radius = 8.3 + 0.75 * volume * body + waves * v - edge - curl
        top = np.sqrt(np.maximum(1 - ((y - 3) / 10.8) ** 2, 0.02))
        radius = radius * np.where(y > 3, top, 1)
        z = -4.0 + np.cos(angle + np.pi) * radius * 1.02
        return np.sin(angle + np.pi) * radius * 0.93, y, z

    def outside(points: Numbers) -> Numbers:
        return points - [0, float(points[:, 1].mean()), -4.2]

    return _part(Material.CURTAIN, (64, 24), surface, linear(features.hair), outside)
