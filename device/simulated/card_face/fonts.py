"""BIZ UDPGothic from Debian's package, as on the reader's screens."""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

PACKAGE = "fonts-morisawa-bizud-gothic"
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


class FontMissingError(FileNotFoundError):
    """The typeface is not installed; the message names the package."""


@lru_cache(maxsize=64)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface at `size` pixels. Raises FontMissingError."""
    return ImageFont.truetype(
        str(_find("Bold" if bold else "Regular")),
        size,
        layout_engine=ImageFont.Layout.BASIC,
    )


@lru_cache(maxsize=2)
def _find(weight: str) -> Path:
    name = f"BIZUDPGothic-{weight}.ttf"
    for folder in FOLDERS:
        for found in sorted(folder.rglob(name)):
            return found
    raise FontMissingError(f"{name} not found: install the Debian package {PACKAGE}")
