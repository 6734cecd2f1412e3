"""How far apart two faces are, in the space of one model pack."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class Metric(StrEnum):
    COSINE = "cosine"
    """1 - cosine of the angle: 0 is the same direction, 2 the opposite one."""
    EUCLIDEAN = "euclidean"
    """Between the raw outputs, as dlib defines it."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """A face as numbers. Biometric data: its repr does not show them."""

    vector: Vector = field(repr=False)
    space: str
    """Pack and version; embeddings of two spaces are never compared."""
    metric: Metric

    def wipe(self) -> None:
        """Overwrite the numbers; what is compared after this is nobody."""
        self.vector.fill(0)


def normalised(vector: Vector) -> Vector:
    """Raises ValueError for a vector without length."""
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length < 1e-12:
        raise ValueError("an embedding without direction")
    return np.asarray(vector / np.float32(length), dtype=np.float32)


def mean(embeddings: Sequence[Embedding]) -> Embedding:
    """One embedding for several frames of one face.

    Cosine: each is normalised, then averaged, then normalised, so that no frame
    outweighs another. Euclidean: the plain mean, for lengths carry meaning there.
    """
    first = embeddings[0]
    _same_space(embeddings)
    if first.metric is Metric.EUCLIDEAN:
        rows = [each.vector for each in embeddings]
        middle = np.mean(rows, axis=0, dtype=np.float64).astype(np.float32)
    else:
        rows = [normalised(each.vector) for each in embeddings]
        middle = normalised(np.mean(rows, axis=0, dtype=np.float64).astype(np.float32))
    return Embedding(middle, first.space, first.metric)


def distance(a: Embedding, b: Embedding) -> float:
    """Smaller is more alike. Raises ValueError across spaces."""
    _same_space((a, b))
    if a.metric is Metric.EUCLIDEAN:
        return float(np.linalg.norm(a.vector - b.vector))
    return 1.0 - float(normalised(a.vector) @ normalised(b.vector))


def _same_space(embeddings: Sequence[Embedding]) -> None:
    if len({each.space for each in embeddings}) != 1:
        raise ValueError("embeddings of different model packs are never compared")
