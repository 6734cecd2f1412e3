"""The manifest of a model pack: what its files are, and what may be claimed of them.

A pack is a folder with `manifest.json` and the files it names. It may bring the
detector and the mesh too; a pack without them uses the shipped ones.
"""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from device.face.alignment import Template
from device.face.calibration import Calibration, Condition, Rule, Value
from device.face.matching import Metric, Vector

MANIFEST = "manifest.json"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Sha384 = Annotated[str, Field(pattern=r"^[0-9a-f]{96}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
"""One path segment: a manifest cannot point outside its folder."""
PackId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class PinnedFile(Value):
    name: FileName
    bytes: Annotated[int, Field(gt=0)]
    sha256: Sha256


class Input(Value):
    """How a file is fed: 1 x size x size x 3 float32."""

    size: Annotated[int, Field(ge=16, le=1024)]
    layout: Literal["NHWC RGB float32", "NHWC BGR float32"] = "NHWC RGB float32"
    range: tuple[float, float]
    """What pixel values 0 and 255 become."""


FED: dict[str, tuple[int | None, tuple[float, float]]] = {
    "detector-short": (128, (-1.0, 1.0)),
    "detector-full": (192, (-1.0, 1.0)),
    "mesh": (192, (0.0, 1.0)),
    "embedding": (None, (0.0, 255.0)),
}
"""Size (None: the pack's own) and range of RGB that this program feeds each role; a
pack that wants another is refused. A presentation-attack file is fed as it asks."""

OUTPUTS = {
    "detector-short": (896 * 16, 896),
    "detector-full": (2304 * 16, 2304),
    "mesh": (468 * 3, 1),
}
"""How many numbers each output of a role's file has, in the file's order."""


class ModelFile(PinnedFile):
    role: Literal[
        "detector-short", "detector-full", "mesh", "embedding", "presentation-attack"
    ]
    licence: str
    """SPDX identifier."""
    licence_file: FileName
    origin: str
    input: Input


class AlignmentPoint(Value):
    mesh: Annotated[tuple[int, ...], Field(min_length=1)]
    """Mesh points whose mean belongs at (x, y) of the chip, in pixels."""
    x: float
    y: float


class Alignment(Value):
    template: str
    points: Annotated[tuple[AlignmentPoint, ...], Field(min_length=3)]


class SelfTest(Value):
    """A synthetic picture and what must come out, so that a wrong channel order or
    a broken runtime fails at the start and not at a patient.

    Picture: R = 254 x/(n-1), G = 254 y/(n-1), B = (R+G)/2, n the input size.
    """

    picture: Literal["ramp"] = "ramp"
    first: Annotated[tuple[float, ...], Field(min_length=2)]
    """First values of the output, scaled to length one."""
    tolerance: Annotated[float, Field(gt=0, le=0.01)]


class Embedder(Value):
    metric: Metric
    dimensions: Annotated[int, Field(gt=0)]
    alignment: Alignment
    same_face: Annotated[float, Field(gt=0)]
    """Frames of one look farther apart than this are not the same person."""
    self_test: SelfTest
    calibrations: Annotated[tuple[Calibration, ...], Field(min_length=1)]


class PresentationAttack(Value):
    """What the optional presentation-attack file is shown and what it says."""

    crop_scale: Annotated[float, Field(ge=1, le=6)]
    """Side of the square it sees, in longest sides of the face's box."""
    classes: Annotated[int, Field(ge=2, le=20)]
    live_class: Annotated[int, Field(ge=0)]
    output: Literal["logits", "probabilities"]
    live_least: Annotated[float, Field(gt=0, lt=1)]
    """A frame with a lower score of the live class does not count."""
    self_test: SelfTest
    statement: str
    """What was measured of it, and on what."""


class Source(PinnedFile):
    """A publisher's file that the installer fetches and converts."""

    url: str
    sha384: Sha384
    """As the publisher states it."""


class Upstream(Value):
    project: str
    checksums: str
    """Where the publisher states the checksums: repository, commit, path."""
    files: tuple[Source, ...]
    converter: str


class Pack(Value):
    schema_version: Literal[2] = 2
    id: PackId
    version: str
    title: str
    assist_only: bool
    """True: no record of this pack can ever let it decide alone."""
    files: Annotated[tuple[ModelFile, ...], Field(min_length=1)]
    licences: tuple[PinnedFile, ...]
    embedder: Embedder
    presentation_attack: PresentationAttack | None = None
    training: str
    doubts: tuple[str, ...]
    populations_evaluated: tuple[str, ...]
    populations_not_evaluated: tuple[str, ...]
    runtimes_tested: tuple[str, ...]
    upstream: Upstream | None = None

    @property
    def space(self) -> str:
        return f"{self.id}/{self.version}"

    def file(self, role: str) -> ModelFile | None:
        return next((each for each in self.files if each.role == role), None)

    def outputs(self, role: str) -> tuple[int, ...]:
        """How many numbers each output of the role's file must have."""
        if role == "embedding":
            return (self.embedder.dimensions,)
        if role == "presentation-attack" and self.presentation_attack:
            return (self.presentation_attack.classes,)
        return OUTPUTS[role]

    @property
    def embedding(self) -> ModelFile:
        return next(each for each in self.files if each.role == "embedding")

    def template(self) -> Template:
        points = self.embedder.alignment.points
        return Template(
            self.embedding.input.size,
            tuple(each.mesh for each in points),
            np.array([(each.x, each.y) for each in points]),
        )

    def calibration(self, name: str) -> Calibration | None:
        records = self.embedder.calibrations
        return next((each for each in records if each.name == name), None)

    def calibrations(self, rule: Rule, condition: Condition) -> list[Calibration]:
        """Records of exactly this rule and condition, in the manifest's order."""
        return [
            each
            for each in self.embedder.calibrations
            if each.rule == rule and each.condition == condition
        ]

    @model_validator(mode="after")
    def _sound(self) -> "Pack":
        roles = [each.role for each in self.files]
        if len(set(roles)) != len(roles) or "embedding" not in roles:
            raise ValueError("one file per role, and an embedding among them")
        for each in self.files:
            _fed_as_here(each)
        attack = self.presentation_attack
        if ("presentation-attack" in roles) != (attack is not None):
            raise ValueError("presentation-attack: a file and its section, or neither")
        if attack is not None and attack.live_class >= attack.classes:
            raise ValueError("presentation-attack: the live class is not a class")
        if len(self.embedder.self_test.first) < 4:
            raise ValueError("an embedding's self-test has four values or more")
        known = {each.name for each in self.licences}
        if any(each.licence_file not in known for each in self.files):
            raise ValueError("every file's licence is among the licences")
        names = [each.name for each in self.embedder.calibrations]
        if len(set(names)) != len(names):
            raise ValueError("a calibration record's name is its own")
        return self


def _fed_as_here(file: ModelFile) -> None:
    if file.role not in FED:
        return
    size, span = FED[file.role]
    wanted = Input(size=size or file.input.size, range=span)
    if file.input != wanted:
        raise ValueError(f"{file.role} is fed in one size, range and order only")


def fed(picture: Vector, given: Input) -> Vector:
    """1 x n x n x 3, RGB 0..255, as the file wants it."""
    low, high = given.range
    if given.layout == "NHWC BGR float32":
        picture = picture[..., ::-1]
    return np.asarray(low + picture * ((high - low) / 255), dtype=np.float32)


def self_test_picture(size: int) -> Vector:
    """The ramp: 1 x size x size x 3."""
    steps = np.arange(size, dtype=np.float32) * np.float32(254.0 / (size - 1))
    red = np.broadcast_to(steps[None, :], (size, size))
    green = np.broadcast_to(steps[:, None], (size, size))
    picture = np.stack([red, green, (red + green) / 2], axis=-1)
    return np.asarray(picture, dtype=np.float32)[None]


def self_test_passes(output: Vector, expected: SelfTest) -> bool:
    flat = output.reshape(-1).astype(np.float64)
    length = float(np.linalg.norm(flat))
    first = np.array(expected.first)
    if not np.isfinite(length) or length == 0 or flat.size < first.size:
        return False
    gap = np.abs(flat[: first.size] / length - first)
    return bool(gap.max() <= expected.tolerance)
