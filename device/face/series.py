"""The good frames of one look, as long as they show one and the same face."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.face import matching
from device.face.blazeface import overlap
from device.face.matching import Embedding

STAYED = 0.2
"""Overlap with the frame before; less means that somebody else stepped in."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Empty at the start, and again whenever the face is lost or another one comes."""

    frames: tuple[Embedding, ...] = ()
    box: NDArray[np.float64] | None = None
    """Where the face was in the last frame, good or not."""

    def followed(self, box: NDArray[np.float64] | None) -> "Series":
        """The next frame shows a face at `box`; None: none, or several people."""
        if box is None:
            return Series()
        if self.box is not None and overlap(box, self.box[None])[0] < STAYED:
            return Series((), box)
        return replace(self, box=box)

    def taken(self, embedding: Embedding, same_face: float) -> "Series":
        """Add a good frame; one too far from the first starts the series anew."""
        if self.frames and not (
            matching.distance(self.frames[0], embedding) < same_face
        ):
            return replace(self, frames=(embedding,))
        return replace(self, frames=(*self.frames, embedding))
