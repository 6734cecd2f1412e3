"""The card's photograph: a JPEG 2000 file of a few kilobytes, from a foreign hand."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE_MOST = 1024
"""A card photo is about 240 x 320; a huge one is an attack on our memory."""


def decoded(photo: bytes | bytearray) -> NDArray[np.uint8] | None:
    """height x width x 3 RGB, the caller's to overwrite.

    None for anything that is not a small JPEG 2000.
    """
    stream = io.BytesIO(photo)
    try:
        with Image.open(stream, formats=["JPEG2000"]) as image:
            if max(image.size) > SIDE_MOST:
                return None
            return np.array(image.convert("RGB"))
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        return None
    finally:
        stream.getbuffer()[:] = bytes(len(photo))
