"""`shikaku-reader face`: what can be asked of the camera's side without a visit."""

from pathlib import Path
from typing import Annotated

import typer

from device.adapters.model_folder import SHIPPED, pack_folder

app = typer.Typer(no_args_is_help=True, help="The face: measured without a patient.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PackName = Annotated[str, typer.Option("--pack", help="Model pack.")]
Models = Annotated[
    Path,
    typer.Option(envvar="SHIKAKU_HOME", help="State directory; packs lie in models/."),
]


def _say(line: str) -> None:
    typer.echo(line, err=True)


@app.command("liveness-report")
def liveness_report(
    heads: Annotated[int, typer.Option(min=1, max=1000)] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Number of the first head.")] = 2000,
    pack: PackName = SHIPPED,
    home: Models = Path("var"),
    as_json: AsJson = False,
) -> None:
    """Who passes the head-turn challenge: rendered heads, and pictures held up.

    About a minute a head. Eight heads make 720 presentations of pictures.

    Example: shikaku-reader face liveness-report --heads 8 --seed 2000
    """
    from device.adapters.face_tflite import FaceModels
    from device.liveness_report import measured, printed

    models = FaceModels.open(pack_folder(pack, home / "models"))
    typer.echo(printed(measured(heads, seed, models, _say), as_json=as_json))


@app.command("quality-report")
def quality_report(
    heads: Annotated[int, typer.Option(min=1, max=10_000)] = 40,
    seed: Annotated[int, typer.Option(min=0, help="Number of the first head.")] = 7000,
    as_json: AsJson = False,
) -> None:
    """How often each fault of a frame is named rightly, on rendered heads.

    About four seconds a head.

    Example: shikaku-reader face quality-report --heads 40 --seed 7000 --json
    """
    from device.adapters.face_tflite import FaceModels
    from device.quality_report import measured, printed

    rows = measured(heads, seed, FaceModels.open(), _say)
    typer.echo(printed(rows, seed, as_json=as_json))
