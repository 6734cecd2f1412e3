"""What the worker thread makes of one picture: numbers; the picture is overwritten."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from device.face import matching, quality
from device.face.liveness import Pose
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.model import Hint
from device.face.pack import Pack
from device.face.photo import decoded
from device.face.quality import Limits
from device.face.series import Good
from device.ports import CardPhoto, Frame
from device.turning import Watch


class FaceEngine(Protocol):
    """The models of one pack (device.adapters.face_tflite.FaceModels)."""

    pack: Pack
    name: str

    def faces(self, image: Frame) -> list[Face]: ...

    def embed_face(self, image: Frame, face: Face) -> Embedding: ...

    def embed_mirrored(self, image: Frame, face: Face) -> Embedding: ...

    def alive(self, image: Frame, face: Face) -> bool:
        """False: the pack's presentation attack detection objects."""
        ...

    def forget(self) -> None:
        """No face is left in the networks' own memory."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What one frame is worth."""

    hint: Hint | None
    box: NDArray[np.float64] | None
    good: Good | None


@dataclass(slots=True)
class Eyes:
    """Of one look. Not for two threads at once."""

    models: FaceEngine
    limits: Limits
    mirror: bool = False
    """Each face is embedded as it is and mirrored, and both are averaged."""
    _made: list[Embedding] = field(default_factory=list)

    def portrait(self, photo: CardPhoto) -> Embedding | None:
        """The card's face; None: there is none, or it is no picture."""
        image = decoded(photo)
        if image is None:
            return None
        try:
            faces = self.models.faces(image)
            return self._embedded(image, faces[0]) if faces else None
        finally:
            image.fill(0)

    def judged(self, frame: Frame, *, wanted: bool) -> Judged:
        """`wanted`: an embedding, too, if the frame is good."""
        try:
            faces = self.models.faces(frame)
            picture = Image.fromarray(frame)
            hint, score = quality.judged(faces, picture, self.limits)
            if hint in (Hint.NO_FACE, Hint.ONE_PERSON):
                return Judged(hint, None, None)
            good = wanted and hint is None and self.models.alive(frame, faces[0])
            taken = Good(self._embedded(frame, faces[0]), score) if good else None
            return Judged(hint, faces[0].box, taken)
        finally:
            frame.fill(0)

    def pose(self, frame: Frame, watch: Watch) -> Pose | None:
        try:
            return watch.pose(frame, self.models.faces(frame), self._embedded)
        finally:
            frame.fill(0)

    def kept(self, embedding: Embedding) -> Embedding:
        """One that was made elsewhere, to be overwritten with the others."""
        self._made.append(embedding)
        return embedding

    def forget(self) -> None:
        for embedding in self._made:
            embedding.wipe()
        self.models.forget()

    def _embedded(self, image: Frame, face: Face) -> Embedding:
        one = self.kept(self.models.embed_face(image, face))
        if not self.mirror:
            return one
        other = self.kept(self.models.embed_mirrored(image, face))
        return self.kept(matching.mean((one, other)))
