"""shikaku-cloud mode: outage, disaster, search, uses, review."""

from typing import Annotated

import typer

from cloud import mode_disaster_cli, mode_outage_cli
from cloud.adapters.clock import now_ms
from cloud.consent.emergency import Verdict
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    facility_of,
    say,
    stop,
)
from cloud.mode_console import By, Day, Facility, Reason, done, rooms, use_shown
from cloud.modes.search import NameQuery
from cloud.modes.use import Use
from protocol.codes import Sex

app = typer.Typer(
    no_args_is_help=True,
    help="Outage and disaster mode: opened by people, ended by the clock.\n\n"
    "Example: shikaku-cloud mode outage list",
)
app.add_typer(mode_outage_cli.app, name="outage")
app.add_typer(mode_disaster_cli.app, name="disaster")


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


mode_disaster_cli.app.command(
    "search",
    help="As `mode search`: what is open at the facility decides what may follow.\n\n"
    "Example: shikaku-cloud mode disaster search --facility 1710000009"
    ' --name-kana "シケン ハナコ" --birth-date 1970-01-02 --sex 2'
    ' --reason "避難所でカードなし" --by nurse-1',
)(search)


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
