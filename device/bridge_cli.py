"""`shikaku-reader bridge`: watch an exchange folder; serve it."""

import asyncio
import json
import signal
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from device import log_lines
from device.adapters.clock import SystemClock
from device.bridge.watching import Passed, Watching
from device.config import Config, load
from device.config_errors import ConfigError
from device.ports import PartError
from protocol.catalogue import entry
from protocol.oqs.values import JST

FAILED, WRONG = 1, 2
DEFAULT_CONFIG = Path("/etc/shikaku/reader.toml")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, a line each.")]

app = typer.Typer(
    no_args_is_help=True,
    help="The receipt computer's exchange folder (req, res, face).\n\n"
    "Example: shikaku-reader bridge watch /srv/OQS",
)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(help="It has req and res in it.")],
    patience: Annotated[
        float, typer.Option(min=0.1, help="Seconds until an answer is missed.")
    ] = 30.0,
    every: Annotated[
        float, typer.Option(min=0.05, help="Seconds between looks.")
    ] = 0.5,
    limit: Annotated[
        float, typer.Option("--for", min=0, help="Seconds; 0: until Ctrl-C.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Show what passes: time, kind, size, outcome, code; never a name or a number.

    It only looks: whoever serves the folder does not notice.

    Example: shikaku-reader bridge watch /srv/OQS --json
    """
    if not folder.is_dir():
        typer.echo(f"{folder}: there is no such folder", err=True)
        raise typer.Exit(WRONG)
    watching, clock = Watching(folder, patience), SystemClock()
    begun = clock.monotonic()
    with suppress(KeyboardInterrupt):
        while True:
            for one in watching.look(clock.monotonic()):
                typer.echo(_line(one, clock.now(), as_json=as_json))
            if limit and clock.monotonic() - begun >= limit:
                return
            time.sleep(every)


@app.command()
def run(
    config: Annotated[
        Path, typer.Option("--config", "-c", help="The reader's TOML file.")
    ] = DEFAULT_CONFIG,
) -> None:
    """Serve the folder of [bridge] alone, until SIGTERM; log lines on stderr.

    `shikaku-reader run` serves it too, beside the card: run one of the two.

    Example: shikaku-reader bridge run --config reader.toml
    """
    try:
        settings = load(config)
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG) from error
    if settings.bridge is None:
        typer.echo(f"{config}: there is no [bridge] section", err=True)
        raise typer.Exit(WRONG)
    try:
        asyncio.run(_serve(settings))
    except PartError as error:
        said = entry(error.code)
        typer.echo(f"{error}\n{said.technician['en']}\n{said.action['en']}", err=True)
        raise typer.Exit(FAILED) from error


async def _serve(settings: Config) -> None:
    from device.bridge_parts import exchange

    loop = asyncio.get_running_loop()
    async with exchange(settings, SystemClock()) as serving:
        log_lines.configure()
        task = asyncio.create_task(serving.run())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task


def _line(one: Passed, now: datetime, *, as_json: bool) -> str:
    at = now.astimezone(JST)
    if as_json:
        return json.dumps({"at": at.isoformat(timespec="seconds"), **asdict(one)})
    waited = "" if one.waited_s is None else f"{one.waited_s:.1f} s"
    words = entry(one.code).staff["en"] if one.code and one.code != "other" else ""
    said = f"{at:%H:%M:%S}  {one.kind:11} {one.size:>9}  {one.outcome.value:10}"
    return f"{said} {waited:>8}  {one.code} {words}".rstrip()
