"""Load an installed pack in another process first: a broken file can end a process.

Measured: tflite-runtime 2.14 does not check what it reads; a model file that is cut
short, pinned as it is, ends the process by a segmentation fault, or never returns. So a
pack that is not the shipped one is tried by a child, and a dead child is F204.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from device.adapters.face_tflite import read_pack
from device.adapters.tflite_network import MODEL_MISSING, choose_runtime, network
from device.ports import PartError

LONGEST_S = 30.0
_REFUSED = 3


def tried(
    folder: Path, runtime: str | None = None, longest_s: float = LONGEST_S
) -> None:
    """Load and run every file of the pack once. Raises PartError F204 with its name."""
    command = [sys.executable, "-P", "-m", "device.adapters.model_trial", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command + ([runtime] if runtime else []),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=longest_s,
            check=False,
        )
        code, said = done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        code, said = -1, error.stdout or b""
    except OSError as error:
        raise PartError(MODEL_MISSING, "the pack cannot be tried") from error
    lines = said.decode("utf-8", "replace").splitlines() or ["the pack"]
    if code == _REFUSED:
        raise PartError(MODEL_MISSING, lines[-1])
    if code != 0:
        raise PartError(MODEL_MISSING, f"{lines[-1]} does not load here (it is broken)")


def _try_all(folder: Path, runtime: str | None) -> None:
    pack = read_pack(folder)
    _, factory = choose_runtime(runtime)
    for file in pack.files:
        _say(file.name)
        run = network(folder, file, pack.outputs(file.role), factory, 1)
        size = file.input.size
        run(np.zeros((1, size, size, 3), dtype=np.float32))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    try:
        _try_all(Path(arguments[0]), arguments[1] if len(arguments) > 1 else None)
    except PartError as error:
        _say(str(error).removeprefix(error.code).strip())
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
