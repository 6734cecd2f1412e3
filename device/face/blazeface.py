"""BlazeFace: from the network's raw rows to boxes.

Constants as in MediaPipe 0.10.21's short-range and full-range face detectors.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.face.geometry import Points, Similarity, chip, letterbox, pixels

SCORE_LEAST = 0.5
OVERLAP_SAME = 0.3
LOGIT_CLIP = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A box that looks like a face, in pixels of the picture it was found in."""

    box: NDArray[np.float64]
    """left, top, right, bottom."""
    points: Points
    """Eye on the picture's left, other eye, nose tip, mouth, two ear points."""
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Detector:
    """Input size and anchor centres (unit square) of one BlazeFace network."""

    size: int
    anchors: Points = field(repr=False)


def grid(*layers: tuple[int, int]) -> Points:
    """Anchor centres of (cells per side, anchors per cell), row by row."""
    rows = [
        ((col + 0.5) / cells, (row + 0.5) / cells)
        for cells, each in layers
        for row in range(cells)
        for col in range(cells)
        for _ in range(each)
    ]
    return np.array(rows, dtype=np.float64)


SHORT_RANGE = Detector(128, grid((16, 2), (8, 6)))
FULL_RANGE = Detector(192, grid((48, 1)))


def network_input(
    image: Image.Image, detector: Detector
) -> tuple[NDArray[np.float32], Similarity]:
    """The letterboxed picture in -1..1, and the placement image -> square."""
    place = letterbox(image.width, image.height, detector.size)
    square = chip(image, place, detector.size)
    return pixels(square) / np.float32(127.5) - np.float32(1.0), place


def score(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Logistic of clipped logits, in float64: float32 would overflow."""
    clipped = np.clip(logits.astype(np.float64), -LOGIT_CLIP, LOGIT_CLIP)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)))


def decode(
    regressors: NDArray[np.float32],
    logits: NDArray[np.float32],
    detector: Detector,
    place: Similarity,
) -> list[Detection]:
    """Boxes above the score threshold, best first, suppressed, in image pixels."""
    scores = score(logits.reshape(-1))
    keep = np.flatnonzero(scores >= SCORE_LEAST)
    if not keep.size:
        return []
    rows = regressors.reshape(-1, 16)[keep].astype(np.float64)
    centres = detector.anchors[keep] * detector.size
    xy, half = rows[:, 0:2] + centres, rows[:, 2:4] / 2
    boxes = np.hstack([xy - half, xy + half])
    points = rows[:, 4:16].reshape(-1, 6, 2) + centres[:, None, :]
    back = place.inverse()
    return [
        Detection(
            back.apply(found.box.reshape(2, 2)).reshape(4),
            back.apply(found.points),
            found.score,
        )
        for found in suppress(boxes, points, scores[keep])
    ]


def suppress(
    boxes: NDArray[np.float64], points: NDArray[np.float64], scores: NDArray[np.float64]
) -> list[Detection]:
    """Weighted suppression: what overlaps the best is averaged into it by score."""
    left = np.argsort(-scores, kind="stable")
    found: list[Detection] = []
    while left.size:
        best = left[0]
        same = overlap(boxes[best], boxes[left]) > OVERLAP_SAME
        same[0] = True  # a box without area overlaps nothing, not even itself
        group = left[same]
        weights = scores[group] / scores[group].sum()
        found.append(
            Detection(
                np.asarray(weights @ boxes[group]),
                np.tensordot(weights, points[group], axes=1),
                float(scores[best]),
            )
        )
        left = left[~same]
    return found


def overlap(
    box: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Intersection over union of one box with each of n boxes."""
    low = np.maximum(box[:2], others[:, :2])
    high = np.minimum(box[2:], others[:, 2:])
    inner = np.prod(np.clip(high - low, 0.0, None), axis=1)
    areas = _area(others) + _area(box[None]) - inner
    return np.asarray(np.where(areas > 0, inner / np.maximum(areas, 1e-12), 0.0))


def _area(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 0.0, None), axis=1))
