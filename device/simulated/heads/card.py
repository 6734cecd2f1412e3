"""The photograph on a card: grey, small, JPEG 2000.

Size and encoding are our guess at the real card's photo (about 5 kB); nothing here
was measured on a real card.
"""

import io

from PIL import Image

from device.simulated.heads.head import Head
from device.simulated.heads.renderer import render
from device.simulated.heads.scene import Scene

WIDTH, HEIGHT = 240, 320
_BYTES = 5000
_STUDIO = Scene(
    distance_cm=52,
    y=-0.2,
    noise=0.002,
    width=2 * WIDTH,
    height=2 * HEIGHT,
    focal_px=1040,
    wall=(222, 224, 228),
    gaze=(0, 0, 1),
)


def card_picture(head: Head) -> Image.Image:
    """240x320 grey, rendered at twice the size and reduced."""
    large = Image.fromarray(render(head, _STUDIO)).convert("L")
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def card_photo(head: Head) -> bytes:
    """A JPEG 2000 file (JP2) of about 5 kB."""
    return encoded(card_picture(head))


def encoded(picture: Image.Image) -> bytes:
    """A grey 240x320 picture as the JP2 of a card."""
    stream = io.BytesIO()
    picture.save(
        stream,
        format="JPEG2000",
        quality_mode="rates",
        quality_layers=[WIDTH * HEIGHT / _BYTES],
    )
    return stream.getvalue()
