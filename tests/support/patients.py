"""The simulated patients' pictures: on the card, live, turned and masked."""

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from device.simulated.heads import Head, Occluder, Picture, Scene, card_photo, render

UPRIGHT = Scene(distance_cm=46)
LIVE = (
    replace(UPRIGHT, seed=1),
    replace(UPRIGHT, yaw=6, pitch=-3, distance_cm=50, x=1, seed=2),
    replace(UPRIGHT, yaw=-7, pitch=3, roll=2, seed=3),
    replace(UPRIGHT, yaw=3, pitch=4, distance_cm=42, smile=0.25, seed=4),
    replace(UPRIGHT, yaw=-3, roll=-2, distance_cm=54, seed=5),
)
TURNED = tuple(replace(UPRIGHT, yaw=yaw, seed=9) for yaw in (-15, 15))


@dataclass(frozen=True, slots=True)
class Photographed:
    card: Picture
    """As read back from the JPEG 2000 file, grey turned into RGB."""
    live: tuple[Picture, ...]
    turned: tuple[Picture, ...]
    masked: Picture


def photographed(head: Head) -> Photographed:
    with Image.open(io.BytesIO(card_photo(head))) as picture:
        card = np.asarray(picture.convert("RGB"))
    return Photographed(
        card=card,
        live=tuple(render(head, scene) for scene in LIVE),
        turned=tuple(render(head, scene) for scene in TURNED),
        masked=render(head, replace(UPRIGHT, occluder=Occluder.MASK)),
    )
