"""Every face in a picture, largest first: detector, mesh, presence gate, refinement."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.face import blazeface, mesh
from device.face.blazeface import Detection, Detector, overlap
from device.face.geometry import Similarity, chip, pixels
from device.face.mesh import Face

Tensor = NDArray[np.float32]
Network = Callable[[Tensor], tuple[Tensor, ...]]
"""One network: input tensor in, output tensors out, in the file's order."""

CANDIDATES_MOST = 4
"""Boxes that are looked at closely; a waiting room behind must not cost seconds."""
SAME_FACE = 0.5
"""Overlap of two meshes that are one face."""


@dataclass(frozen=True, slots=True)
class Networks:
    short_range: Network
    full_range: Network
    mesh: Network


def find_faces(image: Image.Image, networks: Networks) -> list[Face]:
    """Faces with mesh presence >= 0.5, largest first.

    BlazeFace alone once gave a false box larger than the real face, at score 0.73;
    the mesh said 0.15 there. So presence decides first, and size only after it.
    The full-range detector is asked when the short-range one has found nobody.
    """
    for detector, network in (
        (blazeface.SHORT_RANGE, networks.short_range),
        (blazeface.FULL_RANGE, networks.full_range),
    ):
        faces = _accepted(image, _detect(image, detector, network), networks.mesh)
        if faces:
            return faces
    return []


def _detect(
    image: Image.Image, detector: Detector, network: Network
) -> list[Detection]:
    square, place = blazeface.network_input(image, detector)
    regressors, logits = network(square)
    return blazeface.decode(regressors, logits, detector, place)


def _accepted(
    image: Image.Image, found: list[Detection], network: Network
) -> list[Face]:
    largest = sorted(found, key=_detection_area, reverse=True)[:CANDIDATES_MOST]
    faces = [face for each in largest if (face := _face(image, each, network))]
    return _distinct(sorted(faces, key=_face_area, reverse=True))


def _distinct(faces: list[Face]) -> list[Face]:
    """Two boxes may lead the mesh to the same face; it counts once."""
    kept: list[Face] = []
    for face in faces:
        others = np.array([other.box for other in kept]).reshape(-1, 4)
        if not (overlap(face.box, others) > SAME_FACE).any():
            kept.append(face)
    return kept


def _face(image: Image.Image, found: Detection, network: Network) -> Face | None:
    first = _mesh(image, mesh.region_of_detection(found), found.score, network)
    if first.presence < mesh.PRESENCE_LEAST:
        return None
    second = _mesh(image, mesh.region_of_face(first), found.score, network)
    return second if second.presence >= mesh.PRESENCE_LEAST else None


def _mesh(
    image: Image.Image, place: Similarity, found_score: float, network: Network
) -> Face:
    landmarks, presence = network(
        pixels(chip(image, place, mesh.SIZE)) / np.float32(255.0)
    )
    return mesh.face_from_output(landmarks, presence, place, found_score)


def _detection_area(found: Detection) -> float:
    left, top, right, bottom = found.box
    return float((right - left) * (bottom - top))


def _face_area(face: Face) -> float:
    left, top, right, bottom = face.box
    return float((right - left) * (bottom - top))
