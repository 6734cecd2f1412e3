"""shikaku-cloud: serve, worker, api."""

import asyncio
from typing import Annotated

import typer

from cloud import logs
from cloud.api import described, serve_api
from cloud.config import Config, IntakeSection
from cloud.console import DEFAULT, ConfigFile, or_exit, settings_of
from cloud.main import card_authorities, cloud_keys, open_database
from cloud.serve import serve as serve_all
from cloud.worker import Stop, work

app = typer.Typer(no_args_is_help=True)


@app.command("serve")
def serve_command(
    config: ConfigFile = DEFAULT,
    workers: Annotated[int | None, typer.Option(min=1, max=64)] = None,
) -> None:
    """Answer readers until SIGTERM: worker processes, and pages on loopback.

    Prints one line when every worker listens.

    Example: shikaku-cloud serve --config var/cloud/cloud.toml --workers 2
    """
    logs.configure()
    settings = settings_of(config)
    if workers is not None:
        intake = IntakeSection(workers=workers)
        settings = settings.model_copy(update={"intake": intake})
    or_exit(lambda: _usable(settings))
    asyncio.run(serve_all(settings, config))


@app.command("worker")
def worker_command(
    config: ConfigFile = DEFAULT,
    index: Annotated[int, typer.Option(min=0, help="Its number, for logs.")] = 0,
) -> None:
    """One worker alone, as `serve` starts them; for running them under systemd.

    Example: shikaku-cloud worker --config var/cloud/cloud.toml --index 0
    """
    logs.configure()
    settings = settings_of(config)
    or_exit(lambda: work(settings, index, Stop()))


@app.command("api")
def api_command(
    config: ConfigFile = DEFAULT,
    describe: Annotated[
        bool, typer.Option("--describe", help="Print the OpenAPI document and end.")
    ] = False,
) -> None:
    """The facilities' interface alone (HTTPS), as `serve` runs it beside its workers.

    Example: shikaku-cloud api --config var/cloud/cloud.toml
    """
    logs.configure()
    settings = settings_of(config)
    if describe:
        typer.echo(or_exit(lambda: described(settings)))
        return
    or_exit(lambda: asyncio.run(serve_api(settings)))


def _usable(settings: Config) -> None:
    """Everything a worker will need, before the first is started."""
    cloud_keys(settings)
    card_authorities(settings)
    open_database(settings).close()
