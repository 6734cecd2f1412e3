"""People who are nobody, by number: for measuring on others than the twelve patients.

The same number gives the same head in every run. They are drawn from our own
fictitious population, whose spread is not that of any real one.
"""

from typing import Any

import numpy as np

_SHAPES = (
    *("face_width", "face_height", "jaw_width", "chin_length", "chin_out"),
    *("cheekbone", "cheek", "temple", "forehead", "nose_width", "nose_length"),
    *("nose_out", "nose_bridge", "nose_hump", "nose_tip", "eye_spread", "eye_size"),
    *("eye_tilt", "eye_height", "eye_open", "eye_deep", "brow_ridge", "mouth_width"),
    *("mouth_height", "mouth_smile", "upper_lip", "lower_lip", "lips_out"),
    *("brow_arch", "brow_height"),
)
_MOST = 1.9
_SKINS = np.array(
    [(224, 184, 156), (214, 170, 140), (202, 152, 120), (176, 124, 94), (128, 88, 66)]
)
_BLACK, _GREY = np.array((26, 22, 20)), np.array((186, 184, 182))


def somebody(number: int) -> dict[str, Any]:
    """Parameters of a head, as device.simulated.heads.Head takes them."""
    random = np.random.default_rng(number)
    shapes = random.normal(0, 0.95, len(_SHAPES)).clip(-_MOST, _MOST).round(2)
    age = float(random.uniform())
    man, skin = random.uniform() < 0.5, _SKINS[random.integers(len(_SKINS))]
    hair = _BLACK + (_GREY - _BLACK) * max(0.0, age - 0.4) * random.uniform(0.4, 1.6)
    return {
        "seed": int(random.integers(1, 10_000)),
        **dict(zip(_SHAPES, map(float, shapes), strict=True)),
        "skin": _colour(skin),
        "hair": _colour(hair),
        "lips": _colour(skin * (0.85, 0.57, 0.6)),
        "iris": _colour(np.array((48, 32, 22)) * random.uniform(0.7, 1.7)),
        "clothes": _colour(random.integers(40, 190, 3)),
        "age": round(age, 2),
        "brow_thick": round(float(random.uniform(0.5, 1.5)), 2),
        "lid_fold": round(float(random.uniform(0, 1)), 2),
        "moles": int(random.integers(0, 4)),
        "glasses": int(random.integers(1, 5)) if random.uniform() < 0.35 else 0,
        **(_beard(random) if man else _long_hair(random)),
    }


def _beard(random: np.random.Generator) -> dict[str, float]:
    kinds: list[dict[str, float]] = [
        {},
        {"stubble": 0.6},
        {"moustache": 0.8},
        {"beard": 0.8, "moustache": 0.7},
    ]
    bald = {"receding": round(float(random.uniform(0, 1)), 2)}
    return kinds[random.integers(len(kinds))] | bald


def _long_hair(random: np.random.Generator) -> dict[str, float]:
    return {
        "long_hair": round(float(random.uniform(0, 1.2)), 2),
        "fringe": round(float(random.uniform(0, 1)), 2),
        "waves": round(float(random.uniform(0, 1)), 2),
    }


def _colour(values: "np.ndarray[Any, Any]") -> tuple[int, int, int]:
    red, green, blue = (int(level) for level in np.clip(values, 0, 255))
    return red, green, blue
