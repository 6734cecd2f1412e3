"""make bench: python -m provisioning.bench."""

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from device.adapters.model_folder import SHIPPED, pack_folder, shipped_folder
from device.ports import PartError
from provisioning.bench.bulk import bulk_rows
from provisioning.bench.deck import deal
from provisioning.bench.face import face_rows
from provisioning.bench.front import front_rows
from provisioning.bench.registry import registry_rows
from provisioning.bench.registry_load import load_rows
from provisioning.bench.report import as_list, table, write
from provisioning.bench.run import Bench, stock_for
from provisioning.bench.screens import screen_rows
from provisioning.bench.stage import (
    BenchError,
    Stage,
    broker,
    configuration,
    fill,
    keys,
    secrets,
)
from provisioning.bench.stock import Box, questions
from provisioning.bench.visit import visit_rows
from provisioning.demo.desk import home_folder

READERS = 8
CARDS = 2_000
LATEST = Path("var/bench/latest.json")
FACE = Path("var/bench/face.json")
REGISTRY = Path("var/bench/registry.json")
FRONT = Path("var/bench/front.json")
VISIT = Path("var/bench/visit.json")
SIZES = [100_000, 1_000_000]

FACE_ROUNDS = 15
PRESSES, PICTURES = 40, 200
LOADED = 100_000
"""Lines of the load file; `registry` takes more."""
BULK = 50_000
"""Rows of the bulk file."""
BULK_FILE = Path("var/bench/bulk.json")

app = typer.Typer(pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def bench(
    context: typer.Context,
    seconds: Annotated[float, typer.Option(min=0.5, help="Of each step.")] = 5.0,
    persons: Annotated[int, typer.Option(min=1, help="Fictitious, seeded.")] = 10_000,
    workers: Annotated[int, typer.Option(min=1, max=16)] = 2,
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = LATEST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What the cloud sustains and a face costs, as ratios to references of the run.

    Starts Mosquitto (without TLS, on loopback), the cloud's workers on a seeded
    SQLite, and a generator, all on this machine. Nothing else should run.
    With `face` only the face is measured.

    Example: python -m provisioning.bench --seconds 5
    """
    if context.invoked_subcommand is not None:
        return
    with (
        tempfile.TemporaryDirectory(prefix="shikaku-bench-") as folder,
        ExitStack() as s,
    ):
        try:
            running = _prepared(Path(folder), s, seconds, persons, workers)
            rows = running.rows() + face_rows(shipped_folder(), FACE_ROUNDS, _say)
            rows += registry_rows(SIZES, _say) + load_rows(LOADED, _say)
            rows += front_rows(PRESSES, PICTURES, _say)
            rows += bulk_rows(SIZES[-1], BULK, _say)
            rows += screen_rows(_say) + visit_rows(home_folder(), _say)
        except BenchError as error:
            _say(str(error))
            raise typer.Exit(2) from error
    write(rows, out)
    typer.echo(json.dumps(as_list(rows)) if as_json else table(rows))


@app.command()
def face(
    rounds: Annotated[int, typer.Option(min=1, help="Medians of so many.")] = 40,
    pack: Annotated[str, typer.Option(help="Shipped, or installed.")] = SHIPPED,
    home: Annotated[
        Path,
        typer.Option(envvar="SHIKAKU_HOME", help="State directory; packs in models/."),
    ] = Path("var"),
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = FACE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What a look costs: finding, aligning, embedding, five frames, start, memory.

    Each runtime in a process of its own, one thread, CPU time.

    Example: python -m provisioning.bench face --pack intel-reid-0095
    """
    try:
        rows = face_rows(pack_folder(pack, home / "models"), rounds, _say)
    except (BenchError, PartError) as error:
        _say(str(error))
        raise typer.Exit(2) from error
    write(rows, out)
    typer.echo(json.dumps(as_list(rows)) if as_json else table(rows))


@app.command()
def screens(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How long a screen takes to draw, in every language, first and again.

    Example: python -m provisioning.bench screens --json
    """
    rows = screen_rows(_say)
    typer.echo(json.dumps(as_list(rows)) if as_json else table(rows))


@app.command()
def registry(
    persons: Annotated[
        list[int] | None, typer.Option(min=1_000, help="A size; repeatable.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1_000, help="Of the load file.")] = 100_000,
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = REGISTRY,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What an answer costs beside the bare lookup as the registry grows; and a load.

    Ten million persons take some minutes and 4 GB of the disk.

    Example: python -m provisioning.bench registry --persons 100000 --persons 10000000
    """
    found = registry_rows(persons or SIZES, _say) + load_rows(rows, _say)
    write(found, out)
    typer.echo(json.dumps(as_list(found)) if as_json else table(found))


@app.command()
def bulk(
    persons: Annotated[int, typer.Option(min=1_000, help="Registered.")] = 100_000,
    rows: Annotated[int, typer.Option(min=1_000, help="Of the file.")] = BULK,
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = BULK_FILE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What each part of a row of a bulk inquiry costs beside the bare lookup.

    Example: python -m provisioning.bench bulk --persons 1000000
    """
    found = bulk_rows(persons, rows, _say)
    write(found, out)
    typer.echo(json.dumps(as_list(found)) if as_json else table(found))


@app.command()
def front(
    presses: Annotated[int, typer.Option(min=1, help="Of a key.")] = PRESSES,
    rounds: Annotated[int, typer.Option(min=1, help="Of each picture.")] = PICTURES,
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = FRONT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """A key press to light and tone, and the window of a changed picture.

    Example: python -m provisioning.bench front --presses 100
    """
    rows = front_rows(presses, rounds, _say)
    write(rows, out)
    typer.echo(json.dumps(as_list(rows)) if as_json else table(rows))


@app.command()
def visit(
    home: Annotated[
        Path,
        typer.Option(
            envvar="SHIKAKU_HOME", help="Keeps rendered photos and installed packs."
        ),
    ] = Path("var"),
    out: Annotated[Path, typer.Option(help="Where the JSON list goes.")] = VISIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """A face visit through the whole house, step by step, and presses of the next.

    Starts the demo's clinic in a folder of its own; a demo that runs is not disturbed.

    Example: python -m provisioning.bench visit --home var
    """
    try:
        rows = visit_rows(home, _say)
    except BenchError as error:
        _say(str(error))
        raise typer.Exit(2) from error
    write(rows, out)
    typer.echo(json.dumps(as_list(rows)) if as_json else table(rows))


def _prepared(
    folder: Path, stack: ExitStack, seconds: float, persons: int, workers: int
) -> Bench:
    now_ms = time.time_ns() // 1_000_000
    cloud = keys(folder)
    boxes = tuple(Box.make(number, cloud, now_ms) for number in range(READERS))
    _say(f"{CARDS:,} cards and {persons:,} fictitious persons")
    deck = deal(CARDS, datetime.now(UTC))
    fill(folder, deck, boxes, persons)
    count = stock_for(seconds)
    _say(f"{count:,} requests, signed by their cards")
    stock = tuple(questions(deck.cards, boxes, count, now_ms))
    port, pid = stack.enter_context(broker(folder))
    stage = Stage(folder, port, pid, configuration(folder, port))
    secrets(stage.config)
    return Bench(stage, boxes, stock, seconds, workers, _say)


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    app()
