"""A model pack of a few kilobytes: one convolution over the whole picture."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from numpy.typing import NDArray

from device.adapters.model_folder import shipped_folder
from device.face.pack import Input, fed, self_test_picture
from provisioning.models.tflite_writer import GraphWriter

SIZE, DIMENSIONS = 16, 8
EMBEDDING, ATTACK, LICENCE = "embedding.tflite", "attack.tflite", "LICENSE"
ATTACK_INPUT = {"size": SIZE, "layout": "NHWC BGR float32", "range": [0, 1]}


def tiny_file(
    outputs: int = DIMENSIONS,
    *,
    size: int = SIZE,
    swapped: bool = False,
    version: int = 1,
    spread: float = 1.0,
) -> bytes:
    """`swapped` takes BGR for RGB; `version` 99 of an operator is known to nobody."""
    writer = GraphWriter("tiny")
    given = writer.activation("rgb", (1, size, size, 3))
    kernel = _kernel(outputs) * np.float32(spread)
    kernel = kernel[..., ::-1].copy() if swapped else kernel
    options = schema.Conv2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideH = options.strideW = size
    options.dilationHFactor = options.dilationWFactor = 1
    bias = np.zeros(outputs, dtype=np.float32)
    result = writer.operator(
        schema.BuiltinOperator.CONV_2D,
        [given, writer.constant("w", kernel), writer.constant("b", bias)],
        writer.activation("out", (1, 1, 1, outputs)),
        (schema.BuiltinOptions.Conv2DOptions, options),
        version,
    )
    return writer.finish(given, result)


def tiny_pack(folder: Path, content: bytes | None = None, **changes: Any) -> Path:
    """Write the pack; `content` instead of the right embedding, pinned all the same."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((shipped_folder() / "manifest.json").read_text("utf-8"))
    licence = _written(folder, LICENCE, b"CC0-1.0\n")
    entry = _written(folder, EMBEDDING, tiny_file() if content is None else content)
    manifest |= {"id": "tiny", "version": "1", "title": "tiny", "licences": [licence]}
    manifest["files"] = [entry | _file("embedding", {"size": SIZE, "range": [0, 255]})]
    manifest["embedder"] |= {
        "dimensions": DIMENSIONS,
        "self_test": _self_test(DIMENSIONS, Input(size=SIZE, range=(0, 255))),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest | changes), "utf-8")
    return folder


def with_attack(folder: Path, content: bytes | None = None, **changes: Any) -> Path:
    """The pack with a presentation-attack file of three classes."""
    tiny_pack(folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    right = tiny_file(3, spread=0.01)
    entry = _written(folder, ATTACK, right if content is None else content)
    manifest["files"].append(entry | _file("presentation-attack", ATTACK_INPUT))
    manifest["presentation_attack"] = {
        "crop_scale": 2.7,
        "live_least": 0.5,
        "classes": 3,
        "live_class": 1,
        "output": "logits",
        "self_test": _self_test(3, Input.model_validate(ATTACK_INPUT)),
        "statement": "nothing was measured",
    } | changes
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def _file(role: str, given: dict[str, Any]) -> dict[str, Any]:
    known = {"licence": "CC0-1.0", "licence_file": LICENCE, "origin": "made here"}
    return known | {"role": role, "input": given}


def _written(folder: Path, name: str, content: bytes) -> dict[str, Any]:
    (folder / name).write_bytes(content)
    digest = sha256(content).hexdigest()
    return {"name": name, "bytes": max(1, len(content)), "sha256": digest}


def _self_test(outputs: int, given: Input) -> dict[str, Any]:
    picture = fed(self_test_picture(given.size), given)[0].astype(np.float64)
    output = np.einsum("ohwc,hwc->o", _kernel(outputs), picture)
    output /= np.linalg.norm(output)
    first = [round(float(each), 5) for each in output]
    return {"picture": "ramp", "first": first, "tolerance": 0.001}


def _kernel(outputs: int) -> NDArray[np.float32]:
    random = np.random.default_rng(outputs)
    return random.normal(0, 1 / SIZE, (outputs, SIZE, SIZE, 3)).astype(np.float32)
