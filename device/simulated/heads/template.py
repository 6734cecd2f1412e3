"""The average face: 468 points of our own, and the names of the points we use.

The numbering of the points follows MediaPipe's face mesh (Apache-2.0); the places
are our own (README.md says how they were made).
"""

from importlib import resources

import numpy as np

from device.simulated.heads.curves import Indices, Numbers

POINTS = 468
LEFT, RIGHT = -1, 1
"""Sides as the picture shows them: x < 0 is image left, the subject's right."""
SIDES = (LEFT, RIGHT)

_UNITS_PER_CM = 1000

# Each eye's contour from the outer corner along the lower lid and back on the upper.
EYE = {
    LEFT: [33, 7, 163, 144, 145, 153, 154, 155],
    RIGHT: [263, 249, 390, 373, 374, 380, 381, 382],
}
EYE[LEFT] += [133, 173, 157, 158, 159, 160, 161, 246]
EYE[RIGHT] += [362, 398, 384, 385, 386, 387, 388, 466]
UPPER_LID = {side: EYE[side][:8:-1] for side in SIDES}
LOWER_LID = {side: EYE[side][1:8] for side in SIDES}
LID_FOLD = {
    LEFT: [247, 30, 29, 27, 28, 56, 190],
    RIGHT: [467, 260, 259, 257, 258, 286, 414],
}
BROW = {
    LEFT: ([70, 63, 105, 66, 107], [46, 53, 52, 65, 55]),
    RIGHT: ([300, 293, 334, 296, 336], [276, 283, 282, 295, 285]),
}
MOUTH_CORNERS = [78, 308]
OUTER_CORNERS = [61, 291]
INNER_UPPER_LIP = [191, 80, 81, 82, 13, 312, 311, 310, 415]
INNER_LOWER_LIP = [95, 88, 178, 87, 14, 317, 402, 318, 324]
OUTER_LIPS = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409]
OUTER_LIPS += [291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
JAW_ANGLES = [172, 397]
TRAGI = [234, 454]
NOSE_TIP, NOSE_ROOT, CHIN, FOREHEAD_TOP = 4, 6, 152, 10


def load() -> tuple[Numbers, Indices]:
    """(468, 3) places in cm, and (898, 3) triangles, counter-clockwise from outside."""
    source = resources.files("device.simulated.heads") / "own.npz"
    with source.open("rb") as stream, np.load(stream) as data:
        points = data["points"].astype(float) / _UNITS_PER_CM
        return points, data["triangles"].astype(np.int64)
