"""`shikaku-reader eligibility`: any PC with a generic card reader (資格確認限定型)."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from device import log_lines
from device.config import Transport
from device.ports import PartError
from protocol.activation import activation_code
from protocol.catalogue import Code, entry
from protocol.codes import Outcome
from protocol.numbers import NumberError, facility_code

if TYPE_CHECKING:
    from device.adapters.counter_folder import CounterFolder
    from protocol.messages import VerificationAnswer

FAILED, WRONG = 1, 2
HOME = Path("~/.config/shikaku-device")
Folder = Annotated[
    Path, typer.Option("--home", help="Where this device keeps its key.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Ca = Annotated[
    Path | None, typer.Option(help="Authority of the cloud's certificate (PEM).")
]

app = typer.Typer(
    no_args_is_help=True,
    help="Eligibility on any PC with a card reader: card, PIN, answer.\n\n"
    "Example: shikaku-reader eligibility check --device RC-S300",
)


@app.command()
def activate(
    cloud: Annotated[str, typer.Option(help="The interface: https://...")],
    facility: Annotated[str, typer.Option(help="Its code (10 digits).")],
    code: Annotated[str, typer.Option(help="12 digits that the facility issued.")],
    home: Folder = HOME,
    ca: Ca = None,
    again: Annotated[
        bool, typer.Option("--again", help="Forget who this device was before.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make this PC a device of a facility: a new key, bound by a code, once.

    Example: shikaku-reader eligibility activate --cloud https://api.example:8443
    --facility 1310000003 --code 1234-5678-9016
    """
    from device.adapters.counter_folder import CounterFolder

    try:
        where, digits = facility_code(facility), activation_code(code)
    except NumberError as error:
        _wrong(str(error))
    kept = CounterFolder(home.expanduser())
    if kept.bound and not again:
        _wrong(f"{home} is a device already; with --again it becomes another one")
    try:
        name = asyncio.run(_activated(kept, cloud, ca, where, digits))
    except PartError as error:
        _explain(error)
    told = {"reader": name, "facility": where}
    typer.echo(json.dumps(told) if as_json else f"{name} is bound to {where}")


@app.command()
def check(
    home: Folder = HOME,
    transport: Annotated[Transport, typer.Option(help="How the reader is driven.")] = (
        "pcsc"
    ),
    device: Annotated[
        str, typer.Option(help="pcsc: part of the reader's name; nfcpy: usb.")
    ] = "",
    pin_stdin: Annotated[
        bool, typer.Option("--pin-stdin", help="The PIN is the first line of stdin.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(help="Also write the receipt computer's file (res_face) there."),
    ] = None,
    wait: Annotated[float, typer.Option(min=0.1, help="Seconds for a card.")] = 30,
    virtual: Annotated[
        bool, typer.Option("--virtual", help="Admit PC/SC's virtual reader.")
    ] = False,
    ca: Ca = None,
    as_json: AsJson = False,
) -> None:
    """Read the card, ask for its PIN, and print what the cloud says of its insurance.

    Exit code 1 when it does not accept. The PIN is typed unseen and never stored; a
    wrong one uses one of the card's three tries.

    Example: shikaku-reader eligibility check --device RC-S300
    """
    from device.adapters.counter_folder import CounterFolder

    log_lines.configure()
    kept = CounterFolder(home.expanduser())
    where = device or ("usb" if transport == "nfcpy" else "")
    try:
        answer = asyncio.run(
            _checked(kept, ca, (transport, where, virtual), wait, pin_stdin, folder)
        )
    except PartError as error:
        _explain(error)
    typer.echo(_json(answer) if as_json else "\n".join(lines(answer)))
    if answer.outcome is not Outcome.ACCEPTED:
        raise typer.Exit(FAILED)


async def _activated(
    kept: "CounterFolder", url: str, ca: Path | None, where: str, digits: str
) -> str:
    from device.adapters.counter_http import CounterHttp
    from protocol.ids import FacilityCode

    facility = FacilityCode(where)
    async with CounterHttp(url, ca) as line:
        public, signer = kept.new_key()
        name, cloud = await line.activate(facility, digits, public, signer)
    kept.keep(name, facility, url, cloud)
    return name


async def _checked(
    kept: "CounterFolder",
    ca: Path | None,
    reader: tuple[Transport, str, bool],
    wait: float,
    pin_stdin: bool,
    folder: Path | None,
) -> "VerificationAnswer":
    from device.adapters.clock import SystemClock
    from device.adapters.counter_http import CounterHttp
    from device.adapters.pin_terminal import typed_pin
    from device.bridge.folder import FolderDesk
    from device.card_slot import card_slot
    from device.counter import Counter, pin_of
    from protocol.oqs.text import Encoding

    bound, url = kept.open()
    clock = SystemClock()
    transport, where, virtual = reader
    async with CounterHttp(url, ca) as line:
        counter = Counter(
            bound, line, lambda: int(clock.now().timestamp() * 1000), os.urandom
        )
        async with card_slot(transport, where, virtual=virtual) as slot:
            try:
                async with asyncio.timeout(wait):
                    await slot.wait_for_card()
            except TimeoutError as error:
                detail = f"no card on {slot.name} within {wait:g} s"
                raise PartError(Code.CARD_UNREADABLE, detail) from error
            pin = pin_of(await asyncio.to_thread(typed_pin, pin_stdin))
            answer = await counter.check(slot, pin)
    desk = FolderDesk(folder, bound.facility, Encoding.UTF8) if folder else None
    if desk is not None and desk.accepts(answer):
        await desk.deliver(answer, None)
    return answer


def lines(answer: "VerificationAnswer") -> list[str]:
    """For the counter's screen: who, how insured, and what the mode is."""
    mode = f"  [{answer.mode}]" if answer.mode else ""
    said = [f"{answer.outcome.value} {answer.code}".strip() + mode]
    if answer.code:
        staff = entry(answer.code).staff
        said.append(f"{staff['ja']} / {staff['en']}")
    if answer.patient is not None:
        one = answer.patient
        said.append(f"{one.name}  {one.name_kana}  {one.birth_date}  {one.sex.value}")
    for held in answer.qualifications:
        until = held.valid_until or ""
        number = "-".join(filter(None, (held.symbol, held.number, held.branch)))
        said.append(
            f"{held.insurer_number}  {held.insurer_name}  {number}"
            f"  {held.valid_from}..{until}  {held.copayment_ratio}"
        )
    said.append(f"proof {answer.proof}")
    return said


def _json(answer: "VerificationAnswer") -> str:
    return answer.model_dump_json(exclude={"request_hash"})


def _wrong(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(WRONG)


def _explain(error: PartError) -> NoReturn:
    """As `shikaku-reader` does: the code, what exactly, and one action."""
    detail = str(error).removeprefix(error.code).strip()
    typer.echo(f"{error.code}  {detail}", err=True)
    said = entry(error.code)
    for who, text in (("staff", said.staff), ("do now", said.action)):
        typer.echo(f"  {who:8}{text['en']} / {text['ja']}", err=True)
    raise typer.Exit(WRONG if error.code == Code.CONFIG_WRONG else FAILED)
