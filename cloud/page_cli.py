"""shikaku-cloud page: serve, link, revoke, sample."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cloud import logs
from cloud.adapters.clock import now_ms
from cloud.adapters.sql.registry import SqlRegistry
from cloud.config import Config
from cloud.consent.link import Links
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    Person,
    PersonsCertificate,
    facility_of,
    opened,
    or_exit,
    person_named,
    progress,
    say,
    settings_of,
    stop,
)
from cloud.keyring import page_links
from cloud.page.render import FOLDER, LANGUAGES, STYLE_PATH, Renderer
from cloud.page.sample import rendered
from cloud.page.service import Page, Refused
from cloud.pages import open_page, page_of
from protocol.catalogue import entry

REASONS = {
    "lost": "the patient does not have it any more",
    "locked": "the number was wrong several times",
    "unseen": "the reader's screen was not seen, or not scanned",
    "over": "its time is over, and a consent still stands",
}
Facility = Annotated[str, typer.Option("--facility", help="Its code (10 digits).")]
Reason = Annotated[str, typer.Option(help=f"Why: {', '.join(REASONS)}.")]
Word = Annotated[
    str, typer.Option(help="The six digits; - reads them from standard input.")
]

app = typer.Typer(
    no_args_is_help=True,
    help="The patient's own page (cloud/page/README.md).\n\n"
    "Example: shikaku-cloud page sample --out var/page",
)


@dataclass(frozen=True, slots=True)
class Desk:
    page: Page
    registry: SqlRegistry
    links: Links | None


@contextmanager
def _desk(config: Path) -> Iterator[Desk]:
    found = settings_of(config)
    with opened(found) as database:
        page = or_exit(lambda: page_of(found, database))
        links = or_exit(lambda: page_links(found, database))
        yield Desk(page, SqlRegistry(database), links)


@app.command()
def serve(config: ConfigFile = DEFAULT) -> None:
    """The page alone, until SIGTERM. Says on stdout where it listens.

    Example: shikaku-cloud page serve --config var/cloud/cloud.toml
    """
    logs.configure()
    settings = settings_of(config)
    or_exit(lambda: asyncio.run(_serve(settings)))


async def _serve(config: Config) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with AsyncExitStack() as stack:
        address = await open_page(config, stack)
        sys.stdout.write(f"patient's page ready at {address}\n")
        sys.stdout.flush()
        await ended.wait()


@app.command()
def link(
    facility: Facility,
    reason: Reason,
    staff: Annotated[str, typer.Option(help="Who makes it: an account's name.")],
    person: Person = None,
    certificate: PersonsCertificate = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """A new link and word for a patient who stands here; the old ones end. Logged.

    Look at the person's card first: whoever has the link sees and ends their consents.

    Example: shikaku-cloud page link --facility 1310000003 --certificate 0a1b...
    --reason lost --staff s-1
    """
    if reason not in REASONS:
        stop("--reason: " + "; ".join(f"{one} ({why})" for one, why in REASONS.items()))
    where = facility_of(facility)
    with _desk(config) as desk:
        if desk.links is None:
            stop("there is no page: put a [page] section into the configuration")
        who = person_named(desk.registry, person, certificate)
        try:
            opening, made = desk.page.relink(
                desk.links, where, who, reason=reason, staff=staff, now_ms=now_ms()
            )
        except ValueError:
            stop("--staff: letters, digits, and . _ - only; no name of a person")
        url = desk.links.url(opening)
    found = {"url": url, "word": opening.word, "until": made.until}
    say(f"{url}\nnumber {opening.word}\nuntil {made.until}", found, as_json)


@app.command()
def revoke(
    word: Word,
    facility: Facility,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """End all consents of the patient whose receipt has this number, at this facility.

    At once: readings that are running end with nothing handed out. A wrong number makes
    the next one wait, ever longer. Exit code 1: not done.

    Example: shikaku-cloud page revoke --word 042917 --facility 1310000003
    """
    where = facility_of(facility)
    typed = sys.stdin.readline().strip() if word == "-" else word
    with _desk(config) as desk:
        try:
            count = desk.page.withdraw_by_word(where, typed, now_ms())
        except Refused as refused:
            lines = entry(refused.code)
            progress(f"{refused.code.value} {lines.staff['en']} {lines.action['en']}")
            if refused.wait_s:
                progress(f"the next number may be tried in {refused.wait_s} s")
            raise typer.Exit(1) from None
    say(f"{count} consents have ended", {"ended": count}, as_json)


@app.command()
def sample(
    out: Annotated[Path, typer.Option(help="A folder.")],
    as_json: AsJson = False,
) -> None:
    """Every page in every language with fictitious data, as files to look at.

    Example: shikaku-cloud page sample --out var/page
    """
    renderer, written = Renderer(), []
    style = STYLE_PATH.removeprefix("/")
    for lang in LANGUAGES:
        folder = out / lang
        folder.mkdir(parents=True, exist_ok=True)
        (folder / style).write_bytes((FOLDER / style).read_bytes())
        for name, html in rendered(renderer, lang).items():
            file = folder / f"{name}.html"
            file.write_text(html.replace(f'"{STYLE_PATH}"', f'"{style}"'), "utf-8")
            written.append(str(file))
    say(f"{len(written)} pages under {out}", written, as_json)
