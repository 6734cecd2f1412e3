"""shikaku-cloud eligibility: ask, again, end-care, watches, recheck, notices."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cloud.access.asking import Asking
from cloud.access.inquire import NotInCareError
from cloud.adapters.clock import now_ms
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
)
from cloud.desk import asking_of, new_handle
from cloud.eligibility.inquiry import NumberQuery
from cloud.eligibility.watch import Notice, Watch
from cloud.housekeeping import look_again
from cloud.keyring import audit_secret
from cloud.main import Stores, sql_stores
from protocol.ids import RequestId

FOLLOW_S = 2.0
Facility = Annotated[
    str, typer.Option("--facility", help="Code of the facility that asks (10 digits).")
]
Handle = Annotated[str, typer.Option(help="Request id of the first check here.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")]

app = typer.Typer(
    no_args_is_help=True,
    help="Ask for eligibility without a card, and what is still open.\n\n"
    "Example: shikaku-cloud eligibility notices --facility 1310000003",
)


@dataclass(frozen=True, slots=True)
class Desk:
    stores: Stores
    asking: Asking


@contextmanager
def _desk(config: Path) -> Iterator[Desk]:
    found = settings_of(config)
    secret = or_exit(lambda: audit_secret(found))
    with opened(found) as database:
        stores = sql_stores(database, secret)
        commit = committing(database, stores.audit)
        yield Desk(stores, or_exit(lambda: asking_of(found, stores, commit)))


@app.command()
def ask(
    facility: Facility,
    insurer: Annotated[str, typer.Option(help="保険者番号, 8 or 6 digits.")],
    number: Annotated[str, typer.Option(help="番号.")],
    birth_date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    symbol: Annotated[str, typer.Option(help="記号; empty where there is none.")] = "",
    branch: Annotated[
        str, typer.Option(help="枝番; empty where there is none, not 00.")
    ] = "",
    on: Day = None,
    limit_consent: Annotated[
        bool, typer.Option(help="限度額: the patient agreed at the desk.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """By symbol, number and branch. Exit code 1 when not valid, with cause and advice.

    What time may mend is watched from now on: `eligibility notices` tells.

    Example: shikaku-cloud eligibility ask --facility 1310000003 --insurer 06991004
    --symbol 1 --number 23 --birth-date 1970-01-02
    """
    query = NumberQuery(
        insurer,
        symbol,
        number,
        birth_date.date(),
        branch,
        limit_consent,
        on.date() if on else None,
    )
    now = now_ms()
    handle = new_handle(now)
    with _desk(config) as desk:
        where = facility_of(facility)
        found = desk.asking.by_number(where, query, handle=handle, now_ms=now)
    _answer(found, as_json)


@app.command()
def again(
    facility: Facility,
    handle: Handle,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """再照会: the latest of somebody in continuing care, without the card.

    Example: shikaku-cloud eligibility again --facility 1310000003 --handle 0198...
    """
    with _desk(config) as desk:
        try:
            where = facility_of(facility)
            found = desk.asking.again(where, RequestId(handle), now_ms())
        except NotInCareError:
            progress("no first check of a home visit here, or the care has ended")
            raise typer.Exit(1) from None
    _answer(found, as_json)


@app.command("end-care")
def end_care(
    facility: Facility,
    handle: Handle,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The continuing care is over: from now on the card is needed again.

    Example: shikaku-cloud eligibility end-care --facility 1310000003 --handle 0198...
    """
    with _desk(config) as desk:
        where = facility_of(facility)
        if not desk.asking.end_care(where, RequestId(handle), now_ms()):
            progress("no continuing care by this handle here")
            raise typer.Exit(1)
    say("the care has ended", {"handle": handle}, as_json)


@app.command()
def watches(
    facility: Annotated[str | None, typer.Option(help="Only this one's.")] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Questions that are still open, the oldest first. Names nobody.

    Example: shikaku-cloud eligibility watches --json
    """
    with _desk(config) as desk:
        where = facility_of(facility) if facility else None
        found = [_watch(one) for one in desk.stores.eligibility.watches(where)]
    lines = [f"{one['facility']}  {one['handle']}  {one['cause']}" for one in found]
    say("\n".join(lines) or "nothing is open", found, as_json)


@app.command()
def recheck(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Look now at what is due, as a worker does every minute.

    Example: shikaku-cloud eligibility recheck --config cloud.toml
    """
    with _desk(config) as desk:
        told = [_notice(one) for one in look_again(desk.stores, now_ms())]
    say(f"{len(told)} notices", told, as_json)


@app.command()
def notices(
    facility: Facility,
    after: Annotated[int, typer.Option(min=0, help="Only behind this number.")] = 0,
    follow: Annotated[
        bool, typer.Option("--follow", help="And go on, until Ctrl-C.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What a facility is told of its open questions: ask again, or call the insurer.

    Example: shikaku-cloud eligibility notices --facility 1310000003 --follow
    """
    where = facility_of(facility)
    with _desk(config) as desk:
        while True:
            for number, notice in desk.stores.eligibility.notices(where, after):
                after = number
                line = {"number": number, **_notice(notice)}
                say(f"{number}  {notice.handle}  {notice.kind}", line, as_json)
            if not follow:
                return
            time.sleep(FOLLOW_S)


def _answer(found: dict[str, object], as_json: bool) -> None:
    advice = found["advice"]
    lines = [f"validity {found['validity']} on {found['on']}"]
    if isinstance(advice, dict):
        lines += [
            f"{advice[part]['ja']}\n{advice[part]['en']}" for part in ("cause", "staff")
        ]
    lines += _changed(found["changes"])
    lines.append(f"proof {found['proof']}")
    say("\n".join(lines), found, as_json)
    if found["cause"]:
        raise typer.Exit(1)


def _changed(changes: object) -> list[str]:
    """Old and new, for the eyes of whoever saves it."""
    if not isinstance(changes, dict):
        return []
    fields = [
        f"  {one['ja']}: {one['before'] or '-'} -> {one['now'] or '-'}"
        for one in changes["fields"]
    ]
    return [f"since this facility last saw this person: {changes['state']}", *fields]


def _watch(one: Watch) -> dict[str, object]:
    return {
        "facility": one.facility,
        "handle": one.handle,
        "by": one.target.value,
        "cause": one.cause.value,
        "since": one.since,
        "next_at": one.next_at,
    }


def _notice(one: Notice) -> dict[str, object]:
    return {
        "facility": one.facility,
        "handle": one.handle,
        "kind": one.kind.value,
        "at": one.at,
    }
