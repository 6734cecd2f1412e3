"""Light on every visible pixel: skin that glows red at the shadow's edge, and gloss."""

from dataclasses import dataclass

import numpy as np

from device.simulated.heads import texture
from device.simulated.heads.curves import Indices, Numbers, single, smoothstep, unit
from device.simulated.heads.eyes import eye_colour, gaze_of
from device.simulated.heads.head import Geometry, Head
from device.simulated.heads.light import LAMPS, Lamp, visibility
from device.simulated.heads.parts import Material
from device.simulated.heads.pose import Posed
from device.simulated.heads.raster import Fragments
from device.simulated.heads.scene import Scene

_WRAP = 0.22
_WARM, _COOL = single([1, 0.97, 0.93]), single([0.96, 1, 1.05])
_TERMINATOR = single([0.10, 0.02, 0.01])


@dataclass(slots=True, eq=False)
class _Surface:
    """What the visible pixels are made of; each (n,) or (n, 3)."""

    normal: Numbers
    address: Numbers
    colour: Numbers
    open: Numbers
    lit: Numbers
    gloss: Numbers
    hair: Numbers
    material: Indices

    def of(self, *materials: Material) -> Indices:
        found: Indices = np.flatnonzero(np.isin(self.material, materials))
        return found


def shaded(
    head: Head, geometry: Geometry, pose: Posed, seen: Fragments, scene: Scene
) -> Numbers:
    """(n, 3) linear light of the fragments, before exposure."""
    lamp = LAMPS[scene.light]
    towards = unit(single(lamp.direction))
    surface = _surface(head, geometry, pose, seen, towards)
    _colour(surface, head, gaze_of(pose.turn, scene.gaze))
    light = surface.colour * _diffuse(surface, lamp, towards)
    _add_gloss(light, surface, lamp, towards)
    dark = surface.of(Material.DARK)
    light[dark] = surface.colour[dark] * 0.6 * (lamp.ambient + lamp.key)
    return light


def _surface(
    head: Head, geometry: Geometry, pose: Posed, seen: Fragments, towards: Numbers
) -> _Surface:
    casting = geometry.triangles[geometry.material != Material.CLOTHES]
    lit = visibility(geometry.points, geometry.normals, casting, pose.turn.T @ towards)
    columns = [pose.normals, geometry.address, geometry.colours]
    columns += [head.openness[:, None], lit[:, None]]
    mixed = seen.mixed(single(np.hstack(columns)), geometry.triangles)
    count = len(mixed)
    return _Surface(
        normal=unit(mixed[:, :3]),
        address=mixed[:, 3:5],
        colour=mixed[:, 5:8].copy(),
        open=mixed[:, 8],
        lit=mixed[:, 9],
        gloss=np.zeros(count, np.float32),
        hair=np.zeros(count, np.float32),
        material=geometry.material[seen.triangle],
    )


def _colour(surface: _Surface, head: Head, gaze: Numbers) -> None:
    painting = head.painting
    skin = surface.of(Material.HEAD)
    x = surface.address[skin, 0].clip(0, texture.WIDTH - 2)
    y = surface.address[skin, 1].clip(0, texture.HEIGHT - 2)
    column, row = x.astype(np.int32), y.astype(np.int32)
    texel = row * texture.WIDTH + column
    u, v = (x - column)[:, None], (y - row)[:, None]
    paint, below = painting.colour, texel + texture.WIDTH
    upper = paint[texel] * (1 - u) + paint[texel + 1] * u
    lower = paint[below] * (1 - u) + paint[below + 1] * u
    surface.colour[skin] = upper * (1 - v) + lower * v
    surface.gloss[skin] = painting.gloss[texel]
    surface.hair[skin] = painting.hair[texel]
    surface.gloss[surface.of(Material.NECK, Material.EAR)] = 0.12
    _colour_curtain(surface, painting.strands)
    eye = surface.of(Material.EYE)
    surface.colour[eye] = eye_colour(surface.colour[eye], gaze, head.features.iris)


def _colour_curtain(surface: _Surface, strands: Numbers) -> None:
    curtain = surface.of(Material.CURTAIN)
    column = (surface.address[curtain, 0] * 7).astype(np.int32) % texture.WIDTH
    row = (surface.address[curtain, 1] * 0.25).astype(np.int32) + texture.HEIGHT // 3
    streak = strands[row % texture.HEIGHT, column]
    surface.colour[curtain] *= np.exp(0.9 * (streak - 1))[:, None] * 0.85
    surface.hair[curtain] = 1


def _diffuse(surface: _Surface, lamp: Lamp, towards: Numbers) -> Numbers:
    facing = surface.normal @ towards
    around = ((facing + _WRAP) / (1 + _WRAP)).clip(0, 1)
    shadow = surface.lit * smoothstep(facing, -0.15, 0.15)
    open_part = 0.5 + 0.5 * np.minimum(surface.open * 1.25, 1)
    direct = around * (0.12 + 0.88 * shadow) * open_part * (1.75 * lamp.key)
    light = direct[:, None] * _WARM + _ambient(surface, lamp)
    flesh = np.isin(surface.material, (Material.HEAD, Material.NECK, Material.EAR))
    edge = np.exp(-(((facing - 0.05) / 0.22) ** 2)) * (0.3 + 0.7 * shadow)
    edge = edge * flesh * (1 - surface.hair) * (1.2 * lamp.key)
    return single(light + edge[:, None] * _TERMINATOR)


def _ambient(surface: _Surface, lamp: Lamp) -> Numbers:
    up, ahead = surface.normal[:, 1], surface.normal[:, 2]
    sky = (0.825 + 0.275 * up) * (0.15 + 0.85 * surface.open) ** 1.5
    screen = 0.10 * surface.open * ahead.clip(0, 1)
    light = sky[:, None] * _COOL + screen[:, None]
    return single(lamp.ambient * light)


def _add_gloss(light: Numbers, surface: _Surface, lamp: Lamp, towards: Numbers) -> None:
    half = unit(towards + single([0, 0, 1]))
    shine = (surface.normal @ half).clip(0, 1)
    grazing = 1 - surface.normal[:, 2].clip(0, 1)
    lobes = 0.16 * shine**14 + 0.22 * shine**50
    gloss = surface.gloss * lobes * (0.35 + 0.65 * grazing**3) * surface.lit * lamp.key
    gloss += surface.gloss * 0.05 * lamp.ambient * grazing**2 * surface.open
    light += gloss[:, None]
    combed = surface.hair * 0.10 * shine**8 * lamp.key * surface.lit
    light += combed[:, None] * (surface.colour * 2 + 0.06)
    eye = surface.of(Material.EYE)
    catch = smoothstep(shine[eye], 0.990, 0.995) * (0.6 * lamp.key)
    light[eye] += catch[:, None]
