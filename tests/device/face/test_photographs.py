"""Real photographs (ORL), when they are at hand: detection, and who is told apart.

What is printed belongs to these pictures and no others; they are small, old, grey, and
none of the forty people stands for Japan.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from device.adapters.face_tflite import FaceModels
from device.face.matching import Embedding, mean
from device.face.model import Hint
from device.face.quality import Limits, hint, yaw2d
from provisioning.models.install import InstallError, install

REPOSITORY = Path(__file__).resolve().parents[3]
PHOTOGRAPHS = REPOSITORY.parent / "shared" / "face-eval"
MODELS = Path(
    os.environ.get("SHIKAKU_MODELS", str(REPOSITORY.parent / "shared" / "models"))
)
PEOPLE, EACH = 12, 6
"""One picture plays the card, five play the look."""

pytestmark = pytest.mark.skipif(
    not (PHOTOGRAPHS / "images_orl.csv").is_file(),
    reason="no photographs at ../shared/face-eval",
)

Pictures = dict[str, list[NDArray[np.uint8]]]


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    with (PHOTOGRAPHS / "images_orl.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found: Pictures = {}
    for row in rows:
        mine = found.setdefault(row["identity"], [])
        if len(mine) < EACH:
            with Image.open(PHOTOGRAPHS / row["file"]) as image:
                mine.append(np.asarray(image.convert("RGB")))
    return dict(list(found.items())[:PEOPLE])


@pytest.fixture(scope="module", params=["dlib-resnet", "intel-reid-0095"])
def models(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> FaceModels:
    if request.param == "dlib-resnet":
        return FaceModels.open()
    home = tmp_path_factory.mktemp("home")
    try:
        return FaceModels.open(install(request.param, home, MODELS, print))
    except InstallError as error:
        pytest.skip(str(error))


def test_faces_are_found_and_people_are_told_apart(
    models: FaceModels, pictures: Pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    found: dict[str, list[Embedding]] = {}
    tried = missed = 0
    for person, images in pictures.items():
        for image in images:
            tried += 1
            embedding = models.embed(image)
            if embedding is None:
                missed += 1
            else:
                found.setdefault(person, []).append(embedding)
    looks = {person: mean(each[1:]) for person, each in found.items()}
    genuine = [models.distance(looks[p], found[p][0]) for p in looks]
    impostor = [
        models.distance(looks[p], found[q][0]) for p in looks for q in looks if p != q
    ]
    record = models.pack.embedder.calibrations[0]
    false_match = sum(each < record.threshold for each in impostor)
    false_non_match = sum(not each < record.threshold for each in genuine)
    size = next(iter(pictures.values()))[0].shape[:2]
    with capsys.disabled():
        print(  # noqa: T201 - the counts are the point of this test
            f"\n{models.name}, ORL {size[1]}x{size[0]} px: missed {missed}/{tried}; "
            f"mean of {EACH - 1} at {record.threshold}: "
            f"false matches {false_match}/{len(impostor)}, "
            f"false non-matches {false_non_match}/{len(genuine)}; "
            f"genuine median {np.median(genuine):.3f} max {max(genuine):.3f}, "
            f"impostor min {min(impostor):.3f} median {np.median(impostor):.3f}"
        )
    assert missed <= tried // 50
    assert np.median(genuine) < record.threshold
    assert false_match <= len(impostor) // 50


def test_guidance_keeps_quiet_about_photographs_that_show_a_face_to_the_front(
    pictures: Pictures,
) -> None:
    """Enlarged to a camera's frame they are blurred, and that alone may be said."""
    models, limits = FaceModels.open(), Limits()
    said = []
    for picture in [one for mine in pictures.values() for one in mine]:
        frame = Image.new("RGB", (640, 480), (128, 128, 128))
        large = Image.fromarray(picture).resize((246, 300), Image.Resampling.BICUBIC)
        frame.paste(large, (197, 90))
        faces = models.faces(np.asarray(frame))
        if abs(yaw2d(faces[0])) <= limits.yaw2d_most:
            said.append(hint(faces, frame, limits))
    others = [one for one in said if one not in (None, Hint.STILL, Hint.FRONT)]
    assert len(said) > 40
    assert len(others) <= 0.02 * len(said), others
