"""The head-turn challenge: a living head turns when asked, a still picture cannot.

Pure: randomness is an argument (`drawn`), and so is time. It deters still pictures, on
paper or on a telephone, and nothing more: a video of a person turning at the right
moment, a worn mask, a swapped face or a fed camera passes.

Each step: look at the camera, wait for a moment that nobody can foresee, do what is
asked within the window. A turn counts from the person's own frontal pose at the moment
of asking; one that was there before it was asked for is waited out, and the way
back from the other side does not count. A whole turn to the other side fails: else a
film of somebody looking around would do.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import cos, radians

from device.face.blink import Lids, blinked


class Ask(StrEnum):
    """What a step asks for, as the picture shows it."""

    IMAGE_LEFT = "image_left"
    """The nose moves to the picture's left: the patient's own right."""
    IMAGE_RIGHT = "image_right"
    BLINK = "blink"


@dataclass(frozen=True, slots=True)
class Pose:
    """One frame of the same face as before."""

    yaw2d: float
    yawz_deg: float
    """Both as device.face.quality measures them."""
    breadth: float = 1.0
    """As device.face.mesh measures it."""
    lids: float = 1.0
    """Opening of the eyes (device.face.blink)."""


@dataclass(frozen=True, slots=True)
class Demands:
    """A turn needs all three measures.

    How many patients manage is not measured. Rendered heads, and pictures of them, are:
    `shikaku-reader face liveness-report`.
    """

    yaw2d_least: float = 0.30
    """Eye distances that the nose tip moves."""
    yawz_least_deg: float = 21.0
    breadth_least: float = 0.86
    """Of the breadth that a head turned so far still has. A picture must be turned
    much farther than a head to look turned at all, and is narrower by then."""
    front_yaw2d_most: float = 0.13
    front_yawz_most_deg: float = 10.0
    window_s: float = 4.0
    """For a turn once it is asked for; e-paper takes a part of it."""
    front_s: float = 6.0
    """For looking at the camera, the wait included."""
    wait_least_s: float = 0.3
    wait_most_s: float = 1.3
    lost_s: float = 0.8
    """The face may be lost for so long, e.g. in a blurred frame."""


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    ask: Ask
    wait_s: float


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is still to be done."""

    steps: tuple[Step, ...]
    deadline: float
    seen: float
    """When the face was there last."""
    demands: Demands
    first: bool = True
    ask_at: float | None = None
    """When the turn will be asked for; None: nobody looks at the camera yet."""
    baseline: Pose | None = None
    """The pose at the moment of asking; None: not asked yet."""
    lids: Lids = Lids()  # noqa: RUF009 (frozen)

    @property
    def asked(self) -> Ask | None:
        """What to ask for now; None: look at the camera."""
        return self.steps[0].ask if self.baseline is not None else None


TURN_BYTES = 5
"""Random bytes that `drawn` takes."""


def drawn(random: bytes, demands: Demands, *, blink: bool = False) -> tuple[Step, ...]:
    """One turn or two, to random sides after random waits; or two blinks."""
    if len(random) != TURN_BYTES:
        raise ValueError(f"{TURN_BYTES} random bytes")
    kind, *more = random
    steps = []
    for at in range(2 if blink else 1 + kind % 2):
        side = Ask.IMAGE_LEFT if more[at] % 2 else Ask.IMAGE_RIGHT
        span = demands.wait_most_s - demands.wait_least_s
        wait = demands.wait_least_s + span * more[2 + at] / 255
        steps.append(Step(Ask.BLINK if blink else side, wait))
    return tuple(steps)


def begun(steps: tuple[Step, ...], now: float, demands: Demands) -> Challenge:
    """Raises ValueError without steps: an empty challenge would pass anybody."""
    if not steps:
        raise ValueError("a challenge has at least one step")
    return Challenge(steps, now + demands.front_s, now, demands)


def advanced(
    challenge: Challenge, pose: Pose | None, now: float
) -> Challenge | Verdict:
    """The next frame. `pose` None: nobody is there, or it is another face."""
    if not now < challenge.deadline:
        return Verdict.FAILED
    if pose is None:
        lost = now - challenge.seen > challenge.demands.lost_s
        return Verdict.FAILED if lost else challenge
    challenge = replace(challenge, seen=now)
    if challenge.baseline is None:
        return _waiting(challenge, pose, now)
    if challenge.steps[0].ask is Ask.BLINK:
        return _blinking(challenge, pose, now)
    return _turning(challenge, pose, challenge.baseline, now)


def _waiting(challenge: Challenge, pose: Pose, now: float) -> Challenge:
    if not _is_front(pose, challenge.demands):
        return replace(challenge, ask_at=None)
    if challenge.ask_at is None:
        challenge = replace(challenge, ask_at=now + challenge.steps[0].wait_s)
    lids = challenge.lids.seen(pose.lids)
    blind = challenge.steps[0].ask is Ask.BLINK and lids.baseline is None
    if blind or challenge.ask_at is None or now < challenge.ask_at:
        return replace(challenge, lids=lids)
    deadline = now + challenge.demands.window_s
    return replace(challenge, lids=lids, baseline=pose, deadline=deadline)


def _turning(
    challenge: Challenge, pose: Pose, baseline: Pose, now: float
) -> Challenge | Verdict:
    sign = 1.0 if challenge.steps[0].ask is Ask.IMAGE_RIGHT else -1.0
    if _is_turned(-sign, pose, baseline, challenge.demands):
        return Verdict.FAILED
    if not _is_turned(sign, pose, baseline, challenge.demands):
        return challenge
    return _done(challenge, now)


def _blinking(challenge: Challenge, pose: Pose, now: float) -> Challenge | Verdict:
    # A picture that is tilted away narrows everything: only a face to the front counts.
    if not _is_front(pose, challenge.demands):
        return challenge
    lids = challenge.lids.asked(pose.lids)
    if not blinked(lids):
        return replace(challenge, lids=lids)
    return _done(replace(challenge, lids=challenge.lids.again()), now)


def _done(challenge: Challenge, now: float) -> Challenge | Verdict:
    if len(challenge.steps) == 1:
        return Verdict.PASSED
    return replace(
        challenge,
        steps=challenge.steps[1:],
        first=False,
        ask_at=None,
        baseline=None,
        deadline=now + challenge.demands.front_s,
    )


def _is_front(pose: Pose, demands: Demands) -> bool:
    return (
        abs(pose.yaw2d) <= demands.front_yaw2d_most
        and abs(pose.yawz_deg) <= demands.front_yawz_most_deg
    )


def _is_turned(sign: float, pose: Pose, baseline: Pose, demands: Demands) -> bool:
    # The way back from the other side is no turn: a bent print would gain by it.
    turned = sign * pose.yaw2d - max(sign * baseline.yaw2d, 0.0)
    turned_deg = sign * pose.yawz_deg - max(sign * baseline.yawz_deg, 0.0)
    expected = baseline.breadth * cos(radians(min(max(turned_deg, 0.0), 80.0)))
    return (
        turned >= demands.yaw2d_least
        and turned_deg >= demands.yawz_least_deg
        and pose.breadth >= demands.breadth_least * expected
    )
