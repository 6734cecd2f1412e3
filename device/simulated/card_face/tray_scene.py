"""A card under the tray's camera: turned, tilted, blurred, badly lit, noisy."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from device.ports import Frame

SIZE = 1296, 972
"""Half of a common 5-megapixel camera module."""
_TRAY = 26, 26, 28
_CARD_WIDTH = 1040
"""Pixels, when the card lies flat: 12 per millimetre."""
_CORNER_MM = 3.18
_AROUND = 16
"""Pixels of tray around the card, for its edge to be blurred into."""
_NORMAL = tuple(NormalDist().inv_cdf((at + 0.5) / 256) for at in range(256))


@dataclass(frozen=True, slots=True)
class Scene:
    turn: float = 0.0
    """Degrees, counter-clockwise; 180 is upside down."""
    tilt: float = 0.0
    """How much smaller the far side looks, as a part of the near one."""
    blur: float = 0.6
    """Sigma in pixels; 12 pixels are a millimetre."""
    light: float = 1.0
    """1: the paper is near white; 0.3: dim."""
    shade: float = 0.0
    """Part of the light that is missing at the far end of the picture."""
    shade_angle: float = 0.0
    glare: float = 0.0
    """Height of a spot of reflected light, 1 is white."""
    glare_at: tuple[float, float] = (0.6, 0.5)
    """In parts of the picture."""
    noise: float = 0.01
    """Sigma of the sensor's noise; 1 is the full range."""
    x: float = 0.0
    """Pixels from the middle."""
    y: float = 0.0


Light = NDArray[np.float32]


def still(face: Image.Image | None, scene: Scene) -> Light:
    """What the lens draws, height x width x 3, 0 to 1; before the sensor's noise."""
    picture = Image.new("RGB", SIZE, _TRAY) if face is None else _laid(face, scene)
    lit: Light = np.asarray(picture, np.float32)
    lit *= (_lamp(scene) / np.float32(255))[..., None]
    if scene.glare:
        lit += _glare(scene)[..., None]
    return lit


def exposed(lit: Light, scene: Scene, seed: int) -> Frame:
    """One frame of it; another `seed` is another frame."""
    drawn = np.random.default_rng(seed).bytes(lit.size)
    levels = 255 * (lit + _noise(scene.noise)[_places(drawn, lit.shape)])
    return np.clip(levels, 0, 255, out=levels).astype(np.uint8)


def _places(drawn: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.frombuffer(drawn, np.uint8).reshape(shape)


def _noise(sigma: float) -> Light:
    """The middle of each 256th of a normal distribution: one for each random byte."""
    return np.array(_NORMAL, np.float32) * np.float32(sigma)


def _laid(face: Image.Image, scene: Scene) -> Image.Image:
    """The card on its tray, out of focus, as the camera sees it."""
    width, height = face.size
    inside = Image.new("L", face.size, 0)
    radius = round(_CORNER_MM / 85.6 * width)
    ImageDraw.Draw(inside).rounded_rectangle(
        (0, 0, width - 1, height - 1), radius, fill=255
    )
    around = width + 2 * _AROUND, height + 2 * _AROUND
    lying = Image.new("RGB", around, _TRAY)
    lying.paste(face, (_AROUND, _AROUND), inside)
    # One pixel of the face is nearly one of the camera; here there are half as many.
    blurred = lying.filter(ImageFilter.GaussianBlur(scene.blur * width / _CARD_WIDTH))
    return blurred.transform(
        SIZE,
        Image.Transform.PERSPECTIVE,
        _camera_to_card(around, width / _CARD_WIDTH, scene),
        Image.Resampling.BILINEAR,
        fillcolor=_TRAY,
    )


def _camera_to_card(
    face: tuple[int, int], scale: float, scene: Scene
) -> tuple[float, ...]:
    """Eight numbers for Pillow: each picture pixel to its place on `face`."""
    to_middle = np.array(
        [(1, 0, -SIZE[0] / 2 - scene.x), (0, 1, -SIZE[1] / 2 - scene.y), (0, 0, 1)]
    )
    tilt = np.array([(1, 0, 0), (0, 1, 0), (0, 2 * scene.tilt / SIZE[1], 1)])
    angle = np.radians(scene.turn)
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([(cos, -sin, face[0] / 2), (sin, cos, face[1] / 2), (0, 0, 1)])
    whole = turn @ tilt @ to_middle
    return tuple((whole / whole[2, 2]).ravel()[:8])


def _lamp(scene: Scene) -> Light:
    if not scene.shade:
        return np.full(SIZE[::-1], scene.light, np.float32)
    x = np.linspace(-0.5, 0.5, SIZE[0], dtype=np.float32)
    y = np.linspace(-0.5, 0.5, SIZE[1], dtype=np.float32)[:, None]
    angle = np.radians(scene.shade_angle)
    along = np.clip(0.5 + np.cos(angle) * x + np.sin(angle) * y, 0, 1)
    lamp: Light = (scene.light * (1 - scene.shade * along)).astype(np.float32)
    return lamp


def _glare(scene: Scene) -> Light:
    x = np.linspace(0, 1, SIZE[0], dtype=np.float32) - np.float32(scene.glare_at[0])
    y = np.linspace(0, 1, SIZE[1], dtype=np.float32)[:, None]
    y = y - np.float32(scene.glare_at[1])
    spot: Light = (scene.glare * np.exp(-(x**2 + y**2) / 0.02)).astype(np.float32)
    return spot
