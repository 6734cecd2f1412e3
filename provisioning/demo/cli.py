"""`shikaku-demo`: a clinic on this desk, in the browser or played by a script."""

import json
import signal
import time
from enum import StrEnum
from http.client import HTTPException
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from provisioning.demo.desk import home_folder
from provisioning.demo.morning import MORNING
from provisioning.demo.processes import ProcessDiedError
from provisioning.demo.progress import Progress
from provisioning.demo.stack import STEPS, Clinic, clinic
from provisioning.demo.transcript import Played, play, summary

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class Script(StrEnum):
    MORNING = "morning"


@app.command(epilog="Examples: shikaku-demo    shikaku-demo --script morning --json")
def demo(
    script: Annotated[
        Script | None,
        typer.Option(help="Play scripted visits without a browser, then end."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result of a script as JSON.")
    ] = False,
    persons: Annotated[
        int, typer.Option(min=0, help="Fictitious insured persons in the registry.")
    ] = 10_000,
    assist: Annotated[
        bool,
        typer.Option(help="Use the shipped face pack only: the face assists."),
    ] = False,
    only: Annotated[
        str, typer.Option(help="Play only visits whose name contains this.")
    ] = "",
    home: Annotated[
        Path | None, typer.Option(help="Where state goes (SHIKAKU_HOME, or var/).")
    ] = None,
) -> None:
    """A clinic on this desk: Mosquitto, cloud, one simulated reader, twelve patients.

    Everything and everybody in it is fictitious and throw-away. Ctrl-C ends every
    process it started. Exit code 1: a visit did not end as scripted.
    """
    _end_politely()
    progress = Progress(STEPS)
    try:
        with clinic(
            home.resolve() if home else home_folder(),
            progress,
            persons=persons,
            assist=assist,
            hasty=script is not None,
        ) as running:
            if script is None:
                _stay(running)
            else:
                _play(running, progress, as_json=as_json, only=only)
    except ProcessDiedError as error:
        typer.echo(f"\n{error}", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("\nEnded; nothing of it is running any more.", err=True)


def _play(running: Clinic, progress: Progress, *, as_json: bool, only: str) -> None:
    visits = [visit for visit in MORNING if only in visit.name]
    tell = progress.note if as_json else typer.echo

    def say(line: str) -> None:
        tell(line)
        _all_run(running)

    try:
        played = play(visits, running.stage(), say)
    except (OSError, HTTPException):
        # The reader does not answer. It takes a moment until its end is known.
        time.sleep(0.5)
        _all_run(running)
        raise
    result = summary(played)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        typer.echo(
            f"{result['passed']} passed, {result['failed']} failed; "
            f"face {running.face.mode}; screens in {running.desk.folder('screens')}"
        )
    if _any_failed(played):
        raise typer.Exit(1)


def _any_failed(played: list[Played]) -> bool:
    # A script that played nothing has shown nothing.
    return not played or any(record.why_not for record in played)


def _stay(running: Clinic) -> None:
    desk = running.desk
    shown = {
        "The reader": desk.front_url,
        "The facility's folder": desk.facility_folder,
        "The facilities' interface": f"https://127.0.0.1:{desk.api_port}/openapi.json",
        "Certificates for it": desk.folder("keys"),
        "Logs": running.processes.logs,
        "Face": f"{running.face.mode} ({running.face.pack})",
    }
    typer.echo()
    for name, value in shown.items():
        typer.echo(f"  {name + ':':27}{value}")
    typer.echo("  Everybody here is fictitious. Ctrl-C ends everything.\n")
    told = False
    while True:
        _all_run(running)
        if running.guidance and (news := running.guidance.news()):
            typer.echo(f"  {news}")
        if not told and (story := running.processes.failed("voice")):
            told = True
            typer.echo(f"  No spoken guidance: {story}", err=True)
        time.sleep(0.5)


def _all_run(running: Clinic) -> None:
    fallen = running.processes.fallen()
    if fallen:
        raise ProcessDiedError(fallen)


def _end_politely() -> None:
    """SIGTERM and a closed terminal end the demo as Ctrl-C does; once is enough."""
    farewells = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        # A second Ctrl-C must not break the ending of the processes.
        for number in farewells:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in farewells:
        signal.signal(number, interrupt)


def main() -> None:
    app()
