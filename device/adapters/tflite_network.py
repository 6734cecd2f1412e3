"""One TFLite file as a function: checked, loaded, and of the right shape.

Whatever is wrong with a file is F204 with its name, before a patient stands there.
"""

import threading
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from device.face.finder import Network, Tensor
from device.face.pack import ModelFile, PinnedFile
from device.ports import PartError

RUNTIMES = ("tflite_runtime", "ai_edge_litert")
MODEL_MISSING = "F204"

InterpreterFactory = Callable[..., Any]


def choose_runtime(wanted: str | None) -> tuple[str, InterpreterFactory]:
    """The runtime's name and its interpreter. None: the first that is here."""
    for name in (wanted,) if wanted else RUNTIMES:
        try:
            module = import_module(f"{name}.interpreter")
        except ImportError:
            continue
        return name, module.Interpreter
    raise PartError(MODEL_MISSING, "neither tflite_runtime nor ai_edge_litert is here")


def checked_bytes(folder: Path, pinned: PinnedFile) -> bytes:
    """The file's bytes if length and SHA-256 are as pinned, else PartError F204."""
    try:
        content = (folder / pinned.name).read_bytes()
    except OSError as error:
        raise PartError(MODEL_MISSING, f"{pinned.name} cannot be read") from error
    if len(content) < pinned.bytes:
        detail = f"{pinned.name} is incomplete ({len(content)} of {pinned.bytes} bytes)"
        raise PartError(MODEL_MISSING, detail)
    if sha256(content).hexdigest() != pinned.sha256:
        raise PartError(MODEL_MISSING, f"{pinned.name} is damaged (SHA-256 differs)")
    return content


def network(
    folder: Path,
    expected: ModelFile,
    outputs: tuple[int, ...],
    factory: InterpreterFactory,
    threads: int,
) -> Network:
    """Bytes are checked and then loaded, so that what was checked is what runs."""
    content = checked_bytes(folder, expected)
    try:
        interpreter = factory(model_content=content, num_threads=threads)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        detail = f"{expected.name} does not load here (unknown operator, or no model)"
        raise PartError(MODEL_MISSING, detail) from error
    given, found = interpreter.get_input_details(), interpreter.get_output_details()
    size = expected.input.size
    if [_kind(each) for each in given] != [((1, size, size, 3), np.float32)]:
        raise PartError(MODEL_MISSING, f"{expected.name} takes another input")
    sizes = tuple(int(np.prod(each["shape"])) for each in found)
    if sizes != outputs or any(each["dtype"] is not np.float32 for each in found):
        raise PartError(MODEL_MISSING, f"{expected.name} gives another output")
    one_at_a_time = threading.Lock()
    into, out = given[0]["index"], [each["index"] for each in found]

    def run(tensor: Tensor) -> tuple[Tensor, ...]:
        with one_at_a_time:
            interpreter.set_tensor(into, np.ascontiguousarray(tensor))
            interpreter.invoke()
            return tuple(interpreter.get_tensor(index) for index in out)

    return run


def _kind(tensor: Any) -> tuple[tuple[int, ...], type]:
    return tuple(int(each) for each in tensor["shape"]), tensor["dtype"]
