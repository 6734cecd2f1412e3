"""shikaku-cloud facility: its life, as an operator sees and moves it."""

from datetime import datetime
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
from cloud.facilities.ladder import Move, MoveRefusedError, TooEarlyError, open_to
from cloud.facilities.life import (
    MovedMeanwhileError,
    TermsNotAcceptedError,
)
from cloud.facilities.place import Facility, Profile
from cloud.facilities.terms import TERMS, Setting, accepted
from cloud.facility_desk import FacilityOption, known, life_of, operator, refused
from cloud.facility_keys_cli import keys
from protocol.catalogue import Code

app = typer.Typer(
    no_args_is_help=True,
    help="Facilities: how far each has come, settings, certificates, addresses.\n\n"
    "Example: shikaku-cloud facility show --facility 1310000003",
)
for command in keys.registered_commands:
    app.registered_commands.append(command)


@app.command()
def add(
    facility: FacilityOption,
    name: Annotated[str, typer.Option(help="As patients know it.")],
    profile: Annotated[Profile, typer.Option(help="What it may ask.")] = Profile.FULL,
    prefecture: Annotated[
        str, typer.Option(help="01 to 47; without: of its code.")
    ] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A new facility, not yet on the portal; or another name and profile of one.

    Example: shikaku-cloud facility add --facility 1310000003 --name 架空診療所
    """
    code = facility_of(facility)
    where = prefecture or code[:2]
    if where not in {f"{one:02}" for one in range(1, 48)}:
        stop("--prefecture is 01 to 47")
    with life_of(config) as (life, _):
        new = life.enter(Facility(code, name, profile, where))
    say("entered" if new else "so already", {"code": code, "changed": new}, as_json)


@app.command("list")
def listed(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Every facility, by code.

    Example: shikaku-cloud facility list --json
    """
    with life_of(config) as (_, store):
        found = [_place(one) for one in store.facilities()]
    lines = [f"{one['code']}  {one['state']}  {one['name']}" for one in found]
    say("\n".join(lines) or "no facility", found, as_json)


@app.command()
def show(
    facility: FacilityOption, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """How far it has come, and what can be done from there.

    Example: shikaku-cloud facility show --facility 1310000003
    """
    code = facility_of(facility)
    with life_of(config) as (life, _):
        found = _place(known(lambda: life.place(code)))
    say("\n".join(f"{key}: {one}" for key, one in found.items()), found, as_json)


@app.command()
def history(
    facility: FacilityOption, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Who moved it, and when.

    Example: shikaku-cloud facility history --facility 1310000003
    """
    code = facility_of(facility)
    with life_of(config) as (_, store):
        found = [
            {
                "number": one.number,
                "at": one.at,
                "who": one.who,
                "move": one.move,
                "was": one.was,
                "became": one.became,
                "start_day": one.start_day and one.start_day.isoformat(),
            }
            for one in store.history(code)
        ]
    lines = [
        f"{one['number']}  {one['at']}  {one['was']} -> {one['became']}"
        f"  {one['move']}  {one['who']}"
        for one in found
    ]
    say("\n".join(lines) or "nobody has moved it", found, as_json)


@app.command()
def move(
    facility: FacilityOption,
    by: Annotated[Move, typer.Option("--move", help="What was done.")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """One step on the ladder; exit code 1 when its state does not allow it.

    Only the calendar starts operation: `facility start` enters the day.

    Example: shikaku-cloud facility move --facility 1310000003 --move finish_work
    """
    code = facility_of(facility)
    with life_of(config) as (life, _):
        try:
            place = known(lambda: life.move(code, by, who=operator(), now_ms=now_ms()))
        except TooEarlyError:
            raise refused(Code.START_DAY) from None
        except (MoveRefusedError, MovedMeanwhileError):
            state = life.place(code).state
            can = ", ".join(open_to(state))
            raise refused(Code.WRONG_STATE, f"state {state}: {can}") from None
    say(f"state {place.state}", _place(place), as_json)


@app.command()
def start(
    facility: FacilityOption,
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """運用開始日: in operation from that day; today's begins at once.

    Example: shikaku-cloud facility start --facility 1310000003 --day 2026-07-01
    """
    code, now = facility_of(facility), now_ms()
    with life_of(config) as (life, _):
        try:
            place = known(
                lambda: life.enter_start(code, day.date(), who=operator(), now_ms=now)
            )
        except TooEarlyError:
            raise refused(Code.START_DAY) from None
        except (MoveRefusedError, MovedMeanwhileError):
            state = life.place(code).state
            raise refused(Code.WRONG_STATE, f"state {state}, not 5") from None
    say(f"state {place.state}, from {place.start_day}", _place(place), as_json)


@app.command("start-due")
def start_due(config: ConfigFile = DEFAULT, as_json: AsJson = False) -> None:
    """Into operation whose day has come, as a worker does every minute.

    Example: shikaku-cloud facility start-due
    """
    with life_of(config) as (life, _):
        found = [one.code for one in life.start_due(now_ms())]
    say(f"{len(found)} in operation from now", found, as_json)


# -- settings ------------------------------
@app.command()
def settings(
    facility: FacilityOption, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Functions, whether they are on, and who accepted the terms of today.

    Example: shikaku-cloud facility settings --facility 1310000003
    """
    code = facility_of(facility)
    with life_of(config) as (life, store):
        acceptances = store.acceptances(code)
        found = []
        for one in Setting:
            given = accepted(one, acceptances)
            found.append(
                {
                    "setting": one,
                    "on": life.is_on(code, one),
                    "terms": TERMS[one].version,
                    "accepted_by": given.who if given else None,
                    "accepted_at": given.at if given else None,
                }
            )
    lines = [
        f"{one['setting']}: {'on' if one['on'] else 'off'}, terms {one['terms']}"
        f" {'accepted by ' + str(one['accepted_by']) if one['accepted_by'] else 'open'}"
        for one in found
    ]
    say("\n".join(lines), found, as_json)


@app.command()
def terms(setting: Setting, as_json: AsJson = False) -> None:
    """The terms of a function, in both languages. They are fictitious.

    Example: shikaku-cloud facility terms home_visits
    """
    found = TERMS[setting]
    data = {"version": found.version, "ja": found.ja, "en": found.en}
    say(f"{found.version}\n{found.ja}\n{found.en}", data, as_json)


@app.command()
def accept(
    facility: FacilityOption,
    setting: Annotated[Setting, typer.Option(help="The function.")],
    version: Annotated[str, typer.Option(help="Of the terms that were read.")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Accept terms for a facility, as told by it on paper.

    Example: shikaku-cloud facility accept --facility 1310000003
    --setting home_visits --version 2026-06
    """
    code, now, who = facility_of(facility), now_ms(), operator()
    with life_of(config) as (life, _):
        try:
            known(lambda: life.accept(code, setting, version, who=who, now_ms=now))
        except TermsNotAcceptedError:
            holds = f"version {TERMS[setting].version} holds now"
            raise refused(Code.TERMS_NOT_ACCEPTED, holds) from None
    say("accepted", {"setting": setting, "version": version}, as_json)


@app.command()
def switch(
    facility: FacilityOption,
    setting: Annotated[Setting, typer.Option(help="The function.")],
    on: Annotated[bool, typer.Option("--on/--off", help="Which.")],
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A function off, or on after its terms; exit code 1 without them.

    Example: shikaku-cloud facility switch --facility 1310000003
    --setting home_visits --on
    """
    code, now, who = facility_of(facility), now_ms(), operator()
    with life_of(config) as (life, _):
        try:
            made = known(lambda: life.switch(code, setting, on=on, who=who, now_ms=now))
        except TermsNotAcceptedError:
            raise refused(Code.TERMS_NOT_ACCEPTED) from None
    state = "on" if made.on else "off"
    say(f"{setting} is {state}", {"setting": setting, "on": made.on}, as_json)


def _place(one: Facility) -> dict[str, object]:
    return {
        "code": one.code,
        "name": one.name,
        "profile": one.profile,
        "prefecture": one.prefecture,
        "state": one.state,
        "start_day": one.start_day and one.start_day.isoformat(),
        "moves": list(open_to(one.state)),
    }
