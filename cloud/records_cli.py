"""shikaku-cloud records: seed, show, specimen, schema."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cloud.access.reading import Reading
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.persons import count_persons, pages_of_persons
from cloud.adapters.sql.records import SqlRecords
from cloud.adapters.sql.registry import SqlRegistry
from cloud.config import Config
from cloud.consent.gate import ConsentClosedError
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    committing,
    facility_of,
    opened,
    or_exit,
    progress,
    say,
    settings_of,
    stop,
    today,
)
from cloud.desk import paper, reading_of
from cloud.eligibility.model import JST
from cloud.keyring import audit_secret, record_secret
from cloud.main import sql_stores
from cloud.records.answer import as_json as written
from cloud.records.answer import schema
from cloud.records.errors import RecordsError
from cloud.records.fiction.person import fiction
from cloud.records.model import Record
from cloud.records.report import Report
from cloud.records.specimen import Wanted
from cloud.records.specimen import specimen as drawn
from cloud.records.vault import Vault
from cloud.registry.fictitious import fictitious
from cloud.registry.model import CertificateLink, Entry, LinkKind
from protocol.codes import Sex
from protocol.ids import RequestId

AT_ONCE = 100
"""Persons in one transaction of `seed`."""
PROGRESS_EVERY = 1_000

app = typer.Typer(
    no_args_is_help=True,
    help="Drugs, treatment, surgery, checkups: sealed, read under a living consent.\n\n"
    "Example: shikaku-cloud records specimen --seed 23 --age 78 --pdf specimen.pdf",
)
PdfFile = Annotated[
    Path | None, typer.Option("--pdf", help="Write a PDF (A4) to this file.")
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Instead of today.")
]


@app.command("seed")
def seed_command(
    config: ConfigFile = DEFAULT,
    seed: Annotated[int, typer.Option(help="The same seed, the same records.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Give every fictitious person fictitious records, instead of those they have.

    Fictitious is whose insurers stand in prefecture 99; nobody else is touched.

    Example: shikaku-cloud records seed --config var/cloud/cloud.toml --seed 1
    """
    found = settings_of(config)
    secret = or_exit(lambda: record_secret(found))
    persons, rows = 0, 0
    with opened(found) as database:
        vault = Vault(SqlRecords(database), secret, os.urandom)
        pages = pages_of_persons(database, AT_ONCE)
        for page in _shown(pages, count_persons(database)):
            people = [entry for entry in page if fictitious(entry.person)]
            rows += vault.replace({entry.id: _fiction(entry, seed) for entry in people})
            persons += len(people)
    sentence = f"{rows} fictitious records of {persons} persons"
    say(sentence, {"persons": persons, "records": rows, "seed": seed}, as_json)


@app.command("show")
def show_command(
    facility: Annotated[
        str, typer.Option(help="Code of the facility that reads (10 digits).")
    ],
    person_of: Annotated[
        str, typer.Option(help="SHA-256 of the patient's certificate (hex).")
    ],
    config: ConfigFile = DEFAULT,
    visit: Annotated[
        str | None, typer.Option(help="Request id of an online visit's consent.")
    ] = None,
    pdf_file: PdfFile = None,
    as_json: AsJson = False,
) -> None:
    """Records of a person, as far as consents of this facility open them now.

    Ends with 1 and hands nothing out when none does, or no longer before the end.

    Example: shikaku-cloud records show --facility 1310000003 --person-of 0a1b... --json
    """
    _one_of(pdf_file, as_json)
    found, where = settings_of(config), facility_of(facility)
    with opened(found) as database:
        entry = _person(database, person_of)
        reading = or_exit(lambda: _reading(found, database))
        made = _or_no(
            lambda: reading.read(
                where,
                entry,
                lambda report: _as_asked(report, as_json),
                visit=RequestId(visit) if visit else None,
            )
        )
    _hand_out(made, pdf_file)


@app.command("specimen")
def specimen_command(
    seed: Annotated[int, typer.Option(help="The same seed, the same person.")] = 1,
    age: Annotated[int | None, typer.Option(min=0, max=110, help="In years.")] = None,
    sex: Annotated[Sex | None, typer.Option(help="1 man, 2 woman.")] = None,
    day: Day = None,
    pdf_file: PdfFile = None,
    as_json: AsJson = False,
) -> None:
    """A wholly fictitious person's records, without a database.

    Example: shikaku-cloud records specimen --seed 23 --age 78 --pdf specimen.pdf
    """
    _one_of(pdf_file, as_json)
    noon = day.replace(hour=12, tzinfo=JST) if day else None
    at = int(noon.timestamp() * 1000) if noon else now_ms()
    when = day.date() if day else today()
    made = drawn(seed, day=when, now_ms=at, wanted=Wanted(age, sex))
    _hand_out(or_exit(lambda: _as_asked(made, as_json)), pdf_file)


@app.command("schema")
def schema_command() -> None:
    """The JSON Schema of what `show --json` prints.

    Example: shikaku-cloud records schema
    """
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=1))


# -- reading -------------------------------------------------------------------------
def _reading(config: Config, database: Database) -> Reading:
    stores = sql_stores(database, audit_secret(config))
    return reading_of(config, stores, committing(database, stores.audit))


def _as_asked(made: Report, as_json: bool) -> bytes:
    return written(made) if as_json else paper(made)


def _hand_out(made: bytes, file: Path | None) -> None:
    if file is None:
        typer.echo(made.decode())
        return
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as out:
        os.fchmod(handle, 0o600)
        out.write(made)
    progress(f"{file}: {len(made)} bytes")


def _person(database: Database, certificate: str) -> Entry:
    try:
        link = CertificateLink(LinkKind.CERTIFICATE, bytes.fromhex(certificate))
    except ValueError:
        stop("--person-of: 64 hex digits, the SHA-256 of a certificate")
    found = SqlRegistry(database).linked(link)
    if found is None:
        _refuse("nobody in the registry has this certificate")
    return found


def _one_of(file: Path | None, as_json: bool) -> None:
    if (file is None) is not as_json:
        stop("say --json, or --pdf FILE")


def _or_no(action: Callable[[], bytes]) -> bytes:
    """The records, or the word why not."""
    try:
        return or_exit(action)
    except ConsentClosedError:
        _refuse("no living consent of this facility opens these records")
    except RecordsError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(1)


# -- filling -------------------------------------------------------------------------
def _fiction(entry: Entry, seed: int) -> tuple[Record, ...]:
    who = entry.person
    return fiction(
        seed, entry.id, sex=who.sex, birth_date=who.birth_date, today=today()
    )


def _shown(pages: Iterator[list[Entry]], total: int) -> Iterator[list[Entry]]:
    done = 0
    for page in pages:
        yield page
        before, done = done, done + len(page)
        if done // PROGRESS_EVERY > before // PROGRESS_EVERY or done == total:
            progress(f"{done} of {total} persons")
