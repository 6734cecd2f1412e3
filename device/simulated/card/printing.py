"""Text as the small 1-bit pictures that a card holds of what is printed on it."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_HEIGHT = 24


def text_image(text: str, font: Path | None) -> bytes:
    """PNG, 1 bit, 24 pixels high.

    Without a `font` that has them, Japanese letters come out as boxes: the picture is
    signed and checked like the real one, but nobody reads it in this product.
    """
    face = ImageFont.truetype(font, 18) if font else ImageFont.load_default(18)
    picture = Image.new("1", (max(24, int(face.getlength(text)) + 4), _HEIGHT), 1)
    ImageDraw.Draw(picture).text((2, 2), text, fill=0, font=face)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
