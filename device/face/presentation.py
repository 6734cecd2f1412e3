"""The port for presentation attack detection: a network that a pack may bring.

None ships. Where a pack brings one, every frame that counts is shown to it, and a frame
below the pack's bound does not count. The bound is the pack's to justify: with real
prints and screens (ISO/IEC 30107-3).
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.face.geometry import Similarity, chip, pixels
from device.face.mesh import Face
from device.face.pack import Input, PresentationAttack, fed


class AttackDetector(Protocol):
    """Says how likely a face in a picture is a living person before the camera."""

    def live(self, image: NDArray[np.uint8], face: Face) -> float:
        """0 to 1, for an RGB picture (height x width x 3)."""
        ...


def network_input(
    image: Image.Image, face: Face, given: Input, role: PresentationAttack
) -> NDArray[np.float32]:
    """The face's square, enlarged and shifted inside the picture, as it is fed:
    1 x size x size x 3."""
    left, top, right, bottom = face.box
    side = max(right - left, bottom - top) * role.crop_scale
    side = min(side, image.width, image.height)
    x = _inside((left + right) / 2, side, image.width)
    y = _inside((top + bottom) / 2, side, image.height)
    scale = given.size / side
    place = Similarity(scale, 0.0, -scale * x, -scale * y)
    return fed(pixels(chip(image, place, given.size)), given)


def live_score(output: NDArray[np.float32], role: PresentationAttack) -> float:
    """The share of the live class. What is not a number is not alive."""
    values = output.reshape(-1).astype(np.float64)
    if not np.isfinite(values).all():
        return 0.0
    if role.output == "logits":
        values = np.exp(values - values.max())
        values /= values.sum()
    return float(np.clip(values[role.live_class], 0.0, 1.0))


def _inside(centre: float, side: float, length: int) -> float:
    """Where the square begins, so that it does not leave the picture."""
    return float(np.clip(centre - side / 2, 0.0, length - side))
