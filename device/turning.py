"""The turn of the head within a look: asked for on the screen, seen by the camera."""

from collections.abc import Callable
from dataclasses import dataclass, field

from device.face import liveness, matching, quality
from device.face.blazeface import overlap
from device.face.blink import opening
from device.face.liveness import TURN_BYTES, Ask, Challenge, Demands, Pose
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.model import Hint
from device.face.quality import Limits
from device.face.series import STAYED
from device.ports import Frame

_HINTS = {
    Ask.IMAGE_LEFT: Hint.TURN_RIGHT,
    Ask.IMAGE_RIGHT: Hint.TURN_LEFT,
    Ask.BLINK: Hint.BLINK,
}
"""The camera does not mirror: what is left in the picture is the patient's right."""


_FRONT_DEG = 10.0
_SAME_TO_THE_FRONT, _SAME_TURNED = 0.7, 1.15
"""Shares of the pack's same-face distance: a face that turns looks less like itself. On
rendered heads to the front 0.06, and 0.49 at 30 degrees in light from the side, at most
(dlib-resnet, whose distance is 0.45)."""


@dataclass(frozen=True, slots=True)
class Turning:
    """How this reader asks. `random(n)`: n bytes that nobody can foresee."""

    random: Callable[[int], bytes]
    demands: Demands = field(default_factory=Demands)
    blink: bool = False
    limits: Limits = field(default_factory=Limits)

    def begun(self, now: float) -> Challenge:
        steps = liveness.drawn(self.random(TURN_BYTES), self.demands, blink=self.blink)
        return liveness.begun(steps, now, self.demands)


def said(challenge: Challenge) -> Hint | None:
    """What the screen says now; None: look at the camera."""
    if challenge.asked is not None:
        return _HINTS[challenge.asked]
    return None if challenge.first else Hint.BACK_TO_FRONT


def pose_of(face: Face) -> Pose:
    return Pose(
        quality.yaw2d(face), quality.yawz_deg(face), face.breadth, opening(face)
    )


@dataclass(slots=True)
class Watch:
    """Follows one face through a challenge: the one that has just been matched."""

    reference: Embedding
    same_face: float
    second_face: float
    """Size, against the face, from which another one in the picture counts."""
    face: Face | None = None

    def pose(
        self,
        frame: Frame,
        faces: list[Face],
        embed: Callable[[Frame, Face], Embedding],
    ) -> Pose | None:
        """None: nobody is there, somebody steps in, or it is another face.

        The embedding of every frame is compared, turned or not.
        """
        if not faces or self._joined(faces) or self._jumped(faces[0]):
            self.face = None
            return None
        self.face = faces[0]
        pose = pose_of(self.face)
        away = matching.distance(self.reference, embed(frame, self.face))
        front = abs(pose.yawz_deg) <= _FRONT_DEG
        most = self.same_face * (_SAME_TO_THE_FRONT if front else _SAME_TURNED)
        return pose if away < most else None

    def _joined(self, faces: list[Face]) -> bool:
        second = faces[1:2]
        most = self.second_face * quality.size(faces[0])
        return any(quality.size(face) >= most for face in second)

    def _jumped(self, face: Face) -> bool:
        if self.face is None:
            return False
        return bool(overlap(face.box, self.face.box[None])[0] < STAYED)
