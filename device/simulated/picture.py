"""A picture file from outside becomes a camera frame, or is refused."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from device.ports import Frame

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "JPEG2000")
_MARGIN = (96, 98, 96)


class PictureError(ValueError):
    """Not a picture we accept; the message says what to do."""


def decoded(data: bytes, size: tuple[int, int]) -> Frame:
    """The whole picture, upright, fitted into (width, height) with plain margins.

    Raises PictureError. Nothing of the file but its pixels is kept.
    """
    fitted = ImageOps.pad(upright(data), size, Image.Resampling.BICUBIC, color=_MARGIN)
    return np.asarray(fitted, dtype=np.uint8).copy()


def upright(data: bytes, most_side: int | None = None) -> Image.Image:
    """RGB, as it was held, reduced to `most_side` pixels. Raises PictureError."""
    if len(data) > MOST_BYTES:
        raise PictureError("the picture is larger than 10 MiB: send a smaller one")
    try:
        picture = _opened(data)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        if isinstance(error, PictureError):
            raise
        formats = ", ".join(FORMATS)
        raise PictureError(f"not a readable picture: send one of {formats}") from error
    if most_side is not None:
        picture.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
    return picture


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as claimed:
        if claimed.width * claimed.height > MOST_PIXELS:
            raise PictureError("the picture has more than 40 megapixels: reduce it")
        claimed.verify()
    # verify() leaves a picture unusable, so it is opened once more.
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        return ImageOps.exif_transpose(picture).convert("RGB")
