"""shikaku-cloud mode: outage, disaster, uses, review."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cloud.adapters.clock import now_ms
from cloud.consent.emergency import Verdict
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    opened,
    or_exit,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.keyring import audit_secret, vault
from cloud.main import card_authorities, cloud_keys, sql_stores
from cloud.mode_rooms import ModeRooms, mode_rooms
from cloud.modes.disaster import Disaster
from cloud.modes.errors import ConflictError, ModeError
from cloud.modes.outage import Outage
from cloud.modes.region import Region
from cloud.modes.search import NameQuery
from cloud.modes.use import Use
from protocol.catalogue import entry
from protocol.codes import CONSENT_ITEM_BY_CODE, Decision, Sex

T = TypeVar("T")
By = Annotated[str, typer.Option("--by", help="Your account, as the log names you.")]
Facility = Annotated[str, typer.Option("--facility", help="Its code (10 digits).")]
Reason = Annotated[str, typer.Option(help="Why, in 5 characters or more.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="YYYY-MM-DD.")]

app = typer.Typer(
    no_args_is_help=True,
    help="Outage and disaster mode: opened by people, ended by the clock.\n\n"
    "Example: shikaku-cloud mode outage list",
)
outage = typer.Typer(no_args_is_help=True, help="障害時: a facility cannot read cards.")
disaster = typer.Typer(no_args_is_help=True, help="災害時: by region, from day to day.")
app.add_typer(outage, name="outage")
app.add_typer(disaster, name="disaster")


@contextmanager
def rooms(config: Path) -> Iterator[ModeRooms]:
    """Over the configured database, until the end of a `with`."""
    found = settings_of(config)
    secret, kept = or_exit(lambda: audit_secret(found)), or_exit(lambda: vault(found))
    keys = or_exit(lambda: cloud_keys(found))
    authorities = or_exit(lambda: card_authorities(found))
    with opened(found) as database:
        yield mode_rooms(
            sql_stores(database, secret),
            keys=keys,
            authorities=authorities,
            policy=found.policy.policy,
            vault=kept,
            clock=now_ms,
        )


def done(action: Callable[[], T]) -> T:
    """What it returns; a refusal ends the command with 1 and says what to do."""
    try:
        return action()
    except ModeError as error:
        lines = entry(error.code)
        progress(f"{error.code.value}  {error.detail}".rstrip())
        progress(f"  {lines.staff['en']} / {lines.staff['ja']}")
        progress(f"  {lines.action['en']} / {lines.action['ja']}")
        raise typer.Exit(1) from None
    except ConflictError:
        progress("somebody else changed it at the same moment: look, and try again")
        raise typer.Exit(1) from None


# -- outage ------------------------------------------------------------------------
@outage.command("ask")
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


@outage.command("approve")
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


@outage.command("end")
def outage_end(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """End it now, or refuse what was asked.

    Example: shikaku-cloud mode outage end 0198... --by operator-1
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.end(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.state(now_ms())}", outage_shown(one), as_json)


@outage.command("list")
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


# -- disaster ----------------------------------------------------------------------
@disaster.command("open")
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


@disaster.command("approve")
def disaster_approve(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """The second operator: from its first day, or at once if that has begun.

    Example: shikaku-cloud mode disaster approve 0198... --by operator-2
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.admit(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.since} to {one.until}", disaster_shown(one), as_json)


@disaster.command("close")
def disaster_close(
    handle: str, by: By, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """Close it now, and with it everything that was opened in it.

    Example: shikaku-cloud mode disaster close 0198... --by operator-1
    """
    with rooms(config) as room:
        one = done(lambda: room.openings.close(handle, by=by, now_ms=now_ms()))
    say(f"{one.id}  {one.state(now_ms())}", disaster_shown(one), as_json)


@disaster.command("list")
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


@disaster.command("consent")
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


# -- search and review ---------------------------------------------------------------
@app.command()
def search(
    facility: Facility,
    name_kana: Annotated[str, typer.Option(help="Reading; any width or kana.")],
    birth_date: Day,
    sex: Annotated[str, typer.Option(help="1 male, 2 female, 3 not set (OQSCD007).")],
    reason: Reason,
    by: By,
    address: Annotated[str, typer.Option(help="From the prefecture on.")] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Somebody without a card, while outage or disaster mode is open at the facility.

    One person, or a word that tells of nobody. Exit code 1 when nobody is shown.

    Example: shikaku-cloud mode search --facility 1310000003 --name-kana "シケン ハナコ"
    --birth-date 1970-01-02 --sex 2 --reason "停電でカードを読めない" --by desk-1
    """
    where = facility_of(facility)
    if sex not in set(Sex):
        stop("--sex: 1, 2 or 3")
    with rooms(config) as room:
        found = done(
            lambda: room.finding.by_name(
                where,
                NameQuery(name_kana, birth_date.date(), Sex(sex), address),
                staff=by,
                reason=reason,
                now_ms=now_ms(),
            )
        )
    line = f"validity {found['validity']} [{found['mode']}]\ncase {found['case']}"
    say(line, found, as_json)
    if found["patient"] is None:
        raise typer.Exit(1)


@disaster.command("search")
def disaster_search(
    facility: Facility,
    name_kana: Annotated[str, typer.Option(help="Reading; any width or kana.")],
    birth_date: Day,
    sex: Annotated[str, typer.Option(help="1 male, 2 female, 3 not set (OQSCD007).")],
    reason: Reason,
    by: By,
    address: Annotated[str, typer.Option(help="From the prefecture on.")] = "",
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """As `mode search`: what is open at the facility decides what may follow.

    Example: shikaku-cloud mode disaster search --facility 1710000009
    --name-kana "シケン ハナコ" --birth-date 1970-01-02 --sex 2
    --reason "避難所でカードなし" --by nurse-1
    """
    search(
        facility,
        name_kana,
        birth_date,
        sex,
        reason,
        by,
        address,
        config=config,
        as_json=as_json,
    )


@app.command()
def uses(
    everything: Annotated[
        bool, typer.Option("--all", help="Judged ones, too.")
    ] = False,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Searches and openings that nobody has judged yet, the oldest first.

    Example: shikaku-cloud mode uses --json
    """
    with rooms(config) as room:
        found = room.openings.store.every(Use)
    shown = [
        use_shown(one) for one in found if everything or one.verdict is Verdict.OPEN
    ]
    lines = [
        f"{one['case']}  {one['mode']}  {one['facility']}  {one['staff']}"
        f"  {one['outcome']}  {one['spoken']}  {one['reason']}"
        for one in shown
    ]
    say("\n".join(lines) or "nothing to review", shown, as_json)


@app.command()
def review(
    case: str,
    verdict: Annotated[str, typer.Option(help="justified or not_justified.")],
    by: By,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Judge one use, once, and not one's own. Not justified closes what it opened.

    Example: shikaku-cloud mode review 0198... --verdict justified --by reviewer-1
    """
    if verdict not in {Verdict.JUSTIFIED.value, Verdict.NOT_JUSTIFIED.value}:
        stop("--verdict: justified or not_justified")
    with rooms(config) as room:
        use = done(
            lambda: room.finding.review(case, Verdict(verdict), by=by, now_ms=now_ms())
        )
    say(f"{case}  {use.verdict}", use_shown(use), as_json)


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


def use_shown(one: Use) -> dict[str, object]:
    """Without the person: the case is enough to look them up by."""
    return {
        "case": one.id,
        "mode": one.mode,
        "mode_id": one.mode_id,
        "facility": one.facility,
        "staff": one.staff,
        "reason": one.reason,
        "at": one.at,
        "outcome": one.outcome,
        "spoken": one.spoken,
        "verdict": one.verdict.value,
        "reviewer": one.reviewer,
    }
