"""Where a beard grows, and its three lengths: stubble, moustache, beard."""

from functools import cache

import numpy as np

from device.simulated.heads.curves import Numbers, linear, single, smoothstep
from device.simulated.heads.features import Features
from device.simulated.heads.lips import lip_area
from device.simulated.heads.texture import Noise, places


@cache
def _zones() -> tuple[Numbers, Numbers]:
    """Cheeks and chin; upper lip."""
    place = places()
    x, y, z = np.abs(place[..., 0]), place[..., 1], place[..., 2]
    low = smoothstep(-y, 2.4, 3.4) * smoothstep(z, -3.2, -1.5)
    low = low * (1 - smoothstep(-y, 13, 15))
    edge = 1.5 + 2.2 * np.exp(-(((x - 2.8) / 2.2) ** 2))
    cheeks = smoothstep(-y - edge, -0.5, 1.0) * low
    chin = smoothstep(-y, 5.9, 6.6) * np.exp(-((x / 2.7) ** 6))
    moustache = np.exp(-(((y + 2.95) / 0.55) ** 4)) * np.exp(-((x / 2.5) ** 6))
    skin = 1 - lip_area()
    return single(np.maximum(cheeks, chin) * skin), single(moustache * skin)


def beard_zone() -> Numbers:
    zone: Numbers = np.maximum(*_zones())
    return zone


def paint_beard(colour: Numbers, features: Features, noise: Noise) -> None:
    hair = linear(features.hair)
    grain = 0.5 + 0.5 * np.tanh(noise(1.6) * 1.2 + 0.6 * noise(1.6, 5))
    fibres = single(np.exp(0.55 * noise(1.4, 4)))[..., None]
    if features.stubble:
        cover = beard_zone() * features.stubble * (0.35 + 0.4 * grain)
        short = single(cover)[..., None]
        colour[:] = colour * (1 - short) + short * (hair * 1.2 + 0.25 * colour)
    beard, moustache = _zones()
    long = features.beard * beard + features.moustache * moustache
    if long.max() > 0:
        ragged = long * 1.35 - 0.45 * grain * (1 - long) - 0.05
        cover = single(np.clip(ragged, 0, 1))[..., None]
        colour[:] = colour * (1 - cover) + cover * hair * fibres
