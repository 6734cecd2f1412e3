"""Face models on TensorFlow Lite: the only room that knows the runtime.

tflite_runtime where it has a wheel, else its successor ai_edge_litert; both read the
same files and agree (device/models/README.md).
"""

import threading
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image
from pydantic import ValidationError

from device.adapters.model_folder import shipped_folder
from device.adapters.site_file import with_site_record
from device.face import matching
from device.face.alignment import aligned
from device.face.finder import Network, Networks, Tensor, find_faces
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.pack import (
    MANIFEST,
    ModelFile,
    Pack,
    self_test_passes,
    self_test_picture,
)
from device.ports import Frame, PartError

RUNTIMES = ("tflite_runtime", "ai_edge_litert")
MODEL_MISSING = "F204"

InterpreterFactory = Callable[..., Any]


class FaceModels:
    """Detector, mesh and embedding of one pack, loaded, checked and self-tested."""

    def __init__(self, pack: Pack, networks: Networks, embedder: Network, name: str):
        self.pack = pack
        self.name = name
        """Runtime and pack, as the self-test says it."""
        self._networks = networks
        self._embedder = embedder
        self._template = pack.template()

    @classmethod
    def open(
        cls,
        folder: Path | None = None,
        *,
        runtime: str | None = None,
        threads: int = 1,
    ) -> Self:
        """Load the pack in `folder` (None: the shipped one).

        Every file's SHA-256 is checked before it is loaded and the pack's self-test
        picture is run. Raises PartError F204 naming the file at fault.
        """
        at = folder if folder is not None else shipped_folder()
        pack = read_pack(at)
        name, factory = _runtime(runtime)

        def load(role: str) -> Network:
            owner, place = pack, at
            if owner.file(role) is None:
                place = shipped_folder()
                owner = read_pack(place)
            found = owner.file(role)
            if found is None:
                raise PartError(MODEL_MISSING, f"no file for {role}")
            return _network(place / found.name, found, factory, threads)

        networks = Networks(load("detector-short"), load("detector-full"), load("mesh"))
        embedder = load("embedding")
        output = embedder(self_test_picture(pack.embedding.input.size))[0]
        if not self_test_passes(output, pack.embedder.self_test):
            raise PartError(
                MODEL_MISSING, f"{pack.embedding.name}: self-test differs on {name}"
            )
        known = with_site_record(pack, at)
        return cls(known, networks, embedder, f"{pack.space} on {name}")

    def faces(self, image: Frame) -> list[Face]:
        """Every face (mesh presence >= 0.5), largest first."""
        return find_faces(Image.fromarray(image), self._networks)

    def aligned(self, image: Frame, face: Face) -> Tensor:
        """The chip that the pack's network was trained on."""
        return aligned(Image.fromarray(image), face, self._template)

    def embed_aligned(self, square: Tensor) -> Embedding:
        vector = self._embedder(square)[0].reshape(-1)
        return Embedding(vector, self.pack.space, self.pack.embedder.metric)

    def embed_face(self, image: Frame, face: Face) -> Embedding:
        return self.embed_aligned(self.aligned(image, face))

    def embed(self, image: Frame) -> Embedding | None:
        """The largest face of an RGB picture (height x width x 3); None: no face."""
        found = self.faces(image)
        return self.embed_face(image, found[0]) if found else None

    def distance(self, a: Embedding, b: Embedding) -> float:
        return matching.distance(a, b)


def read_pack(folder: Path) -> Pack:
    """Parse a pack's manifest. Raises PartError F204."""
    try:
        return Pack.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise PartError(MODEL_MISSING, f"{MANIFEST} cannot be read") from error
    except ValidationError as error:
        raise PartError(MODEL_MISSING, f"{MANIFEST} is not a manifest") from error


def checked_bytes(path: Path, expected: str) -> bytes:
    """The file's bytes if their SHA-256 is `expected`, else PartError F204."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise PartError(MODEL_MISSING, f"{path.name} cannot be read") from error
    if sha256(content).hexdigest() != expected:
        raise PartError(MODEL_MISSING, f"{path.name} is damaged (SHA-256 differs)")
    return content


def _runtime(wanted: str | None) -> tuple[str, InterpreterFactory]:
    for name in (wanted,) if wanted else RUNTIMES:
        try:
            module = import_module(f"{name}.interpreter")
        except ImportError:
            continue
        return name, module.Interpreter
    raise PartError(MODEL_MISSING, "neither tflite_runtime nor ai_edge_litert is here")


def _network(
    path: Path, expected: ModelFile, factory: InterpreterFactory, threads: int
) -> Network:
    """Bytes are checked and then loaded, so that what was checked is what runs."""
    content = checked_bytes(path, expected.sha256)
    try:
        interpreter = factory(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise PartError(MODEL_MISSING, f"{path.name} cannot be loaded") from error
    given = interpreter.get_input_details()[0]
    outputs = [each["index"] for each in interpreter.get_output_details()]
    size = expected.input.size
    if tuple(given["shape"]) != (1, size, size, 3):
        raise PartError(MODEL_MISSING, f"{path.name} takes another input")
    one_at_a_time = threading.Lock()

    def run(tensor: Tensor) -> tuple[Tensor, ...]:
        with one_at_a_time:
            interpreter.set_tensor(given["index"], np.ascontiguousarray(tensor))
            interpreter.invoke()
            return tuple(interpreter.get_tensor(index) for index in outputs)

    return run
