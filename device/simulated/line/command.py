"""`shikaku-sim line`: a line that can be slow, stalled or cut."""

import asyncio
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from device.simulated.control import controlled
from device.simulated.ending import told_to_end
from device.simulated.line.line import LOOPBACK, Line

Address = tuple[str, int]


def line(
    listen: Annotated[int, typer.Option(min=0, max=65535, help="0: a free port.")],
    to: Annotated[str, typer.Option(help="HOST:PORT where connections go on.")],
    control: Annotated[Path, typer.Option(help="Unix socket for JSON lines.")],
) -> None:
    """The line between a reader and its broker, with a switch over a unix socket.

    One JSON line each: {"mode": "through"}, "slow" (800 ms each way), "stalled" (open,
    but nothing passes until later) or "cut" (reset, and refused), {"state": true}; the
    answer is {"mode": "cut"}. It begins as "through". What passes is not looked into.

    Example: shikaku-sim line --listen 0 --to 127.0.0.1:8883 --control var/line.sock
    """
    try:
        asyncio.run(_serve(Line(*_address(to)), listen, control))
    except OSError as error:
        _fail(f"--listen {listen}: {error.strerror}")


async def _serve(line: Line, port: int, control: Path) -> None:
    """Until Ctrl-C or SIGTERM. The first line of output says where it listens."""
    told = told_to_end()
    async with line.listening(port) as bound, controlled(line, control):
        typer.echo(f"tcp:{LOOPBACK}:{bound}")
        await told.wait()


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        _fail("--to takes HOST:PORT, as in 127.0.0.1:8883")
    return host, int(port)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
