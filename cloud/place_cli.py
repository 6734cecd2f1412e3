"""shikaku-cloud place: set, list, discharge."""

from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.consent.care_place import PlaceKind, lifetime
from cloud.console import DEFAULT, AsJson, ConfigFile, facility_of, say, stop
from cloud.desk import new_handle
from cloud.mode_console import By, Facility, done, rooms
from cloud.modes.store import Placed
from protocol.ids import RequestId, reader_id

HOUR_MS = 60 * 60 * 1000

app = typer.Typer(
    no_args_is_help=True,
    help="Kinds of place: how long a yes may last (発熱外来, 病床).\n\n"
    "Example: shikaku-cloud place list --facility 1310000003",
)


@app.command("set")
def set_kind(
    facility: Facility,
    kind: Annotated[str, typer.Option(help=", ".join(PlaceKind))],
    by: By,
    reader: Annotated[str, typer.Option(help="Only this one; else all.")] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """What kind of place a facility, or one reader of it, is from now on.

    A reader that states another kind of care gets the shorter life of the two.

    Example: shikaku-cloud place set --facility 1310000003 --reader ward-3
    --kind bedside --by admin-1
    """
    if kind not in set(PlaceKind):
        stop(f"--kind: one of {', '.join(PlaceKind)}")
    try:
        name = reader_id(reader) if reader else ""
    except ValueError as error:
        stop(f"--reader: {error}")
    where = facility_of(facility)
    with rooms(config) as room:
        made = done(
            lambda: room.places.set(
                where, PlaceKind(kind), reader=name, by=by, now_ms=now_ms()
            )
        )
    say(line(made), shown(made), as_json)


@app.command("list")
def list_all(
    facility: Facility, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """What a facility and its readers are set to.

    Example: shikaku-cloud place list --facility 1310000003
    """
    where = facility_of(facility)
    with rooms(config) as room:
        found = room.places.store.of(Placed, where)
    told = [shown(one) for one in found]
    say("\n".join(map(line, found)) or "nothing is set", told, as_json)


@app.command()
def discharge(
    handle: Annotated[str, typer.Argument(help="Request id of the first check here.")],
    facility: Facility,
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """退院: the stay is over, and what was consented to for it is closed.

    Example: shikaku-cloud place discharge 0198... --facility 1310000003 --by ward-3
    """
    where = facility_of(facility)
    with rooms(config) as room:
        done(
            lambda: room.places.discharge(
                where,
                RequestId(handle),
                request=RequestId(new_handle(now_ms())),
                by=by,
                now_ms=now_ms(),
            )
        )
    say("discharged", {"handle": handle}, as_json)


def line(one: Placed) -> str:
    life = lifetime(one.kind)
    hours = (
        f"{life.ms // HOUR_MS} hours" if life.ms else "until withdrawn or discharged"
    )
    where = one.reader or "all of it"
    return f"{where}  {one.kind}  a yes lasts {hours}"


def shown(one: Placed) -> dict[str, object]:
    life = lifetime(one.kind)
    return {
        "facility": one.facility,
        "reader": one.reader,
        "kind": one.kind.value,
        "lifetime_ms": life.ms,
        "each_time": life.each_time,
        "at": one.at,
    }
