"""shikaku-cloud oqs: answer, serve, check, kinds: the files of receipt computers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cloud.adapters.clock import now_ms
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    opened,
    or_exit,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.desk import asking_of, reading_of
from cloud.exchange import answering
from cloud.keyring import audit_secret, bulk_secret
from cloud.main import committing, sql_stores
from cloud.oqs.answer import Answer, Answering
from cloud.oqs.folder import Folder, Served, written
from cloud.oqs.request import FACILITY
from protocol.catalogue import entry
from protocol.ids import FacilityCode
from protocol.oqs.bulk import document
from protocol.oqs.document import HEADER
from protocol.oqs.document import Reading as FileReading
from protocol.oqs.errors import OqsError
from protocol.oqs.names import KINDS, FileName, file_name
from protocol.oqs.text import DECLARED

LOOK_S = 1.0
LARGEST = 512 * 1024 * 1024
"""Bytes of a response that `check` reads."""
Facility = Annotated[
    str, typer.Option("--facility", help="Code of the facility that asks (10 digits).")
]

app = typer.Typer(
    no_args_is_help=True,
    help="Files that receipt computers exchange (OQS): one in, one out.\n\n"
    "Example: shikaku-cloud oqs check OQSsiquc01req_0001.xml",
)


@app.command()
def answer(
    file: Annotated[Path, typer.Argument(help="A request file; its name counts.")],
    facility: Facility,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the response; default: beside it.")
    ] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Answer one request file as its facility. Exit code 1 when it is refused.

    Example: shikaku-cloud oqs answer OQSsiquc01req_0001.xml --facility 1310000003
    """
    where = facility_of(facility)
    if not file.is_file():
        stop(f"{file}: there is no such file")
    with _desk(config) as desk:
        try:
            made = _answered(desk, where, file.name, file, "")
        except OqsError as error:
            _no(error, as_json)
        path = written(made, out or file.parent)
    told = {"file": str(path), "code": made.code}
    say(f"{path}  {_words(made.code)}".rstrip(), told, as_json)
    if made.code:
        raise typer.Exit(1)


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(help="It has req and res in it.")],
    facility: Facility,
    once: Annotated[
        bool, typer.Option("--once", help="What is there now, and no more.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Answer what comes into req, into res, until Ctrl-C; a line for each file.

    A request is taken when two looks, a second apart, find it unchanged.

    Example: shikaku-cloud oqs serve /srv/OQS --facility 1310000003
    """
    where = facility_of(facility)
    for part in ("req", "res"):
        if not (folder / part).is_dir():
            stop(f"{folder / part}: make this folder, or name another")
    with _desk(config) as desk:
        served = Folder(
            folder, lambda name, file, key: _answered(desk, where, name, file, key)
        )
        progress(f"serving {folder}")
        for turn in _turns(once):
            for one in served.look():
                say(_line(one), {"at": now_ms(), **asdict(one)}, as_json)
            if not turn:
                return


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A request or response file.")],
    as_json: AsJson = False,
) -> None:
    """Read a file as the cloud does and say what is wrong, and where. Shows no value.

    Exit code 0 for a sound file, 1 for one that would be refused.

    Example: shikaku-cloud oqs check OQSmuquc01req_0001.zip --json
    """
    if not file.is_file():
        stop(f"{file}: there is no such file")
    try:
        name = file_name(file.name)
        told = {"kind": name.kind.prefix, "direction": name.direction.value}
        told |= _read(name, file)
    except OqsError as error:
        _no(error, as_json)
    say("  ".join(f"{key} {text}" for key, text in told.items()), told, as_json)


@app.command()
def kinds(as_json: AsJson = False) -> None:
    """The kinds of files that are understood, by the prefix of their names.

    Example: shikaku-cloud oqs kinds
    """
    rows = [
        {
            "request": f"{one.prefix}req_*.{'|'.join(one.asks)}",
            "response": f"{one.prefix}res_*.{'|'.join(one.answers)}",
            "family": one.family.value,
            "step": one.step.value,
            "limit": one.limit,
        }
        for one in KINDS
    ]
    lines = [
        f"{row['request']:24}  {row['response']:24}  {row['family']}, {row['step']}"
        for row in rows
    ]
    say("\n".join(lines), rows, as_json)


@contextmanager
def _desk(config: Path) -> Iterator[Answering]:
    found = settings_of(config)
    secret, bulk = or_exit(lambda: (audit_secret(found), bulk_secret(found)))
    with opened(found) as database:
        stores = sql_stores(database, secret)
        commit = committing(database, stores.audit)
        asking = or_exit(lambda: asking_of(found, stores, commit))
        reading = or_exit(lambda: reading_of(found, stores, commit))
        home = found.cloud.home
        yield answering(stores, commit, asking, reading, home=home, bulk_secret=bulk)


def _answered(
    desk: Answering, facility: FacilityCode, name: str, file: Path, key: str
) -> Answer:
    """Who has this machine and its keys may read what consents open."""
    return desk.answer(facility, name, file, closed=None, now_ms=now_ms(), key=key)


def _read(name: FileName, file: Path) -> dict[str, str]:
    """Through to its end. Raises OqsError."""
    if name.extension == "pdf":
        return {"size": str(file.stat().st_size)}
    limit = name.kind.limit if name.direction.value == "req" else LARGEST
    told: dict[str, str] = {}
    with file.open("rb") as raw, document(raw) as source:
        reading = FileReading(source, limit=limit)
        elements = -1
        for element in reading:
            elements += 1
            if element.name == HEADER:
                told = {
                    "facility": element.get(FACILITY),
                    "segment": element.get("SegmentOfResult"),
                    "error": element.get("ErrorCode"),
                }
    told = {key: text for key, text in told.items() if text}
    return {
        **told,
        "encoding": DECLARED[reading.encoding],
        "elements": str(elements),
        "size": str(file.stat().st_size),
    }


def _turns(once: bool) -> Iterator[bool]:
    """Whether more will come: two looks find what stands still."""
    yield True
    while not once:
        time.sleep(LOOK_S)
        yield True
    time.sleep(LOOK_S)
    yield False


def _no(error: OqsError, as_json: bool) -> NoReturn:
    told = {"code": error.code.value, "place": error.place}
    say(f"{_words(error.code.value)}  ({error.place})", told, as_json)
    raise typer.Exit(1) from error


def _words(code: str) -> str:
    if not code:
        return ""
    said = entry(code)
    return f"{code} {said.staff['en']} {said.action['en']}"


def _line(one: Served) -> str:
    return f"{one.kind:11} {one.size:>9}  {one.outcome}  {_words(one.code)}".rstrip()
