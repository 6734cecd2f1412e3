"""What the commands about facilities share."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cloud.adapters.sql.facility_life import SqlLife
from cloud.console import opened, progress, settings_of, stop
from cloud.facilities.life import FacilityLife, UnknownFacilityError
from protocol.catalogue import Code, entry

T = TypeVar("T")
FacilityOption = Annotated[
    str, typer.Option("--facility", help="Code of the facility (10 digits).")
]


@contextmanager
def life_of(config: Path) -> Iterator[tuple[FacilityLife, SqlLife]]:
    """Without the key of addresses: nothing here makes or reads one."""
    with opened(settings_of(config)) as database:
        store = SqlLife(database)
        yield FacilityLife(store), store


def operator() -> str:
    """As history keeps it."""
    return f"operator {getpass.getuser()}"


def refused(code: Code, where: str = "") -> typer.Exit:
    """Says what to do, on stderr; exit code 1."""
    lines = entry(code)
    said = f"{code.value} {lines.staff['en']} {lines.action['en']}"
    progress(f"{said} ({where})" if where else said)
    return typer.Exit(1)


def known(action: Callable[[], T]) -> T:
    """Of a facility that is entered; else the command ends with 2."""
    try:
        return action()
    except UnknownFacilityError:
        stop("no such facility: enter it with shikaku-cloud facility add")
