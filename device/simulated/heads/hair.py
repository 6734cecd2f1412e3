"""Hair: where it grows, how thick it lies, and its strands."""

import numpy as np

from device.simulated.heads.curves import Numbers, single, smoothstep
from device.simulated.heads.features import Features
from device.simulated.heads.mesh import shell
from device.simulated.heads.texture import Noise, places

_LOCKS = 26
_STRANDS = 4096


def growth(features: Features, points: Numbers) -> Numbers:
    """0 (skin) to 1 (hair) at places of the average head."""
    x, y, z = (points[..., axis] for axis in range(3))
    front = _hairline(features, np.abs(x))
    forward = smoothstep(z, -1.8, 2.4)
    # Beside the face the line drops to the ear, behind it to the nape.
    line = front * forward + (1 - forward) * np.where(z > -5.2, 2.2, -5.5)
    grown = smoothstep(y - line, -0.25, 0.35)
    grown = grown * np.where(z < -5.2, smoothstep(y, -7, -5.5), 1)
    return single(grown * _left_by_baldness(features.bald, y, z))


def _hairline(features: Features, x: Numbers) -> Numbers:
    bays = 1.6 * np.exp(-(((x - 3.6) / 1.7) ** 2)) + 0.5 * np.exp(-((x / 3) ** 2))
    fringe = 2.6 * np.exp(-((x / 4.6) ** 4))
    line = 8.2 + features.hairline - 0.035 * x**2
    # Long hair also falls over the temples, where its curtain begins.
    line = line - 5.5 * min(features.long_hair * 2, 1) * smoothstep(x, 4.9, 6.3)
    result: Numbers = line + features.receding * bays - features.fringe * fringe
    return result


def _left_by_baldness(bald: float, y: Numbers, z: Numbers) -> Numbers | float:
    if bald == 0:
        return 1.0
    if bald < 1:
        return 1 - bald * smoothstep(y, 6, 8) * smoothstep(z, -11, -9)
    return smoothstep(5.6 - y, -0.5, 0.9) * smoothstep(1.2 - z, -0.6, 0.8)


def thickness(features: Features) -> Numbers:
    """How far hair stands off each dense point, in cm."""
    points = shell().dense
    x, y, z = points.T
    random = np.random.default_rng(features.seed + 5)
    thick = 0.45 + 1.25 * smoothstep(y, 4, 11.5)
    thick += 0.35 * smoothstep(np.abs(x), 5, 7.5) * smoothstep(y, 3, 7)
    for _ in range(_LOCKS):
        away = points - points[random.integers(len(points))]
        spread = random.uniform(0.9, 2.2)
        lock = np.exp(-0.5 * np.einsum("ij,ij->i", away, away) / spread**2)
        thick += 0.2 * random.normal() * lock
    if features.parting:
        thick += _parting(features.parting, x, y, z)
    volume = features.hair_volume * (1 - 0.8 * features.bald)
    return single(volume * thick.clip(0.15, 4))


def _parting(parting: float, x: Numbers, y: Numbers, z: Numbers) -> Numbers:
    """A groove, and more hair on the side it is combed to."""
    at = parting * 3.2
    groove = np.exp(-(((x - at) / 0.45) ** 2)) * smoothstep(y, 6, 9)
    combed = np.tanh((x - at) / 2) * smoothstep(y, 7, 10)
    result: Numbers = -0.5 * groove * smoothstep(z, -8, -4)
    return single(result - 0.55 * np.sign(parting) * combed)


def strands(features: Features, random: np.random.Generator, noise: Noise) -> Numbers:
    """(HEIGHT, WIDTH), about unit variance: streaks that run from the crown."""
    place = places()
    fine = single(random.normal(size=_STRANDS))
    thick = np.convolve(fine, np.ones(5) / 2.2, "same")
    around = np.arctan2(place[..., 0], place[..., 2] + 6.5)
    phase = around * (_STRANDS / (4 * np.pi)) + _STRANDS / 2
    phase = phase + 14 * noise(60) + 2.5 * noise(18, 50)
    phase = phase + features.waves * 80 * np.sin(place[..., 1] * 1.6)
    first = thick[phase.astype(int) % _STRANDS]
    return single(first * 0.6 + fine[(phase * 1.7).astype(int) % _STRANDS] * 0.4)
