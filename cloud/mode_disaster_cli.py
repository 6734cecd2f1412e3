"""shikaku-cloud mode disaster: open, approve, close, list, consent."""

from typing import Annotated

import typer

from cloud.adapters.clock import now_ms
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    say,
    stop,
)
from cloud.mode_console import By, Day, Facility, Reason, done, rooms, use_shown
from cloud.modes.disaster import Disaster
from cloud.modes.region import Region
from cloud.modes.use import Use
from protocol.codes import CONSENT_ITEM_BY_CODE, Decision

app = typer.Typer(no_args_is_help=True, help="災害時: by region, from day to day.")


@app.command("open")
def disaster_open(
    prefecture: Annotated[str, typer.Option(help="Two digits, 01 to 47.")],
    reason: Reason,
    first: Day,
    last: Day,
    by: By,
    area: Annotated[
        str, typer.Option(help="Of one municipality: digits 4 and 5 of its codes.")
    ] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Open a region from one day in Japan to another; a second operator approves.

    Example: shikaku-cloud mode disaster open --prefecture 17 --reason "地震による被害"
    --first 2026-06-15 --last 2026-06-30 --by operator-1
    """
    days = (first.date(), last.date())
    with rooms(config) as room:
        begun = done(
            lambda: room.openings.begin(
                Region(prefecture, area),
                reason=reason,
                by=by,
                days=days,
                now_ms=now_ms(),
            )
        )
    say(f"{begun.id}  waits for approval", disaster_shown(begun), as_json)


@app.command("approve")
def disaster_approve(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """The second operator: from its first day, or at once if that has begun.

    Example: shikaku-cloud mode disaster approve 0198... --by operator-2
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.admit(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.since} to {one.until}", disaster_shown(one), as_json)


@app.command("close")
def disaster_close(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Close it now, and with it everything that was opened in it.

    Example: shikaku-cloud mode disaster close 0198... --by operator-1
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.close(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.state(now_ms())}", disaster_shown(one), as_json)


@app.command("list")
def disaster_list(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Disasters, the oldest first, and how they stand.

    Example: shikaku-cloud mode disaster list
    """
    with rooms(config) as room:
        found = room.openings.store.every(Disaster)
    shown = [disaster_shown(one) for one in found]
    lines = [
        f"{one['id']}  {one['region']}  {one['state']}  {one['first_day']} to"
        f" {one['last_day']}"
        for one in shown
    ]
    say("\n".join(lines) or "none", shown, as_json)


@app.command("consent")
def disaster_consent(
    case: Annotated[str, typer.Argument(help="What `mode search` printed.")],
    facility: Facility,
    by: By,
    say_yes: Annotated[
        list[str] | None, typer.Option("--yes", help="An item; repeatable.")
    ] = None,
    say_no: Annotated[
        list[str] | None, typer.Option("--no", help="An item; repeatable.")
    ] = None,
    unconscious: Annotated[
        str, typer.Option(help="Nobody can be asked: why. Opens the --yes items.")
    ] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Write down what the patient said aloud, or that they could not say anything.

    Example: shikaku-cloud mode disaster consent 0198... --facility 1710000009
    --by dr-1 --yes diagnosis_and_drugs --no operation
    """
    where, granted = facility_of(facility), tuple(say_yes or ())
    said = dict.fromkeys(granted, Decision.GRANTED)
    said |= dict.fromkeys(say_no or (), Decision.REFUSED)
    if unknown := set(said) - set(CONSENT_ITEM_BY_CODE):
        stop(f"unknown items: {', '.join(sorted(unknown))}")
    if unconscious and say_no:
        stop("the unconscious say nothing: no --no with --unconscious")
    with rooms(config) as room:

        def write() -> Use:
            if unconscious:
                return room.finding.unconscious(
                    where, case, granted, staff=by, reason=unconscious, now_ms=now_ms()
                )
            return room.finding.spoken(where, case, said, staff=by, now_ms=now_ms())

        use = done(write)
    say(f"{case}  {use.spoken}", use_shown(use), as_json)


def disaster_shown(one: Disaster) -> dict[str, object]:
    return {
        "id": one.id,
        "region": one.prefecture + one.area,
        "state": one.state(now_ms()),
        "reason": one.reason,
        "opened_by": one.opened_by,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "approved_by": one.approved_by,
        "since": one.since,
        "until": one.until,
        "ended_by": one.ended_by,
    }
