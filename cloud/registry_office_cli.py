"""shikaku-cloud registry: use and cards of one person, holds, lists A, B and C."""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.adapters.list_files import write_lists
from cloud.adapters.sql.registry_office import SqlRegistryOffice
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    opened,
    say,
    settings_of,
    stop,
    today,
)
from cloud.registry.lists import Month, of_day, of_month
from cloud.registry.office import Office, Result
from cloud.registry.values import day as iso_day
from cloud.registry.values import insurer_key

office = typer.Typer()

Received = Annotated[
    str, typer.Option("--on", help="The day it was received (YYYY-MM-DD); else today.")
]
_SENTENCES = {
    Result.UNCHANGED: "nothing to change",
    Result.UNKNOWN: "no such person: check the resident reference",
    Result.NOT_IN_USE: "the card is not registered for use: nothing to cancel",
}


@contextmanager
def _store(config: Path) -> Iterator[SqlRegistryOffice]:
    with opened(settings_of(config)) as database:
        yield SqlRegistryOffice(database)


@office.command("use")
def use_command(
    config: ConfigFile = DEFAULT, on: Received = "", as_json: AsJson = False
) -> None:
    """Register a card for use (利用登録); the resident reference is read from stdin.

    It also takes back a cancellation.

    Example: echo R99-0123456789abcdef | shikaku-cloud registry use --config cloud.toml
    """
    with _store(config) as store:
        result = Office(store).register_use(_reference(), _day(on))
    _tell(result, "registered for use", {}, as_json)


@office.command("cancel")
def cancel(
    config: ConfigFile = DEFAULT, on: Received = "", as_json: AsJson = False
) -> None:
    """Cancel use (利用登録の解除): it ends with the month after the day of receipt.

    The resident reference is read from standard input.

    Example: echo R99-0123456789abcdef | shikaku-cloud registry cancel --on 2026-10-31
    """
    with _store(config) as store:
        result, until = Office(store).cancel_use(_reference(), _day(on))
    last = until.isoformat() if until else ""
    _tell(result, f"last day of use: {last}", {"last_day_of_use": last}, as_json)


@office.command("return")
def give_back(
    config: ConfigFile = DEFAULT, on: Received = "", as_json: AsJson = False
) -> None:
    """A card was given back: its certificates open nothing any more (daily list C).

    The resident reference is read from standard input.

    Example: echo R99-0123456789abcdef | shikaku-cloud registry return
    """
    with _store(config) as store:
        result, gone = Office(store).give_back(_reference(), _day(on))
    _tell(result, f"{gone} certificates unlinked", {"unlinked": gone}, as_json)


@office.command("holds")
def holds(
    config: ConfigFile = DEFAULT,
    insurer: Annotated[str, typer.Option(help="Only of this insurer.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(help="Write its open holds there (CSV, mode 0600)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Disclosure holds (閲覧停止): how many, by insurer and kind.

    Example: shikaku-cloud registry holds --insurer 06991004 --out holds.csv
    """
    if out and not insurer:
        stop("--out needs --insurer: an insurer sees its own persons only")
    with _store(config) as store:
        asked = insurer_key(insurer)
        counts = [
            one for one in store.hold_counts() if not asked or one.insurer == asked
        ]
        if out:
            _write_holds(store, insurer, out)
    lines = [
        f"{one.insurer or 'imported'} {one.kind}: {one.open} open, {one.ended} ended"
        for one in counts
    ]
    data = [one._asdict() for one in counts]
    say("\n".join(lines) or "no holds", {"holds": data}, as_json)


def _write_holds(store: SqlRegistryOffice, insurer: str, out: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(
        os.open(out, flags, 0o600), "w", encoding="utf-8", newline=""
    ) as opened:
        rows = csv.writer(opened)
        rows.writerow(("hold", "kind", "insurer_number", "symbol", "number", "branch"))
        for one in store.open_holds(insurer):
            rows.writerow(
                (one.id, one.kind, one.insurer, one.symbol, one.number, one.branch)
            )


@office.command("release")
def release(
    hold: Annotated[list[int], typer.Argument(help="Numbers of holds.")],
    insurer: Annotated[
        str, typer.Option(help='The insurer that confirms; "" for imported holds.')
    ],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """End holds that their insurer has confirmed; others' are left alone.

    Exit code 1 when one of them was not open, or not this insurer's.

    Example: shikaku-cloud registry release 17 18 --insurer 06991004
    """
    asked = sorted(set(hold))
    with _store(config) as store:
        ended = Office(store).release(asked, insurer, now_ms())
    say(f"{ended} of {len(asked)} holds ended", {"ended": ended}, as_json)
    if ended < len(asked):
        raise typer.Exit(1)


@office.command("lists")
def lists(
    out: Annotated[Path, typer.Option(help="A folder; one file per insurer and list.")],
    month: Annotated[str, typer.Option(help="A, B and C of YYYY-MM.")] = "",
    on: Annotated[str, typer.Option("--day", help="C of a day: returned cards.")] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Lists for 資格確認書 as CSV per insurer: no names, the insurer's own numbers.

    Persons on hold are on no list: they are the insurer's to confirm first.

    Example: shikaku-cloud registry lists --month 2026-10 --out lists/
    """
    if bool(month) == bool(on):
        stop("either --month YYYY-MM or --day YYYY-MM-DD")
    with _store(config) as store:
        if month:
            listed = of_month(store, Month(_day(f"{month}-01")))
        else:
            listed = of_day(store, _day(on))
        counts = write_lists(out, month or on, listed)
    lines = [f"{letter} {number}: {n}" for (letter, number), n in counts.items()]
    data = [
        {"list": letter, "insurer_number": number, "persons": n}
        for (letter, number), n in counts.items()
    ]
    say("\n".join(lines) or "nobody to list", {"lists": data}, as_json)


def _reference() -> str:
    """Not an argument: those stand in the list of processes and in the history."""
    found = sys.stdin.readline().strip()
    if not found:
        stop("standard input: one resident reference")
    return found


def _day(text: str) -> date:
    if not text:
        return today()
    found = iso_day(text)
    if found is None:
        stop("a day is YYYY-MM-DD, a month YYYY-MM")
    return date.fromisoformat(found)


def _tell(result: Result, done: str, data: dict[str, object], as_json: bool) -> None:
    sentence = done if result is Result.DONE else _SENTENCES[result]
    say(sentence, {"result": result.value, **data}, as_json)
    if result in (Result.UNKNOWN, Result.NOT_IN_USE):
        raise typer.Exit(1)
