"""Similarity transforms between pictures, in continuous pixel coordinates.

A point (0, 0) is the outer corner of the first pixel; its centre is (0.5, 0.5).
That is Pillow's convention too, so a point and the picture around it move together.
"""

from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Points = NDArray[np.float64]
"""n x 2: x to the right, y down, in pixels of some picture."""

ENLARGED = 2.0
ENLARGED_MOST = 16
LANCZOS_REACH = 3
"""Pixels of the image on each side that a Lanczos kernel looks at."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """x' = a x - b y + tx, y' = b x + a y + ty: turn, scale and shift, no shear."""

    a: float
    b: float
    tx: float
    ty: float

    @property
    def scale(self) -> float:
        return hypot(self.a, self.b)

    def apply(self, points: Points) -> Points:
        turn = np.array([[self.a, self.b], [-self.b, self.a]])
        return np.asarray(points @ turn + np.array([self.tx, self.ty]))

    def inverse(self) -> "Similarity":
        square = self.a * self.a + self.b * self.b
        a, b = self.a / square, -self.b / square
        return Similarity(
            a, b, -(a * self.tx - b * self.ty), -(b * self.tx + a * self.ty)
        )


def fit(source: Points, target: Points) -> Similarity:
    """The similarity nearest to carrying `source` onto `target` (least squares).

    Raises ValueError when the source points coincide: no scale can be found.
    """
    from_centre, to_centre = source.mean(axis=0), target.mean(axis=0)
    p, q = source - from_centre, target - to_centre
    spread = float((p * p).sum())
    if spread < 1e-9:
        raise ValueError("the points coincide")
    a = float((p * q).sum()) / spread
    b = float((p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum()) / spread
    turned = Similarity(a, b, 0.0, 0.0).apply(from_centre[None])[0]
    shift = to_centre - turned
    return Similarity(a, b, float(shift[0]), float(shift[1]))


def chip(image: Image.Image, place: Similarity, size: int) -> Image.Image:
    """The size x size picture that `place` (image -> chip) cuts out; black outside.

    Shrinking by two or more is area-averaged first: bilinear sampling alone would
    skip pixels and make fine texture flicker. Enlarging by two or more is done by
    Lanczos first: between few pixels bilinear sampling draws facets, not a face.
    """
    if place.scale >= ENLARGED:
        image, place = _enlarged(image, place, size)
    factor = int(1.0 / place.scale) if place.scale > 0 else 1
    if factor >= 2:
        image = image.reduce(factor)
    else:
        factor = 1
    back = place.inverse()
    return image.transform(
        (size, size),
        Image.Transform.AFFINE,
        (
            back.a / factor,
            -back.b / factor,
            back.tx / factor,
            back.b / factor,
            back.a / factor,
            back.ty / factor,
        ),
        resample=Image.Resampling.BILINEAR,
    )


def _enlarged(
    image: Image.Image, place: Similarity, size: int
) -> tuple[Image.Image, Similarity]:
    """What the chip shows of the image, larger by a whole factor, and its place.

    Only that part: a small face in a large picture must not enlarge all of it.
    """
    corners = np.array([[0, 0], [size, 0], [0, size], [size, size]], dtype=np.float64)
    seen = place.inverse().apply(corners)
    left, top = np.clip(
        np.floor(seen.min(axis=0)) - LANCZOS_REACH,
        0,
        (image.width - 1, image.height - 1),
    ).astype(int)
    right, bottom = np.clip(
        np.ceil(seen.max(axis=0)) + LANCZOS_REACH, (left + 1, top + 1), image.size
    ).astype(int)
    factor = min(round(place.scale), ENLARGED_MOST)
    part = image.crop((left, top, right, bottom))
    larger = part.resize(
        (part.width * factor, part.height * factor), Image.Resampling.LANCZOS
    )
    shift = place.apply(np.array([[left, top]], dtype=np.float64))[0]
    return larger, Similarity(
        place.a / factor, place.b / factor, float(shift[0]), float(shift[1])
    )


def letterbox(width: int, height: int, size: int) -> Similarity:
    """The whole picture inside a square of `size`, aspect kept, centred."""
    scale = size / max(width, height)
    return Similarity(
        scale, 0.0, (size - scale * width) / 2, (size - scale * height) / 2
    )


def pixels(image: Image.Image) -> NDArray[np.float32]:
    """1 x height x width x 3, RGB 0..255."""
    return np.asarray(image.convert("RGB"), dtype=np.float32)[None]
