"""`shikaku-reader`: run it, test it, check its configuration.

Exit codes: 0 all is well; 1 a part failed; 2 the command or configuration is wrong.
"""

import asyncio
import json
import os
import signal
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from device import (
    bridge_cli,
    counter_cli,
    face_cli,
    face_reports_cli,
    log_lines,
    voice_cli,
)
from device.adapters.clock import SystemClock
from device.config import Config, Transport, load
from device.ports import PartError
from protocol.catalogue import Code, entry

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from device.card_show import Shown
    from device.ports import CardSlot
    from device.selftest import Verdict

FAILED, WRONG = 1, 2
DEFAULT_CONFIG = Path("/etc/shikaku/reader.toml")

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A Shikaku reader. Example: shikaku-reader run --config reader.toml",
)
settings = typer.Typer(no_args_is_help=True, help="The configuration file.")
app.add_typer(settings, name="config")
card = typer.Typer(no_args_is_help=True, help="The card on the reader.")
app.add_typer(card, name="card")
face_reports_cli.add_to(face_cli.app)
app.add_typer(face_cli.app, name="face")
app.add_typer(counter_cli.app, name="eligibility")
app.add_typer(voice_cli.app, name="voice")
app.add_typer(bridge_cli.app, name="bridge")
ConfigFile = Annotated[
    Path, typer.Option("--config", "-c", help="The reader's TOML file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("shikaku"))
        raise typer.Exit


@app.callback()
def _all(
    show: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Options of every command."""


@app.command()
def run(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Serve patients until SIGTERM or Ctrl-C; log lines are JSON on stderr.

    Example: shikaku-reader run --config /etc/shikaku/reader.toml
    """
    log_lines.configure()
    settings = _loaded(config)
    try:
        asyncio.run(_until_told(settings))
    except PartError as error:
        _explain(error)


@app.command()
def selftest(config: ConfigFile = DEFAULT_CONFIG, as_json: AsJson = False) -> None:
    """Is this reader complete? One line for each part; exit 1 if one fails.

    Example: shikaku-reader selftest --config reader.toml --json
    """
    from device.selftest import SelfTest

    verdicts = asyncio.run(SelfTest(_loaded(config), SystemClock()).run())
    if as_json:
        typer.echo(json.dumps([asdict(verdict) for verdict in verdicts]))
    else:
        for verdict in verdicts:
            typer.echo(_line(verdict))
    if not all(verdict.good for verdict in verdicts):
        raise typer.Exit(FAILED)


@settings.command("check")
def check(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Read the file and say what is wrong in it, with lines; start nothing.

    Example: shikaku-reader config check --config reader.toml
    """
    read = _loaded(config)
    kind = "SIMULATED reader" if read.reader.simulated else "reader"
    typer.echo(f"{config}: {kind} {read.reader.id}, nothing wrong")


@card.command("show")
def card_show(
    config: ConfigFile = DEFAULT_CONFIG,
    transport: Annotated[
        Transport | None, typer.Option(help="This one, without a configuration.")
    ] = None,
    device: Annotated[
        str, typer.Option(help="nfcpy: usb, udp:HOST:PORT; pcsc: part of the name.")
    ] = "",
    wait: Annotated[float, typer.Option(min=0.1, help="Seconds for a card.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Say what may be shown of the card that lies there; its PIN is not tried.

    Example: shikaku-reader card show --transport pcsc --device RC-S300 --json
    """
    from device.card_slot import card_slot, configured_slot

    try:
        if transport is None:
            slot = configured_slot(_loaded(config))
        else:
            where = device or ("usb" if transport == "nfcpy" else "")
            slot = card_slot(transport, where, virtual=True)
        seen = asyncio.run(_seen(slot, wait))
    except PartError as error:
        _explain(error)
    lines = (json.dumps(asdict(seen)),) if as_json else seen.lines()
    typer.echo("\n".join(lines))


@card.command("ocr-report")
def card_ocr_report(
    faces: Annotated[int, typer.Option(min=1, max=100_000)] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, help="The same faces for the same seed.")
    ] = 1,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, help="Processes; the table is the same.")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """How often the tray camera reads 照合番号B rightly, on rendered faces.

    Example: shikaku-reader card ocr-report --faces 1000 --seed 1 --jobs 2
    """
    from device import number_b_report as report

    def progress(counts: report.Counts) -> None:
        every = report.total(counts)
        said = f"{every.faces} of {faces} faces: {every.numbers} believed"
        typer.echo(f"{said}, {every.wrong} wrong", err=True)

    try:
        said = report.printed(faces, seed, jobs, as_json=as_json, progress=progress)
    except PartError as error:
        _explain(error)
    typer.echo(said)


@card.command("time")
def card_time(
    transport: Annotated[
        str, typer.Option(help="all, nfcpy, nfcpy-extended or pcsc.")
    ] = "all",
    rate: Annotated[
        int, typer.Option(help="106, 212 or 424 kbit/s; 0: each of them.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """How long a visit keeps the card, step by step: a model, no card is asked.

    Example: shikaku-reader card time --transport nfcpy --rate 424 --json
    """
    from device import card_time as model

    wires = tuple(one for one in model.WIRES if transport in ("all", one.name))
    rates = tuple(one for one in model.Rate if rate in (0, one.value))
    if not (wires and rates):
        typer.echo("no such transport or rate: see --help", err=True)
        raise typer.Exit(WRONG)
    typer.echo(model.report(model.steps(wires, rates), as_json=as_json))


def main() -> None:
    app()


async def _seen(
    opening: "AbstractAsyncContextManager[CardSlot]", wait: float
) -> "Shown":
    from device.card import visit
    from device.card_show import shown

    async with opening as slot:
        try:
            async with asyncio.timeout(wait):
                await slot.wait_for_card()
        except TimeoutError as error:
            detail = f"no card on {slot.name} within {wait:g} s"
            raise PartError(Code.CARD_UNREADABLE, detail) from error
        found = await slot.perform(visit.identify())
        return shown(slot.name, found, SystemClock().now())


async def _until_told(config: Config) -> None:
    # Loading the models' runtime takes seconds: only who runs a reader pays them.
    from device.main import run as run_reader

    this = asyncio.current_task()
    if this is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, this.cancel)
    with suppress(asyncio.CancelledError):
        await run_reader(config, os.environ)


def _loaded(path: Path) -> Config:
    try:
        return load(path)
    except PartError as error:
        _explain(error)


def _line(verdict: "Verdict") -> str:
    mark = "ok  " if verdict.good else "FAIL"
    code = f"{verdict.code} " if verdict.code else ""
    line = f"{mark} {verdict.part:12}{code}{verdict.detail}"
    if verdict.good:
        return line
    return f"{line}\n{'':17}-> {entry(verdict.code).action['en']}"


def _explain(error: PartError) -> NoReturn:
    """The code, what exactly, a line for each who may meet it, and one action."""
    said = entry(error.code)
    detail = str(error).removeprefix(error.code).strip()
    typer.echo(f"{error.code}  {detail}", err=True)
    for who, text in (
        ("patient", said.patient),
        ("staff", said.staff),
        ("technician", said.technician),
        ("do now", said.action),
    ):
        typer.echo(f"  {who:11}{text['en']} / {text['ja']}", err=True)
    wrong = error.code == Code.CONFIG_WRONG
    raise typer.Exit(WRONG if wrong else FAILED)
