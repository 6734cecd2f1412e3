"""shikaku-cloud records: seed, show, specimen, schema."""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from cloud.access.certificate import moment
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.consents import SqlConsents
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.persons import count_persons, pages_of_persons
from cloud.adapters.sql.records import SqlRecords
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.version import MigrationError
from cloud.audit.model import Entry as Logged
from cloud.audit.model import Kind, detail
from cloud.config import Config, load
from cloud.consent.gate import ConsentClosedError
from cloud.consent.service import Consents
from cloud.eligibility.model import JST
from cloud.errors import CloudError
from cloud.keyring import audit_log, reading_vault, record_secret
from cloud.main import open_database
from cloud.records.answer import as_json as written
from cloud.records.answer import schema
from cloud.records.errors import RecordsError
from cloud.records.fiction.person import fiction
from cloud.records.lag import as_of
from cloud.records.model import ITEM_OF, Record
from cloud.records.report import Report, report
from cloud.records.service import Found, OpenConsent, Records
from cloud.records.specimen import Wanted
from cloud.records.specimen import specimen as drawn
from cloud.records.vault import Vault
from cloud.registry.fictitious import fictitious
from cloud.registry.model import CertificateLink, Entry, LinkKind, PersonId
from protocol.codes import Sex
from protocol.ids import FacilityCode, RequestId
from protocol.numbers import NumberError, facility_code

DEFAULT = Path("var/cloud/cloud.toml")
AT_ONCE = 100
"""Persons in one transaction of `seed`."""

app = typer.Typer(
    no_args_is_help=True,
    help="Drugs, treatment, surgery, checkups: sealed, read under a living consent.\n\n"
    "Example: shikaku-cloud records specimen --seed 23 --age 78 --pdf specimen.pdf",
)
ConfigFile = Annotated[
    Path, typer.Option("--config", help="The cloud's TOML file (cloud/README.md).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
PdfFile = Annotated[
    Path | None, typer.Option("--pdf", help="Write a PDF (A4) to this file.")
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Instead of today.")
]
T = TypeVar("T")


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
    settings = _settings(config)
    secret = _or_exit(lambda: record_secret(settings))
    today, persons, rows = _today(), 0, 0
    with closing(_database(settings)) as database:
        vault = Vault(SqlRecords(database), secret, os.urandom)
        for page in _shown(
            pages_of_persons(database, AT_ONCE), count_persons(database)
        ):
            people = [entry for entry in page if fictitious(entry.person)]
            rows += vault.replace(
                {entry.id: _fiction(entry, seed, today) for entry in people}
            )
            persons += len(people)
    sentence = f"{rows} fictitious records of {persons} persons"
    counted = {"persons": persons, "records": rows, "seed": seed}
    typer.echo(json.dumps(counted) if as_json else sentence)


@app.command("show")
def show_command(
    facility: Annotated[
        str, typer.Option(help="医療機関コード that reads (10 digits).")
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
    settings, where = _settings(config), _facility(facility)
    with closing(_database(settings)) as database:
        entry = _person(database, person_of)
        vault = _or_exit(lambda: reading_vault(settings))
        consents = Consents(SqlConsents(database), vault)
        opened = _living(consents, where, entry.id, RequestId(visit) if visit else None)
        made = _or_no(
            lambda: Records(SqlRecords(database)).read(
                entry, opened, _today(), _maker(entry, where, as_json)
            )
        )
        _or_exit(lambda: _logged(settings, database, where, entry, opened, made))
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
    when = day.date() if day else _today()
    made = drawn(seed, day=when, now_ms=at, wanted=Wanted(age, sex))
    _hand_out(_or_exit(lambda: _as_asked(made, as_json)), pdf_file)


@app.command("schema")
def schema_command() -> None:
    """The JSON Schema of what `show --json` prints.

    Example: shikaku-cloud records schema
    """
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=1))


# -- reading -------------------------------------------------------------------------
def _living(
    consents: Consents,
    facility: FacilityCode,
    person: PersonId,
    visit: RequestId | None,
) -> dict[str, OpenConsent]:
    """What is open at this moment; from then on each page asks again."""
    opened: dict[str, OpenConsent] = {}
    for item in dict.fromkeys(ITEM_OF.values()):
        gate = consents.gate(
            facility=facility, person=person, item=item, visit=visit, now_ms=now_ms
        )
        try:
            gate.key()
        except ConsentClosedError:
            continue
        opened[item] = gate
    return opened


def _logged(
    settings: Config,
    database: Database,
    facility: FacilityCode,
    entry: Entry,
    opened: Iterable[str],
    made: bytes,
) -> None:
    """The reading is on the disk before anything is handed out."""
    result = hashlib.sha256(made).digest()
    said = detail(items=sorted(opened))
    row = Logged(facility, now_ms(), Kind.READ, entry.id, said, result)
    log, _ = audit_log(settings, database)
    with database.transaction():
        log.append([row])


def _maker(
    entry: Entry, facility: FacilityCode, as_json: bool
) -> Callable[[Found], bytes]:
    def make(found: Found) -> bytes:
        made = report(
            found,
            entry.person,
            facility=facility,
            as_of=as_of(_today()),
            made_at=now_ms(),
            fictitious=fictitious(entry.person),
        )
        return _as_asked(made, as_json)

    return make


def _as_asked(made: Report, as_json: bool) -> bytes:
    if as_json:
        return written(made)
    # Here, because every other command would wait for ReportLab, too.
    from cloud.adapters.pdf.records import pdf

    return pdf(made)


def _hand_out(made: bytes, file: Path | None) -> None:
    if file is None:
        typer.echo(made.decode())
        return
    handle = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as out:
        os.fchmod(handle, 0o600)
        out.write(made)
    sys.stderr.write(f"{file}: {len(made)} bytes\n")


def _person(database: Database, certificate: str) -> Entry:
    try:
        link = CertificateLink(LinkKind.CERTIFICATE, bytes.fromhex(certificate))
    except ValueError:
        _stop("--person-of: 64 hex digits, the SHA-256 of a certificate")
    found = SqlRegistry(database).linked(link)
    if found is None:
        _refuse("nobody in the registry has this certificate")
    return found


def _facility(code: str) -> FacilityCode:
    try:
        return facility_code(code)
    except NumberError as error:
        _stop(f"--facility: {error}")


def _one_of(file: Path | None, as_json: bool) -> None:
    if (file is None) is not as_json:
        _stop("say --json, or --pdf FILE")


# -- filling -------------------------------------------------------------------------
def _fiction(entry: Entry, seed: int, today: date) -> tuple[Record, ...]:
    who = entry.person
    return fiction(seed, entry.id, sex=who.sex, birth_date=who.birth_date, today=today)


def _shown(pages: Iterator[list[Entry]], total: int) -> Iterator[list[Entry]]:
    done = 0
    for page in pages:
        yield page
        done += len(page)
        if done // 1_000 > (done - len(page)) // 1_000 or done == total:
            sys.stderr.write(f"{done} of {total} persons\n")


# -- the shell -----------------------------------------------------------------------
def _settings(file: Path) -> Config:
    return _or_exit(lambda: load(file))


def _database(settings: Config) -> Database:
    return _or_exit(lambda: open_database(settings))


def _or_exit(action: Callable[[], T]) -> T:
    try:
        return action()
    except (CloudError, MigrationError) as error:
        _stop(str(error))


def _or_no(action: Callable[[], T]) -> T:
    """The records, or the word why not."""
    try:
        return action()
    except ConsentClosedError:
        _refuse("no living consent of this facility opens these records")
    except RecordsError as error:
        _refuse(str(error))
    except CloudError as error:
        _stop(str(error))


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(1)


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(2)


def _today() -> date:
    return moment(now_ms()).astimezone(JST).date()
