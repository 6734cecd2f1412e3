"""shikaku-cloud: serve, migrate, seed, import, check; audit, proof, retention."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from cloud import (
    account_cli,
    audit_cli,
    bulk_cli,
    consent_cli,
    device_cli,
    eligibility_cli,
    facility_cli,
    fhir_cli,
    imports,
    logs,
    mode_cli,
    online_cli,
    oqs_cli,
    page_cli,
    place_cli,
    proof_cli,
    records_cli,
    retention_cli,
    workplace_cli,
)
from cloud.access.certificate import moment
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.facilities import SqlFacilities
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.version import MigrationError, version
from cloud.api import described, serve_api
from cloud.config import Config, IntakeSection, load
from cloud.eligibility.model import JST
from cloud.errors import CloudError
from cloud.keyring import keep_secrets
from cloud.main import (
    card_authorities,
    cloud_keys,
    open_database,
)
from cloud.registry.service import Record
from cloud.registry_cli import app as registry
from cloud.seed import records
from cloud.serve import serve as serve_all
from cloud.worker import Stop, work
from protocol.numbers import (
    NumberError,
    facility_code,
    insurer_number,
    public_expense_number,
)

DEFAULT = Path("var/cloud/cloud.toml")
PROGRESS_EVERY = 2_000

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The cloud of Shikaku: answers readers over MQTT.\n\n"
    "Example: shikaku-cloud serve --config cloud.toml",
)
bring = typer.Typer(no_args_is_help=True, help="Bring readers or persons in.")
app.add_typer(bring, name="import")
app.add_typer(consent_cli.app, name="consent")
app.add_typer(eligibility_cli.app, name="eligibility")
app.add_typer(bulk_cli.app, name="bulk")
app.add_typer(records_cli.app, name="records")
app.add_typer(fhir_cli.app, name="fhir")
app.add_typer(audit_cli.app, name="audit")
app.add_typer(proof_cli.app, name="proof")
app.add_typer(page_cli.app, name="page")
app.add_typer(retention_cli.app, name="retention")
app.add_typer(mode_cli.app, name="mode")
app.add_typer(workplace_cli.app, name="workplace")
app.add_typer(device_cli.app, name="device")
app.add_typer(online_cli.app, name="online")
app.add_typer(place_cli.app, name="place")
app.add_typer(registry, name="registry")
app.add_typer(oqs_cli.app, name="oqs")
app.add_typer(facility_cli.app, name="facility")
app.add_typer(account_cli.app, name="account")

ConfigFile = Annotated[
    Path, typer.Option("--config", help="The cloud's TOML file (cloud/README.md).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
T = TypeVar("T")


class NumberKind(StrEnum):
    INSURER = "insurer"
    FACILITY = "facility"
    PUBLIC_EXPENSE = "public-expense"


_CHECKS: dict[NumberKind, Callable[[str], str]] = {
    NumberKind.INSURER: insurer_number,
    NumberKind.FACILITY: facility_code,
    NumberKind.PUBLIC_EXPENSE: public_expense_number,
}


@app.command("migrate")
def migrate_command(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Create the database, or bring it to this version.

    Example: shikaku-cloud migrate --config var/cloud/cloud.toml
    """
    settings = _settings(config)
    settings.cloud.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(connect(settings.where)) as database:
        applied = migrate(database)
        found = version(database)
        made = _or_exit(lambda: keep_secrets(settings, database))
    for secret in made:
        sys.stderr.write(f"made {secret}: back it up, apart from the database\n")
    told: dict[str, object] = {
        "applied": applied,
        "version": found,
        "made": [str(one) for one in made],
    }
    _say(f"database version {found}", told, as_json)


@app.command()
def seed(
    persons: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    config: ConfigFile = DEFAULT,
    seed: Annotated[int, typer.Option(help="The same seed, the same people.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Fill the registry with fictitious insured persons.

    Example: shikaku-cloud seed --persons 10000 --config var/cloud/cloud.toml
    """
    drawn = records(persons, seed=seed, today=_today())
    with closing(_database(config)) as database:
        count = SqlRegistry(database).put(_shown(drawn, persons))
    _say(f"{count} fictitious persons", {"persons": count, "seed": seed}, as_json)


@bring.command("readers")
def bring_readers(
    file: Path, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Readers and the facilities they stand in; idempotent.

    A JSON list of {reader_id, facility_code, public_key (PEM),
    certificate_fingerprint (hex SHA-256)}; optional: not_before, not_after, revoked.

    Example: shikaku-cloud import readers readers.json --config var/cloud/cloud.toml
    """
    found = _or_exit(lambda: imports.readers(file))
    with closing(_database(config)) as database:
        count = SqlFacilities(database).put_readers(found)
    _say(f"{count} readers", {"readers": count}, as_json)


@bring.command("persons")
def bring_persons(
    file: Path, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Insured persons with their certificates and insurances; idempotent.

    A JSON list of {certificate_sha256 (hex or null), name, name_kana, sex,
    birth_date, address, post_number, registered, hold, insurances}.

    Example: shikaku-cloud import persons persons.json --config var/cloud/cloud.toml
    """
    found = _or_exit(lambda: imports.persons(file))
    with closing(_database(config)) as database:
        count = SqlRegistry(database).put(found)
    _say(f"{count} persons", {"persons": count}, as_json)


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
    settings = _settings(config)
    if workers is not None:
        intake = IntakeSection(workers=workers)
        settings = settings.model_copy(update={"intake": intake})
    _or_exit(lambda: _usable(settings))
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
    settings = _settings(config)
    _or_exit(lambda: work(settings, index, Stop()))


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
    settings = _settings(config)
    if describe:
        typer.echo(_or_exit(lambda: described(settings)))
        return
    _or_exit(lambda: asyncio.run(serve_api(settings)))


@app.command()
def check(kind: NumberKind, number: str, as_json: AsJson = False) -> None:
    """Check the shape and the check digit of a number; exit code 1 when wrong.

    Says which digit: the check digit, or what alone would put each other one right
    (suspects; prefectures and laws narrow them down).

    Example: shikaku-cloud check insurer 01130012
    """
    try:
        _CHECKS[kind](number)
    except NumberError as error:
        found: dict[str, object] = {
            "valid": False,
            "problem": str(error),
            "position": error.position,
            "suspects": [
                {"position": place, "digit": digit} for place, digit in error.suspects
            ],
        }
        _say(str(error), found, as_json)
        raise typer.Exit(1) from error
    _say("valid", {"valid": True}, as_json)


def main() -> None:
    app()


def _usable(settings: Config) -> None:
    """Everything a worker will need, before the first is started."""
    cloud_keys(settings)
    card_authorities(settings)
    open_database(settings).close()


def _settings(file: Path) -> Config:
    return _or_exit(lambda: load(file))


def _database(file: Path) -> Database:
    settings = _settings(file)
    return _or_exit(lambda: open_database(settings))


def _or_exit(action: Callable[[], T]) -> T:
    try:
        return action()
    except (CloudError, MigrationError) as error:
        _stop(str(error))


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(2)


def _say(sentence: str, data: dict[str, object], as_json: bool) -> None:
    typer.echo(json.dumps(data) if as_json else sentence)


def _today() -> date:
    return moment(now_ms()).astimezone(JST).date()


def _shown(people: Iterable[Record], total: int) -> Iterator[Record]:
    for number, record in enumerate(people, 1):
        yield record
        if number % PROGRESS_EVERY == 0 or number == total:
            sys.stderr.write(f"{number} of {total}\n")
