"""Two pictures: one person or not, or why they cannot be compared."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from device.evaluation.pairs import PairsError
from device.evaluation.picture import frame, read_picture
from device.evaluation.run import Models
from device.face import decision, matching, quality
from device.face.calibration import Calibration
from device.face.decision import ModeError, Ruling
from device.face.matching import Embedding
from device.face.pack import Pack


@dataclass(frozen=True, slots=True)
class Verdict:
    """match None: not comparable, and `reason` says why."""

    match: bool | None
    distance: float | None
    threshold: float
    mode: str
    """`auto` where the pack has a demonstrated record, else `assist`."""
    reason: str
    quality: dict[str, dict[str, Any] | None]
    """Measures of each picture's face, and the hint a patient would get."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class _RefusedError(Exception):
    """This picture cannot be compared."""


def compare(models: Models, a: Path, b: Path) -> Verdict:
    ruling = _ruling(models.pack)
    record, mode = ruling.calibration, ruling.mode
    found: dict[str, dict[str, Any] | None] = {"a": None, "b": None}
    embeddings: list[Embedding] = []
    for side, path in (("a", a), ("b", b)):
        try:
            found[side], embedding = _seen(models, path)
        except (PairsError, _RefusedError) as error:
            return Verdict(None, None, record.threshold, mode, str(error), found)
        embeddings.append(embedding)
    distance = matching.distance(*embeddings)
    match = distance < record.threshold
    return Verdict(
        match, distance, record.threshold, mode, _why(distance, record), found
    )


def _seen(models: Models, path: Path) -> tuple[dict[str, Any], Embedding]:
    image = read_picture(path, path.name)
    seen = frame(image)
    faces = models.faces(seen)
    if not faces:
        raise _RefusedError(f"{path.name}: no face")
    if len(faces) > 1:
        raise _RefusedError(f"{path.name}: {len(faces)} faces, one is wanted")
    embedding = models.embed_aligned(models.aligned(seen, faces[0]))
    return _measures(image, faces), embedding


def _measures(image: Image.Image, faces: list[Any]) -> dict[str, Any]:
    measured = asdict(quality.measure(image, faces[0]))
    hint = quality.hint(faces, image, quality.Limits())
    return {**measured, "hint": hint.value if hint else None}


def _ruling(pack: Pack) -> Ruling:
    """The record that a reader with this pack decides by."""
    try:
        return decision.ruling(pack, "auto", ())
    except ModeError:
        return decision.ruling(pack, "assist", ())


def _why(distance: float, record: Calibration) -> str:
    side = "less" if distance < record.threshold else "not less"
    return (
        f"distance {distance:.4f} is {side} than {record.threshold:g} "
        f"({record.name}, status {record.status}; "
        f"measured with the {record.rule}, here single pictures)"
    )
