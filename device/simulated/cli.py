"""shikaku-sim: fictitious cards on a simulated reader's air, and who they belong to."""

import asyncio
import json
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from device.adapters.clock import SystemClock
from device.simulated.card import vpcd
from device.simulated.card.blank import SUFFIX as BLANK
from device.simulated.card.blank import Blank
from device.simulated.card.contents import SUFFIX, CardContents, ContentsError
from device.simulated.card.faults import (
    FaultError,
    Faults,
    HinderedChip,
    parse_faults,
)
from device.simulated.card.persona_card import holder_of
from device.simulated.card.situations import SITUATIONS, Situation
from device.simulated.card.situations import situation as situation_of
from device.simulated.card.throw_away import throw_away_card, throw_away_situation
from device.simulated.card.timing import PLAUSIBLE
from device.simulated.card.trace import Chip, TracedChip
from device.simulated.card.tray import Press, Tray
from device.simulated.card.udp import LOOPBACK, on_air
from device.simulated.card.virtual import VirtualCard
from device.simulated.control import controlled
from device.simulated.ending import told_to_end
from device.simulated.line.command import line
from device.simulated.persona import Persona, personas
from device.simulated.training_command import training

app = typer.Typer(
    help="Simulated parts of a Shikaku reader. Every card and person is fictitious.\n\n"
    "Example: shikaku-sim personas",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(line)
app.command()(training)
_UDP = typer.Option("--udp", min=0, max=65535, help="0: a free one.")
Port = Annotated[int, _UDP]
_FAULT = typer.Option(help="What goes wrong, e.g. wtx or drop=2; repeatable.")
AnyPort = Annotated[int | None, _UDP]


@app.command()
def card(
    udp: AnyPort = None,
    pcsc: Annotated[str, typer.Option(help="HOST:PORT of vsmartcard's vpcd.")] = "",
    card: Annotated[Path | None, typer.Option(help="One .card file.")] = None,
    persona: Annotated[str, typer.Option(help="A patient's id: a new card.")] = "",
    situation: Annotated[str, typer.Option(help="A situation's id: a new card.")] = "",
    fault: Annotated[list[str] | None, _FAULT] = None,
    trace: Annotated[Path | None, typer.Option(help="File for one line an APDU.")] = (
        None
    ),
    real_time: Annotated[
        bool, typer.Option(help="Take as long as a real card would (--udp only).")
    ] = False,
) -> None:
    """One card that lies on the reader until this ends.

    Through nfcpy's udp driver (--udp), or in the virtual reader of PC/SC (--pcsc).
    A persona's or a situation's card is made now, with throw-away keys that no reader
    trusts; rendering a persona's photo takes some seconds.

    The trace has headers, lengths and status words. Nothing that is sent is in it but
    the names of applications and files; nothing that is answered is.

    Faults: wtx, wtx-in-chain (before every answer, or =N times), drop=N (the next N
    answers are lost), drop-every=N, deaf=N, slow=MS, fwi=N, remove-after=N (APDUs). In
    a PC/SC reader (--pcsc) there are slow=MS and remove-after=N only.

    Example: shikaku-sim card --udp 54321 --card var/cards/hanako.card

    Example: shikaku-sim card --pcsc 127.0.0.1:35963 --persona sato-hanako

    Example: shikaku-sim card --udp 54321 --situation pin-blocked --fault drop-every=5
    """
    if (udp is None) == (not pcsc):
        _fail("name one reader: --udp PORT or --pcsc HOST:PORT")
    if sum((card is not None, bool(persona), bool(situation))) != 1:
        _fail(
            "name one card: --card FILE, --persona ID or --situation ID"
            " (shikaku-sim personas)"
        )
    faults = _faults(fault or [])
    contents = _load(card) if card is not None else _made_for(persona or situation)
    virtual = VirtualCard(contents, secrets.token_bytes)
    with ExitStack() as stack:
        chip: Chip = virtual
        if trace is not None:
            chip = TracedChip(virtual, stack.enter_context(_writing(trace)))
        if udp is None:
            _lie_in(_hindered(chip, faults, real_time), pcsc)
            return
        tray = Tray({contents.label: chip}, faults, PLAUSIBLE if real_time else None)
        tray.put(contents.label)
        asyncio.run(_serve(tray, udp, None))


@app.command()
def tray(
    udp: Port,
    cards: Annotated[Path, typer.Option(help="A folder of .card files.")],
    control: Annotated[Path, typer.Option(help="Unix socket for JSON lines.")],
) -> None:
    """A tray of cards; which one lies on the reader is said over a unix socket.

    One JSON line each: {"put": "hanako"}, {"take": true}, {"state": true}; the answer
    is {"card": "hanako" or null, "cards": [...]}. Counters last as long as this runs.

    A .blank file in the folder is a card without a photo: {"print": "guest", "photo":
    base64 of a JP2} makes it, in memory only, and {"forget": "guest"} drops it.

    Example: shikaku-sim tray --udp 54321 --cards var/cards --control var/tray.sock
    """
    files = sorted(cards.glob(f"*{SUFFIX}"))
    if not files:
        _fail(f"no {SUFFIX} files in {cards}: name the folder that holds them")
    held = {one.stem: _chip(_load(one)) for one in files}
    blanks = {one.stem: _load_blank(one) for one in cards.glob(f"*{BLANK}")}
    asyncio.run(_serve(Tray(held, press=Press(blanks, _chip)), udp, control))


@app.command(name="personas")
def list_personas(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False,
    today: Annotated[
        str, typer.Option(help="YYYY-MM-DD; the day the cards were made.")
    ] = "",
) -> None:
    """The fictitious patients and cards: PIN, 照合番号B and what is special.

    First the patients of the demo, then cards in every situation (--situation).

    Example: shikaku-sim personas --json
    """
    rows = [_row(one, _day(today)) for one in personas()]
    rows += [_situation_row(one) for one in SITUATIONS]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['id']:14} {row['name']}  PIN {row['pin']}")
        typer.echo(f"{'':14} B {row['verification_number_b']}  {row['situation']}")


def main() -> None:
    app()


async def _serve(tray: Tray, port: int, control: Path | None) -> None:
    """Until Ctrl-C or SIGTERM. The first line of output says where the card is."""
    told = told_to_end()
    async with AsyncExitStack() as stack:
        bound = await stack.enter_async_context(on_air(tray, port))
        if control is not None:
            await stack.enter_async_context(controlled(tray, control))
        typer.echo(f"udp:{LOOPBACK}:{bound}")
        await told.wait()


def _lie_in(card: Chip, reader: str) -> None:
    """Until Ctrl-C or SIGTERM, or until the virtual reader goes (exit 1)."""
    host, _, port = reader.rpartition(":")
    if not (host and port.isascii() and port.isdigit()):
        _fail(f"--pcsc takes HOST:PORT, as in {LOOPBACK}:{vpcd.PORT}")
    try:
        link = vpcd.insert(host, int(port))
    except (OSError, OverflowError) as error:
        _fail(f"no virtual reader at {reader} ({error}): start pcscd with vpcd in it")
    ended = []

    def end(number: int, _frame: object) -> None:
        ended.append(number)
        with suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    typer.echo(f"pcsc:{reader}")
    with link:
        vpcd.serve(card, link)
    if not ended:
        typer.echo(f"the card left, or the reader at {reader} did", err=True)
        raise typer.Exit(1)


def _made_for(name: str) -> CardContents:
    now = SystemClock().now()
    special = situation_of(name)
    if special is not None:
        return throw_away_situation(special, now)
    persona = next((one for one in personas() if one.id == name), None)
    if persona is None:
        _fail(f"no persona {name}: shikaku-sim personas lists them")
    typer.echo("making the card; rendering its photo takes some seconds", err=True)
    return throw_away_card(persona, now, now.astimezone().date())


def _row(persona: Persona, today: date) -> dict[str, Any]:
    return {
        "id": persona.id,
        "name": persona.name,
        "birth_date": persona.born(today).isoformat(),
        "pin": persona.pin,
        "verification_number_b": holder_of(persona, b"", today).number_b,
        "situation": persona.story_ja,
        "situation_en": persona.story_en,
    }


def _situation_row(special: Situation) -> dict[str, Any]:
    return {
        "id": special.id,
        "name": special.holder_now.name,
        "birth_date": special.birth.isoformat(),
        "pin": special.pin,
        "verification_number_b": special.verification_number_b,
        "situation": special.ja,
        "situation_en": special.en,
    }


def _faults(words: list[str]) -> Faults:
    try:
        return parse_faults(words)
    except FaultError as error:
        _fail(f"--fault: {error}")


def _hindered(chip: Chip, faults: Faults, real_time: bool) -> Chip:
    """A card in a PC/SC reader: blocks are the reader's business there."""
    only = Faults(slow_s=faults.slow_s, remove_after=faults.remove_after)
    if faults != only or real_time:
        _fail("with --pcsc there are --fault slow=MS and remove-after=N only")
    return HinderedChip(chip, faults, time.sleep)


@contextmanager
def _writing(path: Path) -> Iterator[Callable[[str], None]]:
    """A new file, for its owner only; each line is there when it has happened."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        _fail(f"--trace {path}: {error.strerror}")
    with os.fdopen(handle, "w", encoding="ascii", buffering=1) as file:
        yield lambda line: print(line, file=file)


def _day(text: str) -> date:
    if not text:
        return SystemClock().now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        _fail("--today takes YYYY-MM-DD")


def _load(path: Path) -> CardContents:
    try:
        return CardContents.load(path)
    except (OSError, ContentsError) as error:
        _fail(f"{path.name}: {error}")


def _load_blank(path: Path) -> Blank:
    try:
        return Blank.load(path)
    except (OSError, ContentsError) as error:
        _fail(f"{path.name}: {error}")


def _chip(contents: CardContents) -> VirtualCard:
    return VirtualCard(contents, secrets.token_bytes)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    main()
