"""Face models on TensorFlow Lite: the only room that knows the runtime.

tflite_runtime where it has a wheel, else its successor ai_edge_litert; both read the
same files and agree (device/models/README.md).
"""

from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image
from pydantic import ValidationError

from device.adapters.model_folder import shipped_folder
from device.adapters.site_file import with_site_record
from device.adapters.tflite_network import (
    MODEL_MISSING,
    choose_runtime,
    network,
)
from device.adapters.tflite_network import RUNTIMES as RUNTIMES
from device.face import blazeface, matching, mesh, presentation
from device.face.alignment import aligned
from device.face.finder import Network, Networks, Tensor, find_faces
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.pack import (
    MANIFEST,
    ModelFile,
    Pack,
    PresentationAttack,
    SelfTest,
    fed,
    self_test_passes,
    self_test_picture,
)
from device.face.presentation import AttackDetector
from device.ports import Frame, PartError


class FaceModels:
    """Detector, mesh and embedding of one pack, loaded, checked and self-tested."""

    def __init__(
        self,
        pack: Pack,
        networks: Networks,
        embedder: Network,
        attack: AttackDetector | None,
        name: str,
    ):
        self.pack = pack
        self.name = name
        """Runtime and pack, as the self-test says it."""
        self.attack = attack
        """None: the pack brings no presentation attack detection."""
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

        Every file's SHA-256 and shape is checked and the pack's self-test pictures are
        run. Raises PartError F204 naming the file at fault.
        """
        at = folder if folder is not None else shipped_folder()
        loader = _Loader(at, runtime, threads)
        networks = Networks(
            loader.load("detector-short"),
            loader.load("detector-full"),
            loader.load("mesh"),
        )
        pack = loader.pack
        embedder = loader.load("embedding")
        loader.self_test(pack.embedding, embedder, pack.embedder.self_test)
        name = f"{pack.space} on {loader.name}"
        known = with_site_record(pack, at)
        return cls(known, networks, embedder, loader.attack(), name)

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

    def embed_mirrored(self, image: Frame, face: Face) -> Embedding:
        """Of the same chip, left and right exchanged."""
        return self.embed_aligned(self.aligned(image, face)[:, :, ::-1])

    def alive(self, image: Frame, face: Face) -> bool:
        """Whether the pack's presentation attack detection lets the frame count."""
        role = self.pack.presentation_attack
        if self.attack is None or role is None:
            return True
        return self.attack.live(image, face) >= role.live_least

    def embed(self, image: Frame) -> Embedding | None:
        """The largest face of an RGB picture (height x width x 3); None: no face."""
        found = self.faces(image)
        return self.embed_face(image, found[0]) if found else None

    def forget(self) -> None:
        """Run every network on a blank picture: its tensors hold no face after it."""
        pack = self.pack
        for run, size in (
            (self._networks.short_range, blazeface.SHORT_RANGE.size),
            (self._networks.full_range, blazeface.FULL_RANGE.size),
            (self._networks.mesh, mesh.SIZE),
            (self._embedder, pack.embedding.input.size),
        ):
            run(np.zeros((1, size, size, 3), dtype=np.float32))

    def distance(self, a: Embedding, b: Embedding) -> float:
        return matching.distance(a, b)


class _Loader:
    """Loads the files of one pack; roles that it lacks come from the shipped one."""

    def __init__(self, folder: Path, wanted: str | None, threads: int) -> None:
        self.pack = read_pack(folder)
        self.name, self._factory = choose_runtime(wanted)
        self._folder = folder
        self._threads = threads

    def load(self, role: str) -> Network:
        owner, folder = self.pack, self._folder
        if owner.file(role) is None:
            folder = shipped_folder()
            owner = read_pack(folder)
        found = owner.file(role)
        if found is None:
            raise PartError(MODEL_MISSING, f"no file for {role}")
        outputs = owner.outputs(role)
        return network(folder, found, outputs, self._factory, self._threads)

    def attack(self) -> AttackDetector | None:
        file, role = (
            self.pack.file("presentation-attack"),
            self.pack.presentation_attack,
        )
        if file is None or role is None:
            return None
        run = self.load(file.role)
        self.self_test(file, run, role.self_test)
        return _TfliteAttackDetector(run, file, role)

    def self_test(self, file: ModelFile, run: Network, expected: SelfTest) -> None:
        ramp = fed(self_test_picture(file.input.size), file.input)
        if not self_test_passes(run(ramp)[0], expected):
            detail = f"{file.name}: self-test differs on {self.name}"
            raise PartError(MODEL_MISSING, detail)


class _TfliteAttackDetector:
    """Satisfies device.face.presentation.AttackDetector."""

    def __init__(self, run: Network, file: ModelFile, role: PresentationAttack) -> None:
        self._run, self._file, self._role = run, file, role

    def live(self, image: Frame, face: Face) -> float:
        picture = Image.fromarray(image)
        square = presentation.network_input(picture, face, self._file.input, self._role)
        return presentation.live_score(self._run(square)[0], self._role)


def read_pack(folder: Path) -> Pack:
    """Parse a pack's manifest. Raises PartError F204."""
    try:
        return Pack.model_validate_json((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise PartError(MODEL_MISSING, f"{MANIFEST} cannot be read") from error
    except ValidationError as error:
        raise PartError(MODEL_MISSING, f"{MANIFEST} is not a manifest") from error
