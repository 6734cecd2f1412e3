"""shikaku-cloud audit: verify, anchor, show, patient, export-anchors."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, TextIO

import typer

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.audit import SqlAudit
from cloud.adapters.sql.registry import SqlRegistry
from cloud.audit import export, words
from cloud.audit.check import Finding
from cloud.audit.model import Row, details
from cloud.audit.service import Exported, Verifier
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    KeyFiles,
    Person,
    PersonsCertificate,
    PublicKeys,
    opened,
    or_exit,
    person_named,
    progress,
    say,
    settings_of,
    trusted_keys,
)
from cloud.errors import InputError
from cloud.keyring import audit_log
from cloud.main import cloud_keys
from protocol.ids import FacilityCode
from protocol.keys import Signer

Facility = Annotated[
    str | None, typer.Option("--facility", help="Only this one's chain (10 digits).")
]
app = typer.Typer(
    no_args_is_help=True,
    help="The log of every answer and every read (cloud/audit/README.md).\n\n"
    "Example: shikaku-cloud audit verify --config cloud.toml",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the commands work with."""

    log: SqlAudit
    registry: SqlRegistry
    signer: Signer
    keys: PublicKeys
    secret: bytes


@contextmanager
def _desk(config: Path, keys: list[Path] | None = None) -> Iterator[Desk]:
    found = settings_of(config)
    trusted = or_exit(lambda: trusted_keys(found, keys or []))
    own = or_exit(lambda: cloud_keys(found))
    with opened(found) as database:
        log, secret = or_exit(lambda: audit_log(found, database))
        yield Desk(log, SqlRegistry(database), own.signer, trusted, secret)


@app.command()
def verify(
    facility: Facility = None,
    anchors: Annotated[
        Path | None,
        typer.Option("--anchors", help="Anchors kept elsewhere (export-anchors)."),
    ] = None,
    key: KeyFiles = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Find every row that was changed, taken out, moved or put in, and say where.

    Exit code 0: the log is as it was written; 1: it is not. --key names older signing
    keys of the cloud, which signed older anchors.

    Example: shikaku-cloud audit verify --anchors /mnt/elsewhere/anchors.jsonl
    """
    kept = or_exit(lambda: _exported(anchors)) if anchors else []
    with _desk(config, key) as desk:
        verifier = Verifier(
            desk.log,
            desk.keys,
            desk.secret,
            kept,
            lambda rows: progress(f"{rows} rows"),
        )
        only = FacilityCode(facility) if facility else None
        found = list(verifier.verify(only))
    shown = "\n".join(map(_finding, found)) or "nothing is wrong"
    data = [{**asdict(one), "what": str(one.what)} for one in found]
    say(shown, {"whole": not found, "findings": data}, as_json)
    raise typer.Exit(1 if found else 0)


@app.command()
def anchor(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Sign the state of all chains now; workers do it by themselves now and then.

    Example: shikaku-cloud audit anchor --config var/cloud/cloud.toml
    """
    with _desk(config) as desk:
        made = desk.log.anchor(now_ms(), desk.signer)
    text = f"anchor {made.number} over {made.total} rows"
    say(text, {"number": made.number, "total": made.total, "at": made.at}, as_json)


@app.command()
def show(
    facility: Annotated[str, typer.Option("--facility", help="Whose chain.")],
    last: Annotated[int, typer.Option(min=1, help="How many rows.")] = 20,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The last rows of one facility's chain. Persons are pseudonyms.

    Example: shikaku-cloud audit show --facility 1310000003 --last 50
    """
    with _desk(config) as desk:
        rows = desk.log.last(facility, last)
    shown = "\n".join(map(_row, rows)) or "no rows"
    say(shown, [_row_data(row) for row in rows], as_json)


@app.command()
def patient(
    person: Person = None,
    certificate: PersonsCertificate = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Who was shown what about one person, and when; the oldest first.

    Example: shikaku-cloud audit patient --person 17 --config var/cloud/cloud.toml
    """
    with _desk(config) as desk:
        rows = list(
            desk.log.of_person(person_named(desk.registry, person, certificate))
        )
    shown = "\n".join(map(_seen, rows)) or "nothing was shown to anybody"
    say(shown, [_seen_data(row) for row in rows], as_json)


@app.command("export-anchors")
def export_anchors(
    file: Path,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write all anchors to a new file, to be kept where this cloud cannot write.

    With it `audit verify --anchors FILE` finds what even somebody with the database
    and the signing key has changed.

    Example: shikaku-cloud audit export-anchors /mnt/elsewhere/anchors.jsonl
    """
    count = 0
    with _desk(config) as desk, or_exit(lambda: _new(file)) as out:
        for made in desk.log.anchors():
            moved = tuple(desk.log.moved(made.number))
            out.write(export.line(Exported(made, moved)) + "\n")
            count += 1
    say(f"{count} anchors", {"anchors": count, "file": str(file)}, as_json)


def _exported(file: Path) -> list[Exported]:
    try:
        with file.open(encoding="utf-8") as lines:
            return list(export.read(lines))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {error}") from error


def _new(file: Path) -> TextIO:
    try:
        return file.open("x", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def _finding(one: Finding) -> str:
    span = str(one.first) if one.first == one.last else f"{one.first} to {one.last}"
    if not one.facility:
        return f"anchor {span}: {one.text}"
    return f"facility {one.facility}, row {span}: {one.what}: {one.text}"


def _row(row: Row) -> str:
    whom = row.subject.hex()[:8] or "-"
    return f"{words.when(row)} #{row.seq} {row.kind} {row.detail} person {whom}"


def _row_data(row: Row) -> dict[str, object]:
    values = row._asdict()
    blobs = {name: text.hex() for name, text in values.items() if type(text) is bytes}
    return {**values, **blobs}


def _seen(row: Row) -> str:
    said = words.what(row)
    return f"{words.when(row)}  {row.facility}  {said.ja} / {said.en}"


def _seen_data(row: Row) -> dict[str, object]:
    said = words.what(row)
    return {
        "who": row.facility,
        "at": row.at,
        "when": words.when(row),
        "what": row.kind,
        "ja": said.ja,
        "en": said.en,
        "details": details(row.detail),
    }
