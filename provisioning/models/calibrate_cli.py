"""`shikaku-provision models calibrate`."""

import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from device.adapters.face_tflite import FaceModels
from device.adapters.site_file import write_site_record
from device.evaluation.pairs import PairsError, read_pairs
from device.evaluation.portrait import card_of
from device.evaluation.run import Experiment, Gallery, Outcome, run
from device.face.calibration import Calibration
from device.face.pack import Pack
from device.face.site import site_record
from device.ports import PartError
from provisioning.models.calibrate import CalibrationError, Wanted, calibrated
from provisioning.models.store import PackStore

WRONG = 2
_RULE = re.compile(r"mean-?([1-9][0-9]?)")


def calibrate(
    pairs: Annotated[Path, typer.Argument(help="CSV: a,b,same.")],
    root: Annotated[Path, typer.Option(help="Folder that the names in it are below.")],
    pack: Annotated[str, typer.Option(help="Installed pack.")],
    population: Annotated[
        str, typer.Option(help="Who the volunteers are, for the record.")
    ],
    rule: Annotated[
        str, typer.Option(help="meanN, as the reader decides by, or single.")
    ] = "mean5",
    card: Annotated[
        str,
        typer.Option(
            help="Side b: real (card portraits), jp2:BYTES, jpeg:BYTES, none."
        ),
    ] = "jp2:5000",
    fmr: Annotated[
        float, typer.Option(min=1e-6, max=0.1, help="The false match rate wanted.")
    ] = 0.001,
    home: Annotated[
        Path,
        typer.Option(envvar="SHIKAKU_HOME", help="State directory; packs in models/."),
    ] = Path("var"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set an installed pack's threshold by consenting volunteers of this site.

    Pairs and frames are read as by `shikaku-reader face evaluate`. Embeddings stay in
    memory; what is written beside the pack is one record of statistics. It is
    *demonstrated* if the one-sided 95 % bound over pairs of people reaches --fmr
    (0.001 takes 3000 pairs without an error, about 78 people); with fewer it is
    *indicative* at most and never more lenient than the pack's own. A reader uses an
    indicative record only if its configuration accepts it by name.

    Example: shikaku-provision models calibrate pairs.csv --root volunteers
    --pack intel-reid-0095 --population "80 staff, 20 to 65 years, Japan" --json
    """
    if not population.strip():
        _wrong("--population says who the volunteers are: it cannot be empty")
    folder = PackStore(home).folder(pack)
    loaded = _loaded(pack, home)
    outcome = _outcome(loaded, pairs, root, _experiment(rule, card))
    try:
        wanted = Wanted(fmr, population.strip(), datetime.now(UTC).date())
        record = calibrated(_without_site(loaded.pack), outcome, wanted)
        path = write_site_record(site_record(loaded.pack, record), folder)
    except CalibrationError as error:
        _wrong(str(error))
    except OSError as error:
        typer.echo(f"the record cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        left_out = len(outcome.left_out)
        printed = {"file": str(path), "left_out": left_out, "record": _dump(record)}
        typer.echo(json.dumps(printed, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(record, path, outcome)))


def _loaded(pack: str, home: Path) -> FaceModels:
    store = PackStore(home)
    if pack not in store.names():
        _wrong(f"{pack} is not installed: shikaku-provision models install {pack}")
    try:
        loaded = FaceModels.open(store.folder(pack))
    except PartError as error:
        _wrong(str(error))
    if loaded.pack.assist_only:
        _wrong(f"{pack} is for assistance only: no record can let it decide")
    return loaded


def _without_site(pack: Pack) -> Pack:
    """The pack's own records: a new calibration is not bound by the last one."""
    own = tuple(
        each for each in pack.embedder.calibrations if not each.name.startswith("site-")
    )
    embedder = pack.embedder.model_copy(update={"calibrations": own})
    return pack.model_copy(update={"embedder": embedder})


def _experiment(rule: str, card: str) -> Experiment:
    number = 1 if rule == "single" else 0
    if found := _RULE.fullmatch(rule):
        number = int(found[1])
    if not 1 <= number <= 30:
        _wrong(f"{rule!r}: a rule is single, or meanN with N up to 30")
    try:
        return Experiment(number, card_of(card))
    except ValueError as error:
        _wrong(str(error))


def _outcome(
    loaded: FaceModels, pairs: Path, root: Path, experiment: Experiment
) -> Outcome:
    gallery = Gallery(loaded, root, time.perf_counter)
    try:
        return run(read_pairs(pairs), experiment, gallery, _progress)
    except PairsError as error:
        _wrong(str(error))


def _progress(done: int, of: int) -> None:
    if done == of or done % max(1, of // 10) == 0:
        typer.echo(f"pictures: {done}/{of}", err=True)


def _dump(record: Calibration) -> dict[str, object]:
    return {**record.model_dump(mode="json"), "bound": record.bound}


def _lines(record: Calibration, path: Path, outcome: Outcome) -> list[str]:
    match, non_match = record.false_match[0], record.false_non_match[0]
    return [
        f"{record.name}: {record.status} for a false match rate of "
        f"{record.false_match_rate:g}",
        f"threshold        {record.threshold:g}",
        f"false matches    {match.errors} of {match.comparisons}; pairs of people "
        f"{match.units_in_error} of {match.units}",
        f"false non-matches {non_match.errors} of {non_match.comparisons}; people "
        f"{non_match.units_in_error} of {non_match.units}",
        f"left out         {len(outcome.left_out)}",
        record.statement,
        str(path),
    ]


def _wrong(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(WRONG)
