"""The look of an eye: iris, pupil, the white, and the shade of the lid."""

import numpy as np

from device.simulated.heads.curves import (
    Numbers,
    linear,
    single,
    smoothstep,
    unit,
)

_IRIS = 0.44
"""Half-angle of the iris in radians."""
_WHITE = single([0.60, 0.56, 0.53])


def eye_colour(ways: Numbers, gaze: Numbers, iris: tuple[int, int, int]) -> Numbers:
    """(n, 3) linear colour seen in each direction from the eyeball's centre."""
    ways = unit(ways)
    away = single(np.arccos(np.clip(ways @ gaze, -1, 1)))
    inside = np.clip((_IRIS + 0.02 - away) / 0.09, 0.25, 1)[:, None]
    ring = smoothstep(away, _IRIS - 0.04, _IRIS + 0.05)[:, None]
    colour = _iris(ways, gaze, away, iris) * inside * (1 - ring) + _white(ways) * ring
    beyond_pupil = smoothstep(away, 0.15, 0.20)[:, None]
    colour = 0.008 * (1 - beyond_pupil) + colour * beyond_pupil
    lid_shade = 0.38 + 0.62 * smoothstep(0.50 - ways[:, 1], 0, 0.42)
    return single(colour * lid_shade[:, None])


def gaze_of(turn: Numbers, wanted: tuple[float, float, float] | None) -> Numbers:
    """In head space; by default half way between straight ahead and the camera."""
    if wanted is not None:
        return unit(single(wanted))
    camera = turn.T @ single([0, 0, 1])
    return unit(camera * single([0.55, 0.3, 1]) + single([0, 0, 0.4]))


def _iris(
    ways: Numbers, gaze: Numbers, away: Numbers, iris: tuple[int, int, int]
) -> Numbers:
    around = np.arctan2(ways[:, 1] - gaze[1], ways[:, 0] - gaze[0])
    fibres = 1 + 0.25 * np.sin(around * 23) + 0.15 * np.sin(around * 41 + 1)
    lighter_outside = 0.75 + 0.7 * (away / _IRIS)
    return single(linear(iris) * (fibres * lighter_outside)[:, None])


def _white(ways: Numbers) -> Numbers:
    corner = np.clip(np.abs(ways[:, :1]) * 1.5 - 0.35, 0, 1)
    return single(_WHITE * np.exp(-0.45 * corner * single([0.6, 1.2, 1.2])))
