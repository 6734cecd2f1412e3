"""A picture file becomes an upright RGB picture, or is refused."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from device.evaluation.pairs import PairsError
from device.ports import Frame

FORMATS = ("JPEG", "PNG", "WEBP", "JPEG2000", "PPM", "BMP")
MOST_PIXELS = 40_000_000


def read_picture(path: Path, name: str) -> Image.Image:
    """Raises PairsError that calls the file by `name`."""
    try:
        with Image.open(path, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PairsError(f"{name}: more than 40 megapixels, reduce it")
            return ImageOps.exif_transpose(opened).convert("RGB")
    except FileNotFoundError as error:
        raise PairsError(f"{name}: there is no such file") from error
    except (
        OSError,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        formats = ", ".join(FORMATS)
        raise PairsError(f"{name}: not a readable picture ({formats})") from error


def frame(image: Image.Image) -> Frame:
    """height x width x 3, RGB."""
    return np.asarray(image, dtype=np.uint8)
