"""Finds BIZ UD Gothic and tells ReportLab; subsets of it are embedded.

No font file is part of the product; Debian ships it (SIL OFL 1.1). Without it there is
no PDF: a substitute without Japanese would print boxes where drugs should stand.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from cloud.errors import CloudError

PACKAGE = "fonts-morisawa-bizud-gothic"
FOLDERS = (
    Path("/usr/share/fonts/truetype/bizud-gothic"),
    Path("/usr/share/fonts/truetype"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)


class FontMissingError(CloudError):
    """The typeface is not installed; the message names the package."""


class Face(StrEnum):
    TEXT = "BIZUDPGothic-Regular"
    BOLD = "BIZUDPGothic-Bold"
    FIGURES = "BIZUDGothic-Regular"
    """All digits of one width: dates and doses stand in columns."""
    BOLD_FIGURES = "BIZUDGothic-Bold"


def find(face: Face, folders: tuple[Path, ...] = FOLDERS) -> Path:
    """Where the file lies. Raises FontMissingError."""
    name = f"{face.value}.ttf"
    for folder in folders:
        for found in sorted(folder.rglob(name)):
            return found
    raise FontMissingError(f"{name} not found: install the Debian package {PACKAGE}")


@cache
def register() -> None:
    """Once per process. Raises FontMissingError."""
    for face in Face:
        file = find(face)
        try:
            pdfmetrics.registerFont(TTFont(face.value, str(file)))
        except TTFError as error:
            raise FontMissingError(f"{file} is not readable as a font") from error


def width(text: str, face: Face, size: float) -> float:
    """Points."""
    return float(pdfmetrics.stringWidth(text, face.value, size))
