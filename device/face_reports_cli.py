"""`shikaku-reader face liveness-report`, `quality-report`: what rendered heads show."""

from typing import Annotated

import typer

from device.adapters.model_folder import SHIPPED, pack_folder
from device.face_cli import AsJson, Models, PackName


def add_to(app: typer.Typer) -> None:
    app.command("liveness-report")(liveness_report)
    app.command("quality-report")(quality_report)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def liveness_report(
    models: Models,
    heads: Annotated[int, typer.Option(min=1, max=1000)] = 8,
    seed: Annotated[int, typer.Option(min=0, help="Number of the first head.")] = 2000,
    pack: PackName = SHIPPED,
    as_json: AsJson = False,
) -> None:
    """Who passes the head-turn challenge: rendered heads, and pictures held up.

    About a minute a head. Eight heads make 720 presentations of pictures.

    Example: shikaku-reader face liveness-report --heads 8 --seed 2000
    """
    from device.adapters.face_tflite import FaceModels
    from device.liveness_report import measured, printed

    loaded = FaceModels.open(pack_folder(pack, models))
    typer.echo(printed(measured(heads, seed, loaded, _say), as_json=as_json))


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
