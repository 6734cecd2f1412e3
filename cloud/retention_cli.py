"""shikaku-cloud retention: rules, plan, run, erase."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.adapters.sql.registry import SqlRegistry
from cloud.adapters.sql.retention import Done, Retention
from cloud.audit.retention import DAY_MS, Rule, configured
from cloud.audit.service import Verifier
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    KeyFiles,
    Person,
    PersonsCertificate,
    opened,
    or_exit,
    person_named,
    progress,
    say,
    settings_of,
    stop,
    trusted_keys,
)
from cloud.keyring import audit_log
from cloud.main import cloud_keys

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
]
app = typer.Typer(
    no_args_is_help=True,
    help="What is kept how long, and letting go of the rest (cloud/audit/README.md)."
    "\n\nExample: shikaku-cloud retention plan --config cloud.toml",
)


@contextmanager
def _desk(
    config: Path, keys: list[Path] | None = None
) -> Iterator[tuple[Retention, SqlRegistry]]:
    found = settings_of(config)
    own = or_exit(lambda: cloud_keys(found))
    trusted = or_exit(lambda: trusted_keys(found, keys or []))
    with opened(found) as database:
        log, secret = or_exit(lambda: audit_log(found, database))
        verifier = Verifier(log, trusted, secret)
        rules = configured(found.retention.days)
        yield (
            Retention(database, log, verifier, own.signer, rules),
            SqlRegistry(database),
        )


@app.command()
def rules(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """What is kept how long, and why, as configured.

    Example: shikaku-cloud retention rules --config var/cloud/cloud.toml
    """
    found = configured(settings_of(config).retention.days)
    shown = "\n".join(map(_rule, found))
    data = [
        {
            "rule": rule.name,
            "table": rule.table,
            "keep_ms": rule.keep_ms,
            "action": str(rule.action),
            "why": rule.why,
            "basis": rule.basis,
            "fixed": rule.fixed,
        }
        for rule in found
    ]
    say(shown, data, as_json)


@app.command()
def plan(
    key: KeyFiles = None, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """What a run would let go of now; the same as `run --dry-run`.

    Example: shikaku-cloud retention plan --config var/cloud/cloud.toml
    """
    with _desk(config, key) as (retention, _):
        _tell(retention.run(now_ms(), dry=True), as_json, dry=True)


@app.command()
def run(
    dry_run: DryRun = False,
    key: KeyFiles = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Let go of everything whose time is over; for a timer, once a day.

    Example: shikaku-cloud retention run --dry-run --config var/cloud/cloud.toml
    """
    with _desk(config, key) as (retention, _):
        _tell(retention.run(now_ms(), dry=dry_run), as_json, dry=dry_run)


@app.command()
def erase(
    person: Person = None,
    certificate: PersonsCertificate = None,
    dry_run: DryRun = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; there is no way back.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Erase one person: registry, consents, records, and who the log's rows are about.

    The log's rows stay, name nobody any more, and verify. Backups are not reached.

    Example: shikaku-cloud retention erase --person 17 --dry-run
    """
    with _desk(config) as (retention, registry):
        who = person_named(registry, person, certificate)
        if not dry_run and not yes and not typer.confirm("Erase this person for good?"):
            stop("nothing was erased")
        _tell(retention.erase(who, now_ms(), dry=dry_run), as_json, dry=dry_run)


def _tell(done: Iterable[Done], as_json: bool, *, dry: bool) -> None:
    found = []
    for one in done:
        found.append(one)
        progress(f"{one.rule}: {one.table}")
    verb = "would go" if dry else "went"
    lines = [f"{one.rows} rows of {one.table} {verb} ({one.rule})" for one in found]
    rows = [{"rule": one.rule, "table": one.table, "rows": one.rows} for one in found]
    say("\n".join(lines), {"dry_run": dry, "done": rows}, as_json)


def _rule(rule: Rule) -> str:
    days = rule.keep_ms / DAY_MS
    period = f"{days:g} days" if days >= 1 else f"{rule.keep_ms // 1000} s"
    fixed = ", fixed" if rule.fixed else ""
    return f"{rule.name}: {rule.table}, {period}{fixed}: {rule.why} [{rule.basis}]"
