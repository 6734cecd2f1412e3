"""Things in front of a face, drawn on the finished picture at twice its size."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

from device.simulated.heads import template
from device.simulated.heads.curves import Numbers

_TIMES = 2
_EYE_DISTANCE_CM = 8.9
Ink = tuple[int, int, int, int]


class Overlay:
    """A transparent sheet in picture coordinates; `landmarks` are screen places."""

    def __init__(self, size: tuple[int, int], landmarks: Numbers) -> None:
        self._size = size
        width, height = size
        self._sheet = Image.new("RGBA", (width * _TIMES, height * _TIMES))
        self._pen = ImageDraw.Draw(self._sheet)
        self.landmarks = landmarks
        left, right = (landmarks[template.EYE[side][0]] for side in template.SIDES)
        self.across = (right - left) / _EYE_DISTANCE_CM
        """One head centimetre to the right, in pixels."""
        self.px = max(float(np.linalg.norm(self.across)), 1e-3)

    def polygon(self, points: Numbers, ink: Ink) -> None:
        self._pen.polygon(self._scaled(points), fill=ink)

    def line(self, points: Iterable[Numbers], ink: Ink, width_px: float) -> None:
        width = max(1, int(width_px * _TIMES))
        self._pen.line(self._scaled(np.array(list(points))), fill=ink, width=width)

    def bar(self, corner: Numbers, opposite: Numbers, radius: float, ink: Ink) -> None:
        box = self._scaled(np.stack([corner, opposite]))
        self._pen.rounded_rectangle(box, radius=radius * _TIMES, fill=ink)

    def finished(self) -> Image.Image:
        return self._sheet.resize(self._size, Image.Resampling.LANCZOS)

    @staticmethod
    def _scaled(points: Numbers) -> list[tuple[float, float]]:
        return [(float(x) * _TIMES, float(y) * _TIMES) for x, y in points]


def laid_over(picture: Image.Image, sheet: Image.Image) -> Image.Image:
    whole = picture.convert("RGBA")
    whole.alpha_composite(sheet)
    return whole.convert("RGB")
