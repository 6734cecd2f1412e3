"""The face: what a look costs beside the bare networks, for both runtimes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from device.adapters.face_tflite import RUNTIMES
from provisioning.bench.face_pictures import Pictures
from provisioning.bench.report import Row
from provisioning.bench.stage import BenchError

YAWS = (0, 4, -4, 8, -8)
"""Degrees of the five frames."""
DECISION_GOAL_MS = 150.0
START_GOAL_MS = 1000.0
MEMORY_GOAL_MB = 200.0
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

Say = Callable[[str], None]


def face_rows(folder: Path, rounds: int, say: Say) -> list[Row]:
    """Rows of every runtime that is here, with the pack in `folder`.

    Raises BenchError where none is, or a measuring process fails.
    """
    runtimes = [each for each in RUNTIMES if find_spec(each) is not None]
    if not runtimes:
        raise BenchError("neither tflite_runtime nor ai_edge_litert is here")
    with tempfile.TemporaryDirectory(prefix="shikaku-bench-face-") as place:
        file = Path(place) / "pictures.npz"
        say("face: five frames and a card, rendered")
        rendered().write(file)
        rows: list[Row] = []
        for runtime in runtimes:
            say(f"face: {rounds} rounds with {runtime}")
            rows += rows_of(runtime, measured(runtime, folder, file, rounds))
        return rows


def rendered() -> Pictures:
    """One fictitious person, slightly turning; seconds of work."""
    from device.simulated.heads import Head, Scene, card_photo, render
    from device.simulated.persona import personas

    head = Head(personas()[0].head)
    frames = [render(head, Scene(yaw=yaw, seed=seed)) for seed, yaw in enumerate(YAWS)]
    return Pictures(frames, card_photo(head))


def measured(runtime: str, folder: Path, file: Path, rounds: int) -> dict[str, float]:
    """One runtime in a process of its own. Raises BenchError with its last line."""
    command = [sys.executable, "-m", "provisioning.bench.face_child"]
    done = subprocess.run(
        [*command, runtime, str(folder), str(file), str(rounds)],
        env=os.environ | ONE_CORE,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:]
        raise BenchError(f"{runtime}: {' '.join(last) or 'ended without a word'}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows_of(runtime: str, found: dict[str, float]) -> Iterator[Row]:
    """Milliseconds are CPU time; a name after the slash is the reference."""

    def row(name: str, key: str, reference: float | None = None) -> Row:
        return Row(f"{runtime}: {name}", found[key], "ms CPU", reference)

    product = found["product"]
    yield row("512x512 product", "product")
    yield row("bare detector + 2 meshes / product", "bare_detect", product)
    yield row("bare embedding / product", "bare_embed", product)
    yield row("detect / bare", "detect", found["bare_detect"])
    yield row("align / product", "align", product)
    yield row("embed / bare", "embed", found["bare_embed"])
    yield row("card photo, decoded to embedding", "card")
    yield row("five frames decided / bare", "decision", found["bare_decision"])
    yield row("five frames decided / goal", "decision", DECISION_GOAL_MS)
    yield row("load, hashes and self-test", "load_ms")
    yield row("start to first decision / goal", "start_cpu_ms", START_GOAL_MS)
    wall = found["start_wall_ms"]
    yield Row(f"{runtime}: the same by the wall / goal", wall, "ms", START_GOAL_MS)
    peak = found["peak_mb"]
    yield Row(f"{runtime}: peak memory / goal", peak, "MB", MEMORY_GOAL_MB)
