"""A head's skin and hair as a painted map: layers in linear light, bottom to top."""

from dataclasses import dataclass

import numpy as np

from device.simulated.heads import brows, hair, skin
from device.simulated.heads.beard import beard_zone, paint_beard
from device.simulated.heads.curves import (
    Numbers,
    bump,
    linear,
    single,
    twin_bumps,
)
from device.simulated.heads.features import Features
from device.simulated.heads.lips import lip_shape, paint_lids, paint_lips
from device.simulated.heads.texture import HEIGHT, WIDTH, Noise, places


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    colour: Numbers
    """(texels, 3) linear albedo."""
    gloss: Numbers
    """(texels,) 0..1."""
    hair: Numbers
    """(texels,) 0 skin, 1 hair."""
    strands: Numbers
    """(HEIGHT, WIDTH) brightness factor of hair, for the parts beside the map."""


def paint(features: Features) -> Painting:
    """About half a second; the same features give the same map."""
    random = np.random.default_rng(features.seed + 77)
    noise = Noise(random)
    colour = skin.base(features, noise)
    skin.paint_nose(colour)
    skin.paint_lines(colour, features.age, random)
    skin.paint_moles(colour, features.moles, random)
    paint_beard(colour, features, noise)
    paint_lips(colour, features, noise)
    paint_lids(colour, features)
    brows.paint_brows(colour, features, random)
    edge, streaks = _paint_hair(colour, features, random, noise)
    texels = HEIGHT * WIDTH
    return Painting(
        colour.reshape(texels, 3),
        _gloss(features, edge).reshape(texels),
        edge.reshape(texels),
        streaks,
    )


def _paint_hair(
    colour: Numbers, features: Features, random: np.random.Generator, noise: Noise
) -> tuple[Numbers, Numbers]:
    grown = hair.growth(features, places())
    streak = hair.strands(features, random, noise)
    frayed = grown + 0.35 * (grown * (1 - grown) * 4) * (streak * 0.8)
    edge = single(np.clip(frayed, 0, 1) ** 1.2)
    contrast = 0.30 if max(features.hair) < 100 else 0.17
    shine = single(np.exp(contrast * streak + 0.1 * noise(20)))
    cover = edge[..., None]
    colour *= 1 - cover
    colour += cover * linear(features.hair) * shine[..., None] * np.float32(0.9)
    return edge, shine


def _gloss(features: Features, hair_edge: Numbers) -> Numbers:
    place = places()
    gloss = 0.16 + 0.22 * bump(place, (0, 6, 5), (3.5, 2, 3))
    gloss += 0.25 * bump(place, (0, -0.8, 7.3), (0.9, 2.0, 1.5))
    gloss += 0.12 * twin_bumps(place, (4.2, 0.6, 4.2), (1.3, 0.9, 2))
    gloss += 0.40 * lip_shape()
    dull = 0.7 * beard_zone() * max(features.beard, features.stubble * 0.5)
    return single(gloss.clip(0, 1) * (1 - hair_edge) * (1 - dull))
