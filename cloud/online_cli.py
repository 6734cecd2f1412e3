"""shikaku-cloud online: ticket, present, result."""

from pathlib import Path
from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.console import DEFAULT, AsJson, ConfigFile, facility_of, say, stop
from cloud.mode_console import By, Facility, done, rooms
from cloud.web.routes.online import read, written
from protocol.codes import Outcome

Ticket = Annotated[str, typer.Option(help="26 letters and digits.")]

app = typer.Typer(
    no_args_is_help=True,
    help="オンライン診療: a ticket for one visit, consent every time.\n\n"
    "Example: shikaku-cloud online ticket --facility 1310000003 --by desk-1",
)


@app.command()
def ticket(
    facility: Facility,
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A ticket for one visit, shown this once: for the patient, good for 30 minutes.

    Example: shikaku-cloud online ticket --facility 1310000003 --by desk-1
    """
    where = facility_of(facility)
    with rooms(config) as room:
        raw, made = done(lambda: room.visits.make(where, staff=by, now_ms=now_ms()))
    told = {"ticket": written(raw), "expires_at": made.expires_at}
    say(written(raw), told, as_json)


@app.command()
def present(
    body: Annotated[Path, typer.Argument(help="What the card signed (CBOR).")],
    signature: Annotated[Path, typer.Argument(help="The card's signature.")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What the patient's device sends, as files. Exit code 1 when it is not accepted.

    Example: shikaku-cloud online present visit.cbor visit.sig
    """
    try:
        said, signed = body.read_bytes(), signature.read_bytes()
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
    with rooms(config) as room:
        decided = done(lambda: room.visits.present(said, signed, now_ms()))
    code = decided.code.value if decided.code else ""
    told = {"outcome": decided.outcome.value, "code": code}
    say(f"{decided.outcome} {code}".strip(), told, as_json)
    if decided.outcome is not Outcome.ACCEPTED:
        raise typer.Exit(1)


@app.command()
def result(
    facility: Facility,
    ticket: Ticket,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Eligibility of who presented: once, and only where the ticket was made.

    Example: shikaku-cloud online result --facility 1310000003 --ticket ABCD...
    """
    where = facility_of(facility)
    try:
        raw = read(ticket)
    except ValueError:
        stop("--ticket: 26 letters and digits")
    with rooms(config) as room:
        found = done(lambda: room.visits.fetch(where, raw, now_ms()))
    say(f"validity {found['validity']}\nhandle {found['handle']}", found, as_json)
