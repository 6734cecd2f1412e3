"""Finds BIZ UDPGothic, a typeface made to be read by everybody (SIL OFL 1.1).

No font file is part of the product; Debian ships it.
"""

from enum import Enum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

PACKAGE = "fonts-morisawa-bizud-gothic"
FOLDERS = (
    Path("/usr/share/fonts/truetype/bizud-gothic"),
    Path("/usr/share/fonts/truetype"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)


class Weight(Enum):
    REGULAR = "BIZUDPGothic-Regular.ttf"
    BOLD = "BIZUDPGothic-Bold.ttf"


class FontMissingError(FileNotFoundError):
    """The typeface is not installed; the message names the package."""


def find(weight: Weight, folders: tuple[Path, ...] = FOLDERS) -> Path:
    """Where the file lies. Raises FontMissingError."""
    for folder in folders:
        direct = folder / weight.value
        if direct.is_file():
            return direct
    for folder in folders:
        for found in sorted(folder.rglob(weight.value)):
            return found
    raise FontMissingError(
        f"{weight.value} not found: install the Debian package {PACKAGE}"
    )


@lru_cache(maxsize=128)
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """The typeface at `size` px. Basic layout: the same lines on every machine."""
    return ImageFont.truetype(
        str(find(weight)), size, layout_engine=ImageFont.Layout.BASIC
    )
