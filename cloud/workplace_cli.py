"""shikaku-cloud workplace: issue, list, revoke."""

from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.console import DEFAULT, AsJson, ConfigFile, facility_of, say
from cloud.mode_console import By, done, rooms
from cloud.modes.workplace import Workplace

app = typer.Typer(
    no_args_is_help=True,
    help="職域診療所: substitute codes for clinics that have no facility code.\n\n"
    "Example: shikaku-cloud workplace list",
)


@app.command()
def issue(
    prefecture: Annotated[str, typer.Option(help="Two digits, 01 to 47.")],
    name: Annotated[str, typer.Option(help="Of the clinic.")],
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The next substitute code of a prefecture: its digits, 9, a serial, a check digit.

    It is taken wherever a facility code is, and is never given twice.

    Example: shikaku-cloud workplace issue --prefecture 13 --name "架空工業 健康管理室"
    --by operator-1
    """
    with rooms(config) as room:
        issued = done(
            lambda: room.workplaces.issue(prefecture, name=name, by=by, now_ms=now_ms())
        )
    say(f"{issued.code}  {issued.name}", shown(issued), as_json)


@app.command("list")
def list_all(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Every code that was ever issued, the oldest first.

    Example: shikaku-cloud workplace list --json
    """
    with rooms(config) as room:
        found = [shown(one) for one in room.workplaces.store.every(Workplace)]
    lines = [
        f"{one['code']}  {'revoked' if one['revoked_at'] else 'in use'}  {one['name']}"
        for one in found
    ]
    say("\n".join(lines) or "none", found, as_json)


@app.command()
def revoke(
    code: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Take a code back: its readers are answered no more.

    Example: shikaku-cloud workplace revoke 1390000011 --by operator-1
    """
    where = facility_of(code)
    with rooms(config) as room:
        gone = done(lambda: room.workplaces.revoke(where, by=by, now_ms=now_ms()))
    say(f"{gone.code}  revoked", shown(gone), as_json)


def shown(one: Workplace) -> dict[str, object]:
    return {
        "code": one.code,
        "name": one.name,
        "issued_by": one.issued_by,
        "issued_at": one.issued_at,
        "revoked_at": one.revoked_at,
        "revoked_by": one.revoked_by,
    }
