"""The recommended face pack where a developer has it; never part of the product."""

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from device.adapters.model_folder import shipped_folder

INTEL = "intel-reid-0095"
INTEL_THRESHOLD = 0.42
# Intel's five points for this network, on a square of 128 pixels.
INTEL_POINTS = (
    ((33, 133), 0.31556875, 0.46157411),
    ((263, 362), 0.68262292, 0.46157411),
    ((1, 4), 0.50026250, 0.64053929),
    ((61,), 0.34947188, 0.82469196),
    ((291,), 0.65343646, 0.82469196),
)
INTEL_RAMP = (0.02391, 0.00685, -0.06727, -0.06383, 0.06276, 0.09488)


def intel_pack(at: Path) -> Path:
    """An installed pack as it is, or one laid round the converted reference file."""
    for folder in packs_folders():
        if (folder / INTEL / "manifest.json").is_file():
            return folder / INTEL
        converted = folder / INTEL / "reference_f16.tflite"
        if converted.is_file():
            return laid_round(converted, at)
    pytest.skip(f"{INTEL} is not here: set SHIKAKU_MODELS to a folder that holds it")


def laid_round(converted: Path, at: Path) -> Path:
    name = converted.name
    shutil.copy(converted, at / name)
    manifest = json.loads((shipped_folder() / "manifest.json").read_text("utf-8"))
    embedding = manifest["files"][-1]
    digest = sha256(converted.read_bytes()).hexdigest()
    embedding |= {"name": name, "bytes": converted.stat().st_size, "sha256": digest}
    embedding["input"]["size"] = 128
    manifest |= {"id": INTEL, "files": [embedding]}
    manifest["embedder"] |= embedder(manifest["embedder"])
    (at / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return at


def embedder(shipped: dict[str, Any]) -> dict[str, Any]:
    points = [{"mesh": mesh, "x": 128 * x, "y": 128 * y} for mesh, x, y in INTEL_POINTS]
    return {
        "metric": "cosine",
        "dimensions": 256,
        "alignment": {"template": "intel-5-square", "points": points},
        "self_test": shipped["self_test"] | {"first": INTEL_RAMP},
    }


def packs_folders() -> list[Path]:
    """Where packs that are not shipped may lie on a developer's machine."""
    named = os.environ.get("SHIKAKU_MODELS")
    beside = Path(__file__).parents[3] / "shared" / "models" / "packs"
    return [Path(named)] if named else [beside]
