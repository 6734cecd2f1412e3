"""The face mesh: 468 points of one face, and whether a face is there at all."""

from dataclasses import dataclass
from math import cos, hypot, sin

import numpy as np
from numpy.typing import NDArray

from device.face.blazeface import Detection, score
from device.face.geometry import Points, Similarity

SIZE = 192
MARGIN = 1.5
"""Side of the region in longest box sides (MediaPipe's face landmark graph)."""
PRESENCE_LEAST = 0.5

IMAGE_LEFT_EYE = (33, 133)
IMAGE_RIGHT_EYE = (263, 362)
NOSE_TIP = 4
MOUTH_CORNERS = (61, 291)
FOREHEAD, CHIN = 10, 152
IMAGE_LEFT_CHEEK, IMAGE_RIGHT_CHEEK = 234, 454


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one picture. Coordinates are pixels of that picture."""

    points: Points
    """468 x 3; z grows away from the camera, in the same unit as x."""
    score: float
    presence: float

    @property
    def box(self) -> NDArray[np.float64]:
        """left, top, right, bottom of the mesh."""
        flat = self.points[:, :2]
        return np.concatenate([flat.min(axis=0), flat.max(axis=0)])

    @property
    def eyes(self) -> Points:
        """Centres of the eye on the picture's left and of the other one."""
        return np.array(
            [
                self.points[list(IMAGE_LEFT_EYE), :2].mean(axis=0),
                self.points[list(IMAGE_RIGHT_EYE), :2].mean(axis=0),
            ]
        )

    @property
    def eye_distance(self) -> float:
        (x0, y0), (x1, y1) = self.eyes
        return hypot(x1 - x0, y1 - y0)

    @property
    def breadth(self) -> float:
        """Eye distance over the way from the eyes to the mouth: a turn narrows it."""
        left, right = self.eyes
        mouth = self.points[list(MOUTH_CORNERS), :2].mean(axis=0)
        tall = float(np.linalg.norm(mouth - (left + right) / 2))
        return self.eye_distance / max(tall, 1e-6)


def region(centre: NDArray[np.float64], side: float, eyes: Points) -> Similarity:
    """Image -> 192 square around `centre`, turned so that the eyes are level."""
    across = eyes[1] - eyes[0]
    angle = float(np.arctan2(across[1], across[0]))
    scale = SIZE / max(side, 1.0)
    a, b = scale * cos(angle), -scale * sin(angle)
    turned = Similarity(a, b, 0.0, 0.0).apply(centre[None])[0]
    return Similarity(a, b, SIZE / 2 - float(turned[0]), SIZE / 2 - float(turned[1]))


def region_of_detection(found: Detection) -> Similarity:
    corner, opposite = found.box[:2], found.box[2:]
    side = MARGIN * float((opposite - corner).max())
    return region((corner + opposite) / 2, side, found.points[:2])


def region_of_face(face: Face) -> Similarity:
    """The refined region: the mesh's own extent, measured along its eye line."""
    level = region(np.zeros(2), SIZE, face.eyes)
    flat = level.apply(face.points[:, :2])
    low, high = flat.min(axis=0), flat.max(axis=0)
    centre = level.inverse().apply(((low + high) / 2)[None])[0]
    return region(centre, MARGIN * float((high - low).max()), face.eyes)


def face_from_output(
    landmarks: NDArray[np.float32],
    presence_logit: NDArray[np.float32],
    place: Similarity,
    found_score: float,
) -> Face:
    """Map 468 x (x, y, z) of the 192 square back into the picture."""
    rows = landmarks.reshape(468, 3).astype(np.float64)
    flat = place.inverse().apply(rows[:, :2])
    depth = rows[:, 2:3] / place.scale
    presence = float(score(presence_logit.reshape(-1))[0])
    return Face(np.hstack([flat, depth]), found_score, presence)
