"""What commands have in common: the configuration, a database, a way to end."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from cloud.access.certificate import moment
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.database import Database
from cloud.adapters.sql.version import MigrationError
from cloud.config import Config, load
from cloud.eligibility.model import JST
from cloud.errors import CloudError
from cloud.main import open_database

DEFAULT = Path("var/cloud/cloud.toml")

ConfigFile = Annotated[
    Path, typer.Option("--config", help="The cloud's TOML file (cloud/README.md).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
T = TypeVar("T")


def settings_of(file: Path) -> Config:
    return or_exit(lambda: load(file))


def database_of(settings: Config) -> Database:
    return or_exit(lambda: open_database(settings))


def or_exit(action: Callable[[], T]) -> T:
    """Exit code 2, and the error's sentence, for what the user can put right."""
    try:
        return action()
    except (CloudError, MigrationError) as error:
        stop(str(error))


def stop(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(2)


def say(sentence: str, data: object, as_json: bool) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False) if as_json else sentence)


def today() -> date:
    """In Japan."""
    return moment(now_ms()).astimezone(JST).date()
