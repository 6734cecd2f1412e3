"""The card's side of a comparison: a grey portrait of few bytes."""

import io
from dataclasses import dataclass
from typing import Literal

from PIL import Image, ImageOps

WIDTH, HEIGHT = 240, 320
LEAST, MOST = 500, 100_000
QUALITIES = range(1, 96)


@dataclass(frozen=True, slots=True)
class Card:
    """How the second picture becomes a card portrait.

    `real`: it is one already and stays as it is.
    """

    kind: Literal["jp2", "jpeg", "real"]
    size: int = 0
    """Bytes of the file; JPEG stays at or below, JPEG 2000 comes close."""

    def __str__(self) -> str:
        return self.kind if self.kind == "real" else f"{self.kind}:{self.size}"

    @property
    def words(self) -> str:
        if self.kind == "real":
            return "card portraits as they were given"
        name = "JPEG 2000" if self.kind == "jp2" else "JPEG"
        return f"grey portrait {WIDTH}x{HEIGHT}, {name} of about {self.size} bytes"


def card_of(text: str) -> Card | None:
    """From `jp2:5000`, `jpeg:6000`, `real` or `none`. Raises ValueError."""
    if text in ("none", ""):
        return None
    if text == "real":
        return Card("real")
    kind, _, size = text.partition(":")
    if kind in ("jp2", "jpeg") and size.isdecimal() and LEAST <= int(size) <= MOST:
        return Card("jp2" if kind == "jp2" else "jpeg", int(size))
    raise ValueError(
        f"{text!r}: a card is jp2:BYTES or jpeg:BYTES ({LEAST} to {MOST}), real or none"
    )


def portrait(image: Image.Image, card: Card) -> Image.Image:
    """What a reader decodes from such a card; margins are cut to keep the aspect."""
    if card.kind == "real":
        return image
    with Image.open(io.BytesIO(encoded(image, card))) as opened:
        return opened.convert("RGB")


def encoded(image: Image.Image, card: Card) -> bytes:
    """The file on the card: JPEG 2000 or JPEG."""
    grey = ImageOps.fit(image.convert("L"), (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    if card.kind == "jpeg":
        return _jpeg(grey, card.size)
    stream = io.BytesIO()
    layers = [WIDTH * HEIGHT / card.size]
    grey.save(stream, "JPEG2000", quality_mode="rates", quality_layers=layers)
    return stream.getvalue()


def _jpeg(grey: Image.Image, most: int) -> bytes:
    """The best quality that fits; the poorest where none does."""
    low, high = QUALITIES[0], QUALITIES[-1]
    best = _at_quality(grey, low)
    while low <= high:
        middle = (low + high) // 2
        tried = _at_quality(grey, middle)
        if len(tried) <= most:
            best, low = tried, middle + 1
        else:
            high = middle - 1
    return best


def _at_quality(grey: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    grey.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()
