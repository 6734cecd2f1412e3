"""shikaku-cloud fhir: coverage, capability, check."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from cloud.adapters.clock import now_ms
from cloud.console import (
    DEFAULT,
    ConfigFile,
    committing,
    facility_of,
    opened,
    or_exit,
    progress,
    settings_of,
    stop,
    today,
)
from cloud.desk import asking_of, reading_of
from cloud.eligibility.inquiry import NumberQuery
from cloud.exchange import fhir_of
from cloud.fhir import jp
from cloud.fhir.capability import capability
from cloud.fhir.resource import TYPES, checked, written
from cloud.fhir.service import Fhir
from cloud.keyring import audit_secret
from cloud.main import sql_stores

BASE = "https://shikaku.example/fhir"
"""Stands in links where nobody called over HTTP."""
app = typer.Typer(
    no_args_is_help=True,
    help="What FHIR clients get (cloud/fhir/README.md).\n\n"
    "Example: shikaku-cloud fhir capability",
)


@contextmanager
def _desk(config: Path) -> Iterator[Fhir]:
    found = settings_of(config)
    secret = or_exit(lambda: audit_secret(found))
    with opened(found) as database:
        stores = sql_stores(database, secret)
        commit = committing(database, stores.audit)

        def wired() -> Fhir:
            asking = asking_of(found, stores, commit)
            return fhir_of(found, stores, asking, reading_of(found, stores, commit))

        yield or_exit(wired)


@app.command()
def coverage(
    facility: Annotated[str, typer.Option(help="Who asks (10 digits).")],
    insurer: Annotated[str, typer.Option(help="保険者番号, 8 or 6 digits.")],
    number: Annotated[str, typer.Option(help="番号.")],
    birth_date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    symbol: Annotated[str, typer.Option(help="記号; empty where there is none.")] = "",
    branch: Annotated[str, typer.Option(help="枝番; empty where there is none.")] = "",
    config: ConfigFile = DEFAULT,
) -> None:
    """What Coverage/_search answers this facility, as JSON. It is asked and logged.

    Exit code 1: nobody is found, it is not in force, or a Coverage breaks JP_Coverage;
    stderr says which.

    Example: shikaku-cloud fhir coverage --facility 1310000003 --insurer 06991004
    --symbol 1 --number 23 --birth-date 1970-01-02
    """
    where = facility_of(facility)
    query = NumberQuery(insurer, symbol, number, birth_date.date(), branch)
    with _desk(config) as desk:
        found = desk.search_coverage(where, query, now_ms(), BASE)
    typer.echo(found.bundle.decode())
    progress(f"proof {found.proof}")
    bundle = json.loads(found.bundle)
    wrong = [fault for one in _insurances(bundle) for fault in jp.faults(one)]
    for fault in wrong:
        progress(f"JP_Coverage: {fault}")
    active = [one["status"] == "active" for one in _insurances(bundle)]
    raise typer.Exit(0 if active and all(active) and not wrong else 1)


@app.command("capability")
def capability_statement() -> None:
    """The CapabilityStatement of /fhir/metadata, as JSON. No database is needed.

    Example: shikaku-cloud fhir capability
    """
    made = capability(version("shikaku"), today().isoformat())
    typer.echo(written(made).decode())


@app.command()
def check(file: Path) -> None:
    """Whether a file is a FHIR R4 resource that we know; a Coverage as JP_Coverage.

    Exit code 1: it is not, and stderr says where; no value is repeated.

    Example: shikaku-cloud fhir check coverage.json
    """
    try:
        found: Any = json.loads(file.read_bytes())
    except OSError as error:
        stop(f"{file}: {error.strerror}")
    except (ValueError, RecursionError):
        stop(f"{file}: not JSON")
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if kind not in TYPES:
        stop(f"{file}: resourceType is one of {', '.join(TYPES)}")
    wrong = _faults(found)
    for fault in wrong:
        progress(fault)
    if wrong:
        raise typer.Exit(1)
    typer.echo(f"{file}: {kind}")


def _faults(found: dict[str, Any]) -> list[str]:
    try:
        checked(found)
    except ValidationError as error:
        faults = error.errors(
            include_input=False, include_url=False, include_context=False
        )
        return [
            f"{'.'.join(map(str, one['loc']))}: {one['type'].replace('_', ' ')}"
            for one in faults
        ]
    insured = found["resourceType"] == "Coverage" and "identifier" in found
    return jp.faults(found) if insured else []


def _insurances(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """Without who pays beside them."""
    return [
        one["resource"]
        for one in bundle.get("entry", ())
        if one["search"]["mode"] == "match"
    ]
