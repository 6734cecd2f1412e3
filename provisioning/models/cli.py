"""`shikaku-provision models`: list, install, add, verify and remove model packs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import SHIPPED, shipped_folder
from device.face.calibration import Calibration
from device.face.pack import Pack
from device.ports import PartError
from provisioning.models.add import AddError, add
from provisioning.models.calibrate_cli import calibrate
from provisioning.models.install import InstallError, install
from provisioning.models.known import known_packs
from provisioning.models.store import PackStore, verify

app = typer.Typer(
    no_args_is_help=True,
    help="Model packs. Example: shikaku-provision models install intel-reid-0095",
)

app.command("calibrate")(calibrate)

Home = Annotated[
    Path,
    typer.Option(envvar="SHIKAKU_HOME", help="State directory; packs lie in models/."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
HERE = Path("var")


@app.command("list")
def list_packs(home: Home = HERE, as_json: AsJson = False) -> None:
    """Say which packs are known, and which are installed.

    Example: shikaku-provision models list --json
    """
    store, known = PackStore(home), known_packs()
    rows = [_row(read_pack(shipped_folder()), installed=True)]
    rows += [_row(pack, installed=pack.id in store.names()) for pack in known.values()]
    added = [name for name in store.names() if name not in known]
    rows += [_added_row(name, store.folder(name)) for name in added]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "installed" if row["installed"] else "not installed"
        typer.echo(f"{row['id']:<18} {state:<14} {row['problem'] or row['title']}")
        for record in row["records"]:
            typer.echo(f"    {_line(record)}")
        if row["assist_only"]:
            typer.echo("    for assistance only: no record lets it decide")


@app.command("install")
def install_pack(
    name: Annotated[str, typer.Argument(help="Pack, as `models list` says it.")],
    home: Home = HERE,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="Folder with the publisher's files (no network)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch, check, convert and self-test a pack; all or nothing.

    Example: shikaku-provision models install intel-reid-0095 --from /media/usb
    """

    def say(line: str) -> None:
        typer.echo(line, err=True)

    try:
        folder = install(name, home, source, say)
    except InstallError as error:
        say(str(error))
        raise typer.Exit(1) from error
    typer.echo(json.dumps({"id": name, "folder": str(folder)}) if as_json else folder)


@app.command("add")
def add_pack(
    origin: Annotated[
        str,
        typer.Argument(
            metavar="FILE_OR_URL", help="The pack's archive: zip, or tar (gz, xz, bz2)."
        ),
    ],
    digest: Annotated[
        str,
        typer.Option(
            "--sha256", metavar="HEX", help="Of the archive, as its publisher says."
        ),
    ],
    home: Home = HERE,
    as_json: AsJson = False,
) -> None:
    """Add a pack of your own: fetch, check, unpack and self-test; all or nothing.

    Example: shikaku-provision models add /media/usb/clinic-pack.zip --sha256 3f1c...
    """

    def say(line: str) -> None:
        typer.echo(line, err=True)

    try:
        folder = add(origin, digest, home, say)
    except AddError as error:
        say(str(error))
        raise typer.Exit(1) from error
    typer.echo(
        json.dumps({"id": folder.name, "folder": str(folder)}) if as_json else folder
    )


@app.command("remove")
def remove_pack(
    name: Annotated[str, typer.Argument(help="Pack, as `models list` says it.")],
    home: Home = HERE,
) -> None:
    """Remove an installed pack. A reader that is configured for it will not start.

    Example: shikaku-provision models remove intel-reid-0095
    """
    if name == SHIPPED:
        typer.echo(f"{name} ships with the product and stays", err=True)
        raise typer.Exit(1)
    try:
        PackStore(home).remove(name)
    except KeyError as error:
        typer.echo(f"{name} is not installed; see: models list", err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        typer.echo(f"{name} stays: {error.strerror}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{name} removed", err=True)


@app.command("verify")
def verify_packs(home: Home = HERE, as_json: AsJson = False) -> None:
    """Check every installed file and run each pack's self-test.

    Example: shikaku-provision models verify
    """
    store = PackStore(home)
    places = {SHIPPED: shipped_folder()}
    places |= {name: store.folder(name) for name in store.names()}
    rows = [_verdict(name, folder) for name, folder in places.items()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for row in rows:
            typer.echo(f"{row['id']:<18} {row['problem'] or 'sound'}")
    if any(row["problem"] for row in rows):
        raise typer.Exit(1)


def _row(pack: Pack, *, installed: bool) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "title": pack.title,
        "installed": installed,
        "problem": None,
        "assist_only": pack.assist_only,
        "records": [_record(each) for each in pack.embedder.calibrations],
    }


def _added_row(name: str, folder: Path) -> dict[str, Any]:
    try:
        return _row(read_pack(folder), installed=True)
    except PartError as error:
        known = {"version": "", "title": "", "installed": True, "problem": str(error)}
        return {"id": name} | known | {"assist_only": True, "records": []}


def _record(record: Calibration) -> dict[str, Any]:
    return {
        "name": record.name,
        "status": record.status,
        "rule": str(record.rule),
        "condition": record.condition,
        "threshold": record.threshold,
        "worst_false_match_rate": record.worst_point,
        "bound": record.bound,
        "statement": record.statement,
    }


def _line(record: dict[str, Any]) -> str:
    worst, bound = record["worst_false_match_rate"], record["bound"]
    seen = "not measured" if worst is None else f"FMR {worst:.3%} at worst"
    sure = "" if bound is None else f"; all pairs of people: below {bound:.2%}"
    rule = f"{record['condition']}, {record['rule']}"
    return f"{record['name']:<30} {record['status']:<12} {rule}: {seen}{sure}"


def _verdict(name: str, folder: Path) -> dict[str, str | None]:
    try:
        verify(folder)
    except PartError as error:
        return {"id": name, "problem": str(error)}
    return {"id": name, "problem": None}
