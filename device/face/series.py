"""The good frames of one look, as long as they show one and the same face."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.face import matching
from device.face.blazeface import overlap
from device.face.matching import Embedding

STAYED = 0.2
"""Overlap with the frame before; less means that somebody else may have stepped in."""
SAME_AFTER_A_BREAK = 0.7
"""Of the pack's same-face distance: how near a frame must be once the face was lost."""


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    embedding: Embedding
    score: float
    """How good the frame is (device.face.quality.score); larger is better."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Empty at the start, and again when another face comes.

    A face that was lost for a moment, or joined by another one, keeps its frames: the
    next good frame must then be nearer to them than otherwise.
    """

    frames: tuple[Good, ...] = ()
    box: NDArray[np.float64] | None = None
    """Where the face was in the last frame, good or not."""
    broken: bool = False
    """The face was out of sight since the last good frame."""

    def followed(self, box: NDArray[np.float64] | None) -> "Series":
        """The next frame shows a face at `box`; None: none, or several people."""
        lost = box is None or (
            self.box is not None and overlap(box, self.box[None])[0] < STAYED
        )
        return replace(self, box=box, broken=self.broken or lost)

    def taken(self, good: Good, same_face: float, most: int) -> "Series":
        """Add a good frame; one too far from the first starts the series anew.

        Of more than `most` frames the best are kept, in the order they came.
        """
        bound = same_face * (SAME_AFTER_A_BREAK if self.broken else 1.0)
        away = [matching.distance(one.embedding, good.embedding) for one in self.frames]
        # After a break every frame is asked, else the first: a turn drifts slowly.
        asked = away if self.broken else away[:1]
        if not all(distance < bound for distance in asked):
            return replace(self, frames=(good,), broken=False)
        frames = (*self.frames, good)
        if len(frames) > most:
            worst = min(range(len(frames)), key=lambda at: frames[at].score)
            frames = (*frames[:worst], *frames[worst + 1 :])
        return replace(self, frames=frames, broken=False)

    @property
    def embeddings(self) -> tuple[Embedding, ...]:
        return tuple(one.embedding for one in self.frames)
