"""Our converter for dlib's network: dlib's numbers, and the same bytes always.

The weights are looked for where SHIKAKU_DLIB_WEIGHTS says (the .dat file); an
environment with dlib itself is named by SHIKAKU_DLIB_PYTHON.
"""

import os
import subprocess
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from device.adapters.face_tflite import RUNTIMES, FaceModels, read_pack
from device.adapters.model_folder import shipped_folder
from device.face.alignment import aligned
from device.face.pack import self_test_passes, self_test_picture
from device.face.photo import decoded
from device.simulated.heads import Head, card_photo
from device.simulated.persona import personas
from provisioning.models.convert_dlib import WEIGHTS_SHA256, app
from provisioning.models.dlib2tflite import convert
from provisioning.models.dlib_weights import DlibError, Weights, read_weights
from tests.support.dlib_network import BLOCKS, embedding, random_weights, serialised

Array = NDArray[np.float32]
Run = Callable[[bytes, Array], Array]
SHIPPED = shipped_folder() / read_pack(shipped_folder()).embedding.name


@pytest.fixture(params=RUNTIMES)
def run(request: pytest.FixtureRequest) -> Run:
    factory: Any = import_module(f"{request.param}.interpreter").Interpreter

    def once(content: bytes, picture: Array) -> Array:
        interpreter = factory(model_content=content, num_threads=1)
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
        interpreter.invoke()
        output = interpreter.get_output_details()[0]["index"]
        found: Array = interpreter.get_tensor(output)[0]
        return found

    return once


@pytest.fixture(scope="module")
def weights() -> Weights:
    return random_weights(150)


@pytest.fixture(scope="module")
def original() -> bytes:
    named = os.environ.get("SHIKAKU_DLIB_WEIGHTS")
    if not named or not Path(named).is_file():
        pytest.skip("SHIKAKU_DLIB_WEIGHTS names no dlib .dat file")
    return Path(named).read_bytes()


@pytest.fixture(scope="module")
def chips() -> Array:
    """Rendered people as the embedding gets them, whole numbers as dlib wants them."""
    models = FaceModels.open()
    found = []
    for each in personas()[:3]:
        picture = decoded(card_photo(Head(each.head)))
        assert picture is not None
        face = models.faces(picture)[0]
        template = models.pack.template()
        found.append(aligned(Image.fromarray(picture), face, template)[0])
    return np.asarray(np.round(found), dtype=np.float32)


def cosine(a: Array, b: Array) -> float:
    x, y = a.astype(np.float64), b.astype(np.float64)
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


def test_a_file_that_is_cut_is_refused(weights: Weights) -> None:
    whole = serialised(weights)
    for length in (0, 100, len(whole) // 2, len(whole) - 1):
        with pytest.raises(DlibError):
            convert(whole[:length])


@pytest.mark.parametrize("name", [b"con_4", b"affine_", b"fc_2"])
def test_another_network_is_refused(weights: Weights, name: bytes) -> None:
    with pytest.raises(DlibError):
        convert(serialised(weights).replace(name, b"x" * len(name), 1))


def test_a_weight_that_is_not_a_number_is_refused(weights: Weights) -> None:
    broken = weights.last.copy()
    broken[0, 0] = np.nan
    with pytest.raises(DlibError, match="not a number"):
        convert(serialised(Weights(weights.convolutions, broken)))


def test_junk_is_refused() -> None:
    junk = np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    with pytest.raises(DlibError):
        read_weights(junk)


def test_what_was_written_is_read(weights: Weights) -> None:
    read = read_weights(serialised(weights))
    assert len(read.convolutions) == 1 + 2 * len(BLOCKS) == 29
    for ours, theirs in zip(read.convolutions, weights.convolutions, strict=True):
        assert np.array_equal(ours.weights, theirs.weights)
        assert np.array_equal(ours.beta, theirs.beta)
    assert np.array_equal(read.last, weights.last)


def test_the_conversion_agrees_with_plain_numpy(weights: Weights, run: Run) -> None:
    content = convert(serialised(weights))
    random = np.random.default_rng(2)
    for _ in range(2):
        chip = random.integers(0, 256, (150, 150, 3)).astype(np.float32)
        assert cosine(run(content, chip[None]), embedding(weights, chip)) > 0.99999


def test_the_same_weights_give_the_same_bytes(weights: Weights) -> None:
    source = serialised(weights)
    assert convert(source) == convert(source)


def test_the_shipped_self_test_catches_a_wrong_channel_order(run: Run) -> None:
    expected = read_pack(shipped_folder()).embedder.self_test
    ramp, content = self_test_picture(150), SHIPPED.read_bytes()
    assert self_test_passes(run(content, ramp), expected)
    assert not self_test_passes(run(content, ramp[..., ::-1].copy()), expected)


def test_dlibs_weights_give_the_shipped_file(original: bytes) -> None:
    assert sha256(original).hexdigest() == WEIGHTS_SHA256
    assert convert(original) == SHIPPED.read_bytes()


def test_the_shipped_file_agrees_with_plain_numpy(
    original: bytes, chips: Array, run: Run
) -> None:
    weights, content = read_weights(original), SHIPPED.read_bytes()
    for chip in chips:
        ours, theirs = run(content, chip[None]), embedding(weights, chip)
        assert cosine(ours, theirs) >= 0.999999
        assert np.linalg.norm(ours - theirs) < 1e-3


DLIB = """
import sys, dlib, numpy
chips = numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8).reshape(-1, 150, 150, 3)
net = dlib.face_recognition_model_v1(sys.argv[1])
found = [numpy.array(net.compute_face_descriptor(chip.copy())) for chip in chips]
sys.stdout.buffer.write(numpy.array(found, numpy.float32).tobytes())
"""


def test_the_shipped_file_agrees_with_dlib(
    original: bytes, chips: Array, run: Run
) -> None:
    python = os.environ.get("SHIKAKU_DLIB_PYTHON")
    if not python:
        pytest.skip("SHIKAKU_DLIB_PYTHON names no Python with dlib")
    assert original
    done = subprocess.run(
        [python, "-c", DLIB, os.environ["SHIKAKU_DLIB_WEIGHTS"]],
        input=chips.astype(np.uint8).tobytes(),
        capture_output=True,
        check=True,
    )
    theirs = np.frombuffer(done.stdout, np.float32).reshape(-1, 128)
    for chip, there in zip(chips, theirs, strict=True):
        ours = run(SHIPPED.read_bytes(), chip[None])
        assert cosine(ours, there) >= 0.999999
        assert np.linalg.norm(ours - there) < 1e-3


def test_the_command_says_what_it_made(tmp_path: Path, weights: Weights) -> None:
    source, made = tmp_path / "weights.dat", tmp_path / "out.tflite"
    source.write_bytes(serialised(weights))
    unknown = CliRunner().invoke(app, [str(source), str(made)])
    assert (unknown.exit_code, made.exists()) == (1, False)
    assert "--sha256" in unknown.stderr
    digest = sha256(source.read_bytes()).hexdigest()
    done = CliRunner().invoke(app, [str(source), str(made), "--sha256", digest])
    assert done.exit_code == 0
    assert sha256(made.read_bytes()).hexdigest() in done.stdout


def test_the_command_wants_dlibs_network(tmp_path: Path) -> None:
    source = tmp_path / "other.dat"
    source.write_bytes(b"other")
    digest = sha256(b"other").hexdigest()
    done = CliRunner().invoke(app, [str(source), "out.tflite", "--sha256", digest])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
