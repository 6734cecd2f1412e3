"""A fourteenth head plays the visitor: pictures as a browser sends them."""

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from device.simulated.camera import swaying
from device.simulated.heads import Head, Scene, render

VISITOR: Mapping[str, Any] = {
    "seed": 777,
    "face_width": -0.6,
    "jaw_width": -0.9,
    "cheekbone": 0.9,
    "nose_length": 0.8,
    "eye_size": -0.5,
    "eye_spread": 0.6,
    "mouth_width": 0.7,
    "lower_lip": 0.8,
    "brow_thick": 1.2,
    "hair": [60, 42, 34],
    "clothes": [40, 90, 80],
    "age": 0.15,
    "parting": 0.5,
}
CANARY = b"CANARY of a visitor's camera 7b1d5e90"
"""Stands in every picture as its comment, as a camera writes its name there."""
NEAR = Scene(distance_cm=46)


@cache
def visitor() -> Head:
    return Head(VISITOR)


@cache
def webcam_frames(count: int = 6, yaw: float = 0.0) -> tuple[bytes, ...]:
    """JPEG, 640 x 480; no two alike."""
    turned = replace(NEAR, yaw=yaw)
    return tuple(
        seen(visitor(), swaying(turned, number + 1)) for number in range(count)
    )


def seen(head: Head, scene: Scene = NEAR) -> bytes:
    return jpeg(Image.fromarray(render(head, scene)))


def two_people() -> bytes:
    half = render(visitor(), replace(NEAR, width=320, focal_px=420))
    return jpeg(Image.fromarray(np.concatenate([half, half[:, ::-1]], axis=1)))


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, comment=CANARY)
    return file.getvalue()
