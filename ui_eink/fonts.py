"""Finds the typefaces, both SIL OFL 1.1. No font file is part of the product.

BIZ UDPGothic is made to be read by everybody; it has Japanese and English. It has no
Chinese, Korean or Vietnamese letters: those are set in Noto Sans CJK, in the form that
each country writes (Han characters differ), and so is Portuguese, whose words are long:
Noto's letters are narrower.
"""

from enum import Enum
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

PACKAGE = "fonts-morisawa-bizud-gothic"
PACKAGE_CJK = "fonts-noto-cjk"
FOLDERS = (
    Path("/usr/share/fonts/truetype/bizud-gothic"),
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/truetype"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)


class Weight(Enum):
    REGULAR = "Regular"
    BOLD = "Bold"


class Script(Enum):
    """Whose letters: the typeface's file, its face in that file, its package."""

    JAPANESE = ("BIZUDPGothic-{}.ttf", 0, PACKAGE)
    LATIN = ("NotoSansCJK-{}.ttc", 0, PACKAGE_CJK)
    KOREAN = ("NotoSansCJK-{}.ttc", 1, PACKAGE_CJK)
    CHINESE = ("NotoSansCJK-{}.ttc", 2, PACKAGE_CJK)

    @property
    def index(self) -> int:
        return self.value[1]

    def file(self, weight: Weight) -> str:
        return self.value[0].format(weight.value)


class FontMissingError(FileNotFoundError):
    """The typeface is not installed; the message names the package."""


def find(
    weight: Weight,
    folders: tuple[Path, ...] = FOLDERS,
    script: Script = Script.JAPANESE,
) -> Path:
    """Where the file lies. Raises FontMissingError."""
    name = script.file(weight)
    for folder in folders:
        direct = folder / name
        if direct.is_file():
            return direct
    for folder in folders:
        for found in sorted(folder.rglob(name)):
            return found
    package = script.value[2]
    raise FontMissingError(f"{name} not found: install the Debian package {package}")


@lru_cache(maxsize=512)
def font(
    weight: Weight, size: int, script: Script = Script.JAPANESE
) -> ImageFont.FreeTypeFont:
    """The typeface at `size` px. Basic layout: the same lines on every machine."""
    return ImageFont.truetype(
        str(find(weight, script=script)),
        size,
        index=script.index,
        layout_engine=ImageFont.Layout.BASIC,
    )


@lru_cache(maxsize=50_000)
def advance(char: str, weight: Weight, size: int, script: Script) -> float:
    """How far a letter moves the pen. Basic layout does not kern: lengths add up."""
    return font(weight, size, script).getlength(char)
