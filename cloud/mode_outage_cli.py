"""shikaku-cloud mode outage: ask, approve, end, list."""

from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    say,
)
from cloud.mode_console import By, Facility, Reason, done, rooms
from cloud.modes.outage import Outage

app = typer.Typer(no_args_is_help=True, help="障害時: a facility cannot read cards.")


@app.command("ask")
def outage_ask(
    facility: Facility,
    reason: Reason,
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A facility asks; nothing opens before an operator has called back and approved.

    Example: shikaku-cloud mode outage ask --facility 1310000003
    --reason "回線障害でカードを読めない" --by desk-1
    """
    where = facility_of(facility)
    with rooms(config) as room:
        asked = done(
            lambda: room.openings.ask(where, reason=reason, by=by, now_ms=now_ms())
        )
    say(f"{asked.id}  asked", outage_shown(asked), as_json)


@app.command("approve")
def outage_approve(
    handle: Annotated[str, typer.Argument(help="The id of the request.")],
    by: By,
    hours: Annotated[int, typer.Option(help="1 to 24; it ends by itself.")] = 4,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Open it for some hours. Who asked cannot approve.

    Example: shikaku-cloud mode outage approve 0198... --by operator-1 --hours 4
    """
    with rooms(config) as room:
        one = done(
            lambda: room.openings.approve(handle, by=by, hours=hours, now_ms=now_ms())
        )
    say(f"{one.id}  open until {one.until}", outage_shown(one), as_json)


@app.command("end")
def outage_end(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """End it now, or refuse what was asked.

    Example: shikaku-cloud mode outage end 0198... --by operator-1
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.end(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.state(now_ms())}", outage_shown(one), as_json)


@app.command("list")
def outage_list(
    facility: Annotated[str | None, typer.Option(help="Only this one's.")] = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Outages, the oldest first, and how they stand.

    Example: shikaku-cloud mode outage list --json
    """
    where = facility_of(facility) if facility else None
    with rooms(config) as room:
        store = room.openings.store
        found = store.of(Outage, where) if where else store.every(Outage)
    shown = [outage_shown(one) for one in found]
    lines = [
        f"{one['id']}  {one['facility']}  {one['state']}  {one['reason']}"
        for one in shown
    ]
    say("\n".join(lines) or "none", shown, as_json)


def outage_shown(one: Outage) -> dict[str, object]:
    return {
        "id": one.id,
        "facility": one.facility,
        "state": one.state(now_ms()),
        "reason": one.reason,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "approved_by": one.approved_by,
        "since": one.since,
        "until": one.until,
        "ended_by": one.ended_by,
    }
