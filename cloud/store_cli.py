"""shikaku-cloud: migrate, seed, import."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from cloud import imports
from cloud.adapters.sql.connect import connect
from cloud.adapters.sql.facilities import SqlFacilities
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.schema import migrate
from cloud.adapters.sql.version import version
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    opened,
    or_exit,
    say,
    settings_of,
    today,
)
from cloud.keyring import keep_secrets
from cloud.registry.service import Record
from cloud.seed import records

PROGRESS_EVERY = 2_000

app = typer.Typer(no_args_is_help=True)
bring = typer.Typer(no_args_is_help=True, help="Bring readers or persons in.")
app.add_typer(bring, name="import")


@app.command("migrate")
def migrate_command(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Create the database, or bring it to this version.

    Example: shikaku-cloud migrate --config var/cloud/cloud.toml
    """
    settings = settings_of(config)
    settings.cloud.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(connect(settings.where)) as database:
        applied = migrate(database)
        found = version(database)
        made = or_exit(lambda: keep_secrets(settings, database))
    for secret in made:
        sys.stderr.write(f"made {secret}: back it up, apart from the database\n")
    told: dict[str, object] = {
        "applied": applied,
        "version": found,
        "made": [str(one) for one in made],
    }
    say(f"database version {found}", told, as_json)


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
    drawn = records(persons, seed=seed, today=today())
    with opened(settings_of(config)) as database:
        count = SqlRegistry(database).put(_shown(drawn, persons))
    say(f"{count} fictitious persons", {"persons": count, "seed": seed}, as_json)


@bring.command("readers")
def bring_readers(
    file: Path, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Readers and the facilities they stand in; idempotent.

    A JSON list of {reader_id, facility_code, public_key (PEM),
    certificate_fingerprint (hex SHA-256)}; optional: not_before, not_after, revoked.

    Example: shikaku-cloud import readers readers.json --config var/cloud/cloud.toml
    """
    found = or_exit(lambda: imports.readers(file))
    with opened(settings_of(config)) as database:
        count = SqlFacilities(database).put_readers(found)
    say(f"{count} readers", {"readers": count}, as_json)


@bring.command("persons")
def bring_persons(
    file: Path, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Insured persons with their certificates and insurances; idempotent.

    A JSON list of {certificate_sha256 (hex or null), name, name_kana, sex,
    birth_date, address, post_number, registered, hold, insurances}.

    Example: shikaku-cloud import persons persons.json --config var/cloud/cloud.toml
    """
    found = or_exit(lambda: imports.persons(file))
    with opened(settings_of(config)) as database:
        count = SqlRegistry(database).put(found)
    say(f"{count} persons", {"persons": count}, as_json)


def _shown(people: Iterable[Record], total: int) -> Iterator[Record]:
    for number, record in enumerate(people, 1):
        yield record
        if number % PROGRESS_EVERY == 0 or number == total:
            sys.stderr.write(f"{number} of {total}\n")
