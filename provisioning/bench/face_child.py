"""One runtime's figures, measured in a process of its own and printed as JSON.

    python -m provisioning.bench.face_child RUNTIME PACK_FOLDER PICTURES.npz ROUNDS

A process of its own, so that its memory and its start are those of a reader's models
and of nothing else. Milliseconds are CPU time: another program on the machine counts
less than it would by the clock on the wall.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from device.adapters.face_tflite import FaceModels
from device.adapters.model_folder import shipped_folder
from device.face import blazeface, mesh
from device.face.decision import look_distance
from device.face.finder import Tensor
from device.face.geometry import chip, pixels
from device.face.matching import Embedding
from device.face.photo import decoded
from device.ports import Frame
from provisioning.bench.face_pictures import Pictures

SIDE = 512
"""Of the two float32 matrices whose product is the machine's own measure."""
Work = Callable[[], object]


def measured(runtime: str, folder: Path, file: Path, rounds: int) -> dict[str, float]:
    """Medians of `rounds`; the first decision and the memory come before them."""
    pictures = Pictures.read(file)
    loading = time.process_time()
    models = FaceModels.open(folder, runtime=runtime)
    load_ms = (time.process_time() - loading) * 1000
    card = _card(models, pictures.card)
    _decision(models, pictures.frames, card)
    figures = {
        "load_ms": load_ms,
        "start_wall_ms": _since_start_ms(),
        "start_cpu_ms": time.process_time() * 1000,
        "peak_mb": _peak_mb(),
    }
    works = _works(models, pictures, card) | _references(
        models, runtime, folder, pictures
    )
    return figures | _medians(works, rounds)


def _works(models: FaceModels, pictures: Pictures, card: Embedding) -> dict[str, Work]:
    frame = pictures.frames[0]
    face = models.faces(frame)[0]
    square = models.aligned(frame, face)
    return {
        "detect": lambda: models.faces(frame),
        "align": lambda: models.aligned(frame, face),
        "embed": lambda: models.embed_aligned(square),
        "card": lambda: _card(models, pictures.card),
        "decision": lambda: _decision(models, pictures.frames, card),
    }


def _references(
    models: FaceModels, runtime: str, folder: Path, pictures: Pictures
) -> dict[str, Work]:
    """The same networks without us, on the tensors that they get in a look."""
    frame = pictures.frames[0]
    image = pictures.image(0)
    face = models.faces(frame)[0]
    region = pixels(chip(image, mesh.region_of_face(face), mesh.SIZE))
    given = {
        "detector-short": blazeface.network_input(image, blazeface.SHORT_RANGE)[0],
        "mesh": region / np.float32(255.0),
        "embedding": models.aligned(frame, face),
    }
    bare = {role: _bare(role, given[role], runtime, folder) for role in given}
    matrix = np.random.default_rng(1).random((SIDE, SIDE), dtype=np.float32)

    def finding() -> None:
        bare["detector-short"]()
        bare["mesh"]()
        bare["mesh"]()

    def everything() -> None:
        for _ in pictures.frames:
            finding()
            bare["embedding"]()

    return {
        "product": lambda: matrix @ matrix,
        "bare_detect": finding,
        "bare_embed": bare["embedding"],
        "bare_decision": everything,
    }


def _bare(role: str, given: Tensor, runtime: str, folder: Path) -> Work:
    path = _file(role, folder)
    made: Any = import_module(f"{runtime}.interpreter").Interpreter
    interpreter = made(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    index = interpreter.get_input_details()[0]["index"]

    def once() -> None:
        interpreter.set_tensor(index, given)
        interpreter.invoke()

    return once


def _file(role: str, folder: Path) -> Path:
    for place in (folder, shipped_folder()):
        manifest = json.loads((place / "manifest.json").read_bytes())
        for each in manifest["files"]:
            if each["role"] == role:
                return place / str(each["name"])
    raise ValueError(f"no file for {role}")


def _card(models: FaceModels, photo: bytes) -> Embedding:
    image = decoded(photo)
    found = None if image is None else models.embed(image)
    if found is None:
        raise ValueError("no face on the card")
    return found


def _decision(models: FaceModels, frames: list[Frame], card: Embedding) -> float:
    """What a look computes of five good frames, without camera and hints."""
    embeddings = [models.embed_face(each, models.faces(each)[0]) for each in frames]
    return look_distance(embeddings, card)


def _medians(works: dict[str, Work], rounds: int) -> dict[str, float]:
    """Each once per round, so that a noisy minute is noisy for all of them."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            times[name].append((time.process_time() - began) * 1000)
    return {name: median(values) for name, values in times.items()}


def _since_start_ms() -> float:
    """Since the kernel started this process, to a hundredth of a second."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000


def _peak_mb() -> float:
    """Resident memory at its highest, of this process image alone."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmHWM in /proc/self/status")


if __name__ == "__main__":
    runtime, folder, file, rounds = sys.argv[1:]
    found = measured(runtime, Path(folder), Path(file), int(rounds))
    sys.stdout.write(json.dumps(found) + "\n")
