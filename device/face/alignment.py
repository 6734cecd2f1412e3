"""From a mesh to the chip that an embedding network was trained on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.face.geometry import Points, Similarity, chip, fit, pixels
from device.face.mesh import Face


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """Where the mean of each group of mesh points belongs in a size x size chip."""

    size: int
    groups: tuple[tuple[int, ...], ...]
    targets: Points


def landmarks(face: Face, groups: tuple[tuple[int, ...], ...]) -> Points:
    return np.array([face.points[list(each), :2].mean(axis=0) for each in groups])


def placement(face: Face, template: Template) -> Similarity:
    return fit(landmarks(face, template.groups), template.targets)


def aligned(image: Image.Image, face: Face, template: Template) -> NDArray[np.float32]:
    """1 x size x size x 3, RGB 0..255."""
    return pixels(chip(image, placement(face, template), template.size))
