"""`shikaku-provision models`: list, install and verify model packs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from device.adapters.face_tflite import read_pack
from device.adapters.model_folder import SHIPPED, shipped_folder
from device.face.pack import Pack
from device.ports import PartError
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
    installed = PackStore(home).names()
    rows = [_row(read_pack(shipped_folder()), installed=True)]
    rows += [
        _row(pack, installed=pack.id in installed) for pack in known_packs().values()
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "installed" if row["installed"] else "not installed"
        kind = "assist only" if row["assist_only"] else ", ".join(row["records"])
        typer.echo(f"{row['id']:<18} {state:<14} {kind}")


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
        "assist_only": pack.assist_only,
        "records": {each.name: each.status for each in pack.embedder.calibrations},
    }


def _verdict(name: str, folder: Path) -> dict[str, str | None]:
    try:
        verify(folder)
    except PartError as error:
        return {"id": name, "problem": str(error)}
    return {"id": name, "problem": None}
