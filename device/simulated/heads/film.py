"""From light to a picture: the room behind, the response curve, the sensor's noise."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from device.simulated.heads.curves import Indices, Numbers, Picture, linear
from device.simulated.heads.light import LAMPS
from device.simulated.heads.scene import Scene

_GAIN = 0.78
_LEVELS = 4095
_RESPONSE = (255 * np.linspace(0, 1, _LEVELS + 1) ** (1 / 2.2)).astype(np.uint8)
_TILE_MARGIN = 64
_LENS_BLUR = 0.65
"""Sigma in pixels: no lens is sharper, and edges of triangles are not seen."""
_BORDER = 7


def developed(light: Numbers, exposure: float) -> Picture:
    """Linear light to screen values, by a camera's fixed response."""
    scaled = (light * np.float32(exposure * _GAIN)).clip(0, 1) * np.float32(_LEVELS)
    shown: Picture = _RESPONSE[scaled.astype(np.int32)]
    return shown


def backdrop(scene: Scene) -> Picture:
    """A fresh picture of what stands behind the patient."""
    lamp = LAMPS[scene.light]
    bright = (0.35 * lamp.key + lamp.ambient) / 0.8
    return _backdrop(scene.size, scene.room, scene.wall, bright * scene.exposure).copy()


@lru_cache(maxsize=16)
def _backdrop(
    size: tuple[int, int],
    room: int,
    wall: tuple[int, int, int] | None,
    exposure: float,
) -> Picture:
    if wall is None:
        return developed(_room(size, room), exposure)
    width, height = size
    plain = np.ones((height, width, 3), np.float32) * linear(wall)
    return developed(plain, exposure)


def _room(size: tuple[int, int], room: int) -> Numbers:
    """Furniture nobody can recognise: soft boxes of dull colours."""
    random = np.random.default_rng(room)
    width, height = size
    picture = Image.new("RGB", size, (168, 170, 166))
    pen = ImageDraw.Draw(picture)
    for _ in range(7):
        x, y = random.uniform(size=2) * (width, height)
        w, h = random.uniform(0.1, 0.35) * width, random.uniform(0.16, 0.62) * height
        tone = random.integers(70, 215) + random.integers(-18, 18, 3)
        pen.rectangle((x, y, x + w, y + h), fill=(int(tone[0]), *map(int, tone[1:])))
    soft = picture.filter(ImageFilter.GaussianBlur(width * 14 / 640))
    return linear(np.asarray(soft))


def softened(picture: Image.Image, pixels: Indices, blur: float) -> Image.Image:
    """The lens: the whole picture when it is out of focus, else only where it must."""
    if blur > 0:
        return picture.filter(ImageFilter.GaussianBlur(_LENS_BLUR + blur))
    if not len(pixels):
        return picture
    y, x = pixels // picture.width, pixels % picture.width
    box = (
        max(int(x.min()) - _BORDER, 0),
        max(int(y.min()) - _BORDER, 0),
        min(int(x.max()) + _BORDER, picture.width),
        min(int(y.max()) + _BORDER, picture.height),
    )
    soft = picture.crop(box).filter(ImageFilter.GaussianBlur(_LENS_BLUR))
    picture.paste(soft, box[:2])
    return picture


def noisy(picture: Image.Image, scene: Scene) -> Picture:
    sharp = np.asarray(picture.convert("RGB"))
    if scene.noise <= 0:
        return sharp.copy()
    tile = _noise_tile(scene.size)
    down, right = np.random.default_rng(scene.seed).integers(_TILE_MARGIN, size=2)
    grain = tile[down : down + scene.height, right : right + scene.width]
    seen = sharp + grain * np.float32(scene.noise * 255)
    exposed: Picture = seen.clip(0, 255).astype(np.uint8)
    return exposed


@lru_cache(maxsize=4)
def _noise_tile(size: tuple[int, int]) -> Numbers:
    """Made once: fresh noise for each frame would cost more than the head itself."""
    random = np.random.default_rng(9)
    shape = (size[1] + _TILE_MARGIN, size[0] + _TILE_MARGIN)
    grey = random.standard_normal((*shape, 1), dtype=np.float32)
    colour = random.standard_normal((*shape, 3), dtype=np.float32)
    tile: Numbers = grey + np.float32(0.5) * colour
    return tile
