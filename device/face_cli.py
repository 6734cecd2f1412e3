"""`shikaku-reader face`: measure a model pack on pictures, compare two of them."""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from device.adapters.model_folder import SHIPPED, pack_folder
from device.ports import PartError

if TYPE_CHECKING:
    from device.adapters.face_tflite import FaceModels
    from device.evaluation.compare import Verdict
    from device.evaluation.portrait import Card

NO_MATCH, WRONG = 1, 2

app = typer.Typer(
    no_args_is_help=True,
    help="Faces on pictures. Example: shikaku-reader face compare a.jpg b.jpg",
)


def _home_models() -> Path:
    return Path(os.environ.get("SHIKAKU_HOME", "var")) / "models"


PackName = Annotated[
    str, typer.Option("--pack", help="Model pack, as `models list` says it.")
]
Models = Annotated[
    Path,
    typer.Option(
        "--models",
        default_factory=_home_models,
        show_default="$SHIKAKU_HOME/models, else var/models",
        help="Folder of installed packs.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("evaluate")
def evaluate(
    pairs: Annotated[Path, typer.Argument(help="CSV: a,b,same and maybe group.")],
    root: Annotated[Path, typer.Option(help="Folder that the names in it are below.")],
    models: Models,
    frames: Annotated[
        int, typer.Option(min=1, max=30, help="Live pictures averaged on side a.")
    ] = 1,
    card: Annotated[
        str,
        typer.Option(
            help="Side b as a grey 240x320 portrait: jp2:BYTES or jpeg:BYTES; "
            "real: it is a card's portrait already; none: as it is."
        ),
    ] = "none",
    pack: PackName = SHIPPED,
    record: Annotated[
        str | None, typer.Option(help="Calibration record whose threshold is tried.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a report here, too: one file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Error rates of a model pack on pairs of pictures (terms of ISO/IEC 19795-1).

    Each picture is embedded once, in memory; nothing of a face is written. Rows whose
    same is 1 also say who is who: pictures linked by them show one person.

    With --frames N, side a is the mean of N pictures of the person in a: a itself,
    then that person's others after it in name order, round the end, never the picture
    in b. A pair whose person has fewer with a face in them is left out and counted
    (failure to acquire), as a reader never decides on fewer frames than its rule says.

    Example: shikaku-reader face evaluate pairs.csv --root photos --frames 5
    --card jp2:5000 --pack intel-reid-0095 --html report.html --json
    """
    # numpy and Pillow cost time: only who works with faces pays it.
    from device.evaluation.pairs import PairsError, read_pairs
    from device.evaluation.report import page
    from device.evaluation.results import Results, choose
    from device.evaluation.run import Experiment, Gallery, run

    experiment = Experiment(frames, _card(card))
    loaded = _loaded(pack, models)
    gallery = Gallery(loaded, root, time.perf_counter)
    try:
        outcome = run(read_pairs(pairs), experiment, gallery, _progress)
        choice = choose(loaded.pack, outcome, record)
    except PairsError as error:
        _wrong(str(error))
    except KeyError:
        _wrong(f"pack {pack} has no record {record}")
    results = Results(loaded.name, loaded.pack, outcome, choice)
    for warning in results.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if html is not None:
        _written(html, page(results))
    found = results.as_json()
    typer.echo(json.dumps(found, ensure_ascii=False) if as_json else _table(found))


@app.command("compare")
def compare_two(
    a: Annotated[Path, typer.Argument(help="A picture with one face.")],
    b: Annotated[Path, typer.Argument(help="Another one.")],
    models: Models,
    pack: PackName = SHIPPED,
    as_json: AsJson = False,
) -> None:
    """Do two pictures show one person? Exit 0: match, 1: none, 2: not comparable.

    The threshold is the one a reader with this pack decides by. It says what the
    models say of single pictures, and is no look: fewer frames than the record was
    measured with, and nobody checks that a living person stands there.

    Example: shikaku-reader face compare a.jpg b.jpg --pack intel-reid-0095 --json
    """
    from device.evaluation.compare import compare

    verdict = compare(_loaded(pack, models), a, b)
    if as_json:
        typer.echo(json.dumps(verdict.as_json(), ensure_ascii=False))
    elif verdict.match is None:
        typer.echo(verdict.reason, err=True)
    else:
        typer.echo(_sentence(verdict))
    if verdict.match is None:
        raise typer.Exit(WRONG)
    if not verdict.match:
        raise typer.Exit(NO_MATCH)


def _card(text: str) -> "Card | None":
    from device.evaluation.portrait import card_of

    try:
        return card_of(text)
    except ValueError as error:
        _wrong(str(error))


def _loaded(pack: str, models: Path) -> "FaceModels":
    from device.adapters.face_tflite import FaceModels

    try:
        return FaceModels.open(pack_folder(pack, models))
    except PartError as error:
        _wrong(f"{error}\n  do now: shikaku-provision models install {pack}")


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        _wrong(f"{path} cannot be written: {error.strerror}")


def _progress(done: int, of: int) -> None:
    if done == of or done % max(1, of // 10) == 0:
        typer.echo(f"pictures: {done}/{of}", err=True)


def _table(found: dict[str, Any]) -> str:
    at = found["at_threshold"]
    rows = [
        ("pairs", f"{found['genuine']} genuine, {found['impostor']} impostor"),
        ("left out", f"{found['left_out']} (failure to acquire)"),
        ("pictures without a face", str(found["failures_to_detect"])),
        ("AUC", _number(found["auc"])),
        ("EER", _percent(found["eer"])),
        *(
            (f"FNMR at FMR {float(rate):.1%}", _percent(value))
            for rate, value in found["fnmr_at_fmr"].items()
        ),
        (f"at {at['threshold']:g}, {at['record']}: FMR", _span(at, "fmr")),
        ("FNMR", _span(at, "fnmr")),
        ("ms detect, align, embed", ", ".join(map(_ms, found["ms"].values()))),
        *((f"group {name}: FMR", _span(g, "fmr")) for name, g in _groups(found)),
        *((f"group {name}: FNMR", _span(g, "fnmr")) for name, g in _groups(found)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _groups(found: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(found.get("groups", {}).items())


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.4f}"


def _percent(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2%}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _span(rates: dict[str, Any], which: str) -> str:
    low, high = rates[f"{which}_ci95"]
    return f"{_percent(rates[which])} (95 %: {low:.2%} to {high:.2%})"


def _sentence(verdict: "Verdict") -> str:
    head = "match" if verdict.match else "no match"
    return f"{head}: {verdict.reason}"


def _wrong(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(WRONG)
