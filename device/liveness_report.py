"""Who passes the head-turn challenge: `shikaku-reader face liveness-report`.

Rendered heads that turn, and pictures of them that are held up and turned. The whole
challenge runs over what a camera would see. Simulation shows the direction of an effect
and keeps it: no error rate of real people or real attacks follows from it (ISO/IEC
30107-3 wants those), and none is claimed.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from device.adapters.face_tflite import FaceModels
from device.face import liveness
from device.face.liveness import Ask, Demands, Pose, Step, Verdict
from device.face.quality import Limits
from device.simulated.heads import Head, Light, Picture, Scene, render
from device.simulated.heads.crowd import somebody
from device.simulated.heads.held import SPECIES, Held, portrait, presented
from device.turning import Watch

SIDES = (-1, 1)
LIGHTS = (Light.FRONT, Light.LEFT, Light.TOP)
HEAD_PITCHES = (-8.0, 8.0)
TURN_DEG = 30.0
WITHIN_DEG = (30.0, 38.0, 44.0)
"""How far a picture is turned: to 45 degrees the face on it is still seen well."""
BEYOND_DEG = (50.0, 56.0, 62.0)
TILTS_DEG = (-30.0, -15.0, 0.0, 15.0, 30.0)
_PACE_S = 0.2
_FRONT_FRAMES = 4
_STEP = Step(Ask.IMAGE_RIGHT, 0.3)
_SCENE = Scene(width=640, height=480)


@dataclass(slots=True)
class Row:
    """One kind of presentation."""

    kind: str
    presentations: int = 0
    passed: int = 0
    passed_beyond: int = 0
    """More that pass when the picture is turned farther than 45 degrees."""
    not_seen: int = 0
    """No face was found to begin with."""


@dataclass(slots=True)
class Report:
    pack: str
    heads: int
    seed: int
    people: Row = field(default_factory=lambda: Row(f"heads, to {TURN_DEG:g} degrees"))
    attacks: list[Row] = field(default_factory=list)


Say = Callable[[str], None]


def measured(
    heads: int,
    seed: int,
    models: FaceModels,
    say: Say,
    *,
    tilts: tuple[float, ...] = TILTS_DEG,
    lights: tuple[Light, ...] = LIGHTS,
) -> Report:
    """Heads number `seed` and following. 8 heads make 720 presentations of pictures."""
    report = Report(models.pack.space, heads, seed)
    report.attacks = [Row(held.name) for held in SPECIES]
    for number in range(seed, seed + heads):
        head = Head(somebody(number))
        for light, pitch, side in product(lights, HEAD_PITCHES, SIDES):
            _count(report.people, models, _person(head, light, pitch, side), side)
        picture = portrait(head)
        for row, held in zip(report.attacks, SPECIES, strict=True):
            for tilt, side in product(tilts, SIDES):
                shown = _held(picture, held, tilt, side)
                _count(row, models, shown, side)
        say(f"head {number - seed + 1} of {heads}")
    return report


def _person(
    head: Head, light: Light, pitch: float, side: int
) -> Iterator[tuple[float, Picture]]:
    for yaw in (0.0, 15.0, TURN_DEG):
        scene = replace(_SCENE, light=light, yaw=side * yaw, pitch=pitch * yaw / 30)
        yield yaw, render(head, scene)


def _held(
    picture: Picture, held: Held, tilt: float, side: int
) -> Iterator[tuple[float, Picture]]:
    """Held to the front first, then turned as far as it goes, and tilted besides."""
    far = 46.0 if held.width_cm > 10 else 23.0
    for yaw in (0.0, *WITHIN_DEG, *BEYOND_DEG):
        scene = replace(
            _SCENE, yaw=side * yaw, pitch=tilt if yaw else 0, distance_cm=far
        )
        yield yaw, presented(picture, held, scene)


def _count(
    row: Row, models: FaceModels, shown: Iterator[tuple[float, Picture]], side: int
) -> None:
    row.presentations += 1
    _, front = next(shown)
    faces = models.faces(front)
    if not faces:
        row.not_seen += 1
        return
    watch = Watch(
        models.embed_face(front, faces[0]),
        models.pack.embedder.same_face,
        Limits().second_face,
    )
    ask = Ask.IMAGE_RIGHT if side > 0 else Ask.IMAGE_LEFT
    state = liveness.begun((replace(_STEP, ask=ask),), 0.0, Demands())
    first = watch.pose(front, faces, models.embed_face)
    poses = [(0.0, first)] * _FRONT_FRAMES
    passed_at = _run(state, poses, shown, watch, models)
    if passed_at is not None:
        beyond = passed_at > max(WITHIN_DEG)
        row.passed += not beyond
        row.passed_beyond += beyond


def _run(
    state: liveness.Challenge,
    front: list[tuple[float, Pose | None]],
    shown: Iterator[tuple[float, Picture]],
    watch: Watch,
    models: FaceModels,
) -> float | None:
    """The turn at which the challenge was passed."""

    def later() -> Iterator[tuple[float, Pose | None]]:
        for yaw, frame in shown:
            watch.face = None  # a step of many degrees is a jump, not another person
            yield yaw, watch.pose(frame, models.faces(frame), models.embed_face)

    now = 0.0
    for poses in (front, later()):
        for yaw, pose in poses:
            now += _PACE_S
            after = liveness.advanced(state, pose, now)
            if isinstance(after, Verdict):
                return yaw if after is Verdict.PASSED else None
            # Whoever holds the picture has all the time: what fails is looked at, too.
            state = replace(after, deadline=now + 60, seen=now)
    return None


def printed(report: Report, *, as_json: bool) -> str:
    rows = [report.people, *report.attacks]
    if as_json:
        plain = [{name: getattr(row, name) for name in Row.__slots__} for row in rows]
        return json.dumps(
            {
                "pack": report.pack,
                "heads": report.heads,
                "seed": report.seed,
                "rows": plain,
            },
            indent=2,
        )
    head = f"{'presented':30}{'shown':>7}{'passed':>8}{'beyond 45':>11}{'not seen':>10}"
    lines = [
        f"{row.kind:30}{row.presentations:7}{row.passed:8}"
        f"{row.passed_beyond:11}{row.not_seen:10}"
        for row in rows
    ]
    total = sum(row.presentations for row in report.attacks)
    passed = sum(row.passed for row in report.attacks)
    note = (
        f"Pictures: {passed} of {total} passed within 45 degrees. Simulated, on "
        f"{report.heads} rendered heads from number {report.seed}, {report.pack}: no "
        "rate of real people or real attacks follows from this."
    )
    return "\n".join((head, *lines, "", note))
