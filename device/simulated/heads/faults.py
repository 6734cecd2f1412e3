"""Every fault of a frame that the camera's guidance has a word for, on any head.

What varies besides (light, turn, expression, distance) is drawn from the number, so
that no limit is tried at one spot only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from device.simulated.heads.curves import Picture
from device.simulated.heads.head import Head
from device.simulated.heads.light import Light
from device.simulated.heads.renderer import render, render_empty
from device.simulated.heads.scene import Occluder, Scene

GOOD_LIGHTS = (Light.FRONT, Light.LEFT, Light.RIGHT, Light.TOP)
UNTOUCHED = "untouched"
UNTOUCHED_EACH = 4


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    fault: str
    """UNTOUCHED: nothing is wrong with it."""
    frame: Picture


def shown(head: Head, number: int) -> Iterator[Shown]:
    """One frame for each fault and four without any."""
    random = np.random.default_rng(number)
    for _ in range(UNTOUCHED_EACH):
        yield Shown(UNTOUCHED, render(head, _usual(random)))
    for fault, changes in _faults(head, random):
        scene = replace(_usual(random), **changes)  # type: ignore[arg-type]
        yield Shown(fault, render(head, scene))
    yield Shown("nobody", render_empty(_usual(random)))
    yield Shown("second person", _two(head, random))


def _usual(random: np.random.Generator) -> Scene:
    """A patient who does what one does before a screen."""
    smiles, speaks = random.uniform(size=2) < (0.3, 0.15)
    return Scene(
        yaw=random.uniform(-8, 8),
        pitch=random.uniform(-7, 7),
        roll=random.uniform(-5, 5),
        distance_cm=random.uniform(40, 62),
        x=random.uniform(-3, 3),
        y=random.uniform(-2, 2),
        light=GOOD_LIGHTS[random.integers(len(GOOD_LIGHTS))],
        smile=random.uniform(0.2, 0.9) if smiles else 0.0,
        mouth=random.uniform(0.1, 0.5) if speaks else 0.0,
        seed=int(random.integers(10_000)),
    )


def _burnt(head: Head) -> float:
    """Dark skin takes more light before the camera's range ends."""
    return 200 / float(np.mean(head.features.skin))


def _faults(
    head: Head, random: np.random.Generator
) -> tuple[tuple[str, dict[str, object]], ...]:
    side = 1 if random.uniform() < 0.5 else -1
    front = {"light": Light.FRONT}
    return (
        ("too far", {"distance_cm": random.uniform(105, 140)}),
        ("too near", {"distance_cm": random.uniform(20, 25)}),
        ("aside", {"x": side * random.uniform(16, 19), "distance_cm": 50.0}),
        ("dark", {"light": Light.DARK}),
        ("glare", {"light": Light.GLARE, "exposure": _burnt(head)}),
        ("turned", {"yaw": side * random.uniform(26, 42)}),
        ("profile", {"yaw": side * 60.0}),
        ("looking down or up", {"pitch": side * random.uniform(32, 40)}),
        ("blurred", {"blur": random.uniform(3.5, 5.5)}),
        ("mask", {"occluder": Occluder.MASK}),
        ("sunglasses", {"occluder": Occluder.SUNGLASSES}),
        ("hand on mouth", {"occluder": Occluder.HAND}),
        ("hand on eye", {"occluder": Occluder.HAND_EYE}),
        ("cap", {"occluder": Occluder.CAP, **front}),
    )


def _two(head: Head, random: np.random.Generator) -> Picture:
    """The same head twice: nobody compares them, they only stand there."""
    scene = replace(_usual(random), yaw=0.0, distance_cm=60.0, light=Light.FRONT)
    left, right = (render(head, replace(scene, x=x)) for x in (-13.0, 13.0))
    middle = scene.width // 2
    return np.concatenate([left[:, :middle], right[:, middle:]], axis=1)
