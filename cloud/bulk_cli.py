"""shikaku-cloud bulk: submit, list, show, download, delete, run, sample."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud.adapters.clock import now_ms
from cloud.bulk.model import ROWS, Family, Job, Reception
from cloud.bulk.sample import Shares, searches
from cloud.bulk.service import Bulk, NoJobError, NotReadyError, OverError
from cloud.bulk.writing import Media
from cloud.bulk_process import work
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
    today,
)
from cloud.eligibility.model import JST
from cloud.keyring import audit_secret, bulk_secret
from cloud.main import bulk_desk, committing, sql_stores
from cloud.seed import records
from cloud.worker import Stop
from protocol.catalogue import entry
from protocol.oqs.document import leaves, pieces
from protocol.oqs.errors import OqsError
from protocol.oqs.text import Encoding

SHOWN_EVERY = 5
"""Batches between two lines of progress."""
Facility = Annotated[
    str, typer.Option("--facility", help="Code of the facility (10 digits).")
]
Number = Annotated[str, typer.Argument(help="受付番号, from `bulk submit`.")]
Kind = Annotated[
    Family | None,
    typer.Option(help="What is asked; without it the file's name says it."),
]

app = typer.Typer(
    no_args_is_help=True,
    help="Bulk inquiry and re-inquiry: a file in, a reception number, a file out.\n\n"
    "Example: shikaku-cloud bulk submit OQSmuquc01req_1.xml --facility 1310000003",
)


@contextmanager
def _desk(config: Path) -> Iterator[Bulk]:
    found = settings_of(config)
    audit = or_exit(lambda: audit_secret(found))
    secret = or_exit(lambda: bulk_secret(found))
    with opened(found) as database:
        stores = sql_stores(database, audit)
        commit = committing(database, stores.audit)
        yield bulk_desk(stores, secret, found.downloads, commit)


@app.command()
def submit(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    facility: Facility,
    family: Kind = None,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Hand in a file (XML, or ZIP with one); exit code 1 when it is refused.

    Example: shikaku-cloud bulk submit OQSmuquc01req_1.xml --facility 1310000003
    """
    kind = family or _family_of(file)
    where = facility_of(facility)
    with _desk(config) as desk:
        try:
            name = desk.submit(where, kind, file, now_ms())
        except OqsError as refused:
            _refused(refused, as_json)
        job = desk.job(where, name)
    say(f"{name}  {job.rows} rows", _plain(job), as_json)


@app.command("list")
def list_command(
    facility: Facility, config: ConfigFile = DEFAULT, as_json: AsJson = False
) -> None:
    """The jobs of the last 180 days, the newest first.

    Example: shikaku-cloud bulk list --facility 1310000003
    """
    with _desk(config) as desk:
        found = desk.jobs(facility_of(facility), now_ms())
    lines = [_line(one) for one in found]
    say("\n".join(lines) or "no jobs", [_plain(one) for one in found], as_json)


@app.command()
def show(
    number: Number,
    facility: Facility,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """How far one has come; exit code 1 while it is not done.

    Example: shikaku-cloud bulk show 20261127120000123456 --facility 1310000003
    """
    with _desk(config) as desk:
        job = _job(desk, number, facility)
    say(_line(job), _plain(job), as_json)
    if job.finished is None:
        raise typer.Exit(1)


@app.command()
def download(
    number: Number,
    facility: Facility,
    out: Annotated[Path, typer.Option(help="Where the file goes; must not exist.")],
    media: Annotated[Media, typer.Option()] = Media.XML,
    encoding: Annotated[Encoding, typer.Option(help="cp932 is Shift_JIS.")] = (
        Encoding.UTF8
    ),
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Its result, readable by you only; exit code 1 when there is none yet.

    Example: shikaku-cloud bulk download 20261127120000123456 --facility 1310000003
    --out result.zip --media zip
    """
    if out.exists():
        stop(f"{out} exists: name another file")
    with _desk(config) as desk:
        job = _job(desk, number, facility)
        progress(f"{job.rows} rows")
        try:
            made = desk.download(job.facility, job.reception, media, encoding, now_ms())
        except NotReadyError:
            progress(f"not done yet: {job.answered} of {job.rows}")
            raise typer.Exit(1) from None
        except OverError:
            progress("its 180 days are over")
            raise typer.Exit(1) from None
        shutil.move(made, out)
    say(f"{out}", {"file": str(out), "bytes": out.stat().st_size}, as_json)


@app.command()
def delete(
    number: Number,
    facility: Facility,
    config: ConfigFile = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """With its questions and answers; the log keeps that it was.

    Example: shikaku-cloud bulk delete 20261127120000123456 --facility 1310000003
    """
    with _desk(config) as desk:
        job = _job(desk, number, facility)
        desk.delete(job.facility, job.reception, now_ms())
    say("deleted", {"reception": job.reception}, as_json)


@app.command()
def run(
    follow: Annotated[
        bool, typer.Option("--follow", help="And go on, until SIGTERM or Ctrl-C.")
    ] = False,
    config: ConfigFile = DEFAULT,
) -> None:
    """Answer what is waiting. May be killed at any moment and started again.

    Example: shikaku-cloud bulk run --config var/cloud/cloud.toml
    """
    settings = settings_of(config)
    turns = 0

    def told(job: Job) -> None:
        nonlocal turns
        turns += 1
        if turns % SHOWN_EVERY == 0 or job.finished is not None:
            progress(_line(job))

    or_exit(lambda: work(settings, Stop(), told, follow=follow))


@app.command()
def sample(
    out: Annotated[Path, typer.Argument(help="*.xml, or *.zip to pack it.")],
    facility: Facility,
    rows: Annotated[int, typer.Option(min=1, max=ROWS)] = 1_000,
    persons: Annotated[
        int, typer.Option(min=1, help="As of `shikaku-cloud seed`, of the same day.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(help="As of `shikaku-cloud seed`.")] = 1,
    encoding: Annotated[Encoding, typer.Option()] = Encoding.UTF8,
    as_json: AsJson = False,
) -> None:
    """A file that asks for fictitious persons; some unknown, some rows unreadable.

    Example: shikaku-cloud bulk sample OQSmuquc01req_1.xml --rows 100000
    --facility 1310000003
    """
    where = facility_of(facility)
    people = [one.person for one in records(persons, seed=seed, today=today())]
    body = searches(people, rows, seed=seed, shares=Shares())
    header = leaves(
        ("MedicalInstitutionCode", where), ("ArbitraryFileIdentifier", "sample")
    )
    with _packed(out) as sink:
        for piece in pieces(header, body, encoding):
            sink.write(piece)
    say(f"{out}: {rows} rows", {"file": str(out), "rows": rows}, as_json)


@contextmanager
def _packed(out: Path) -> Iterator[Any]:
    if out.suffix != ".zip":
        with out.open("wb") as plain:
            yield plain
        return
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(f"{out.stem}.xml", "w") as inner,
    ):
        yield inner


def _family_of(file: Path) -> Family:
    found = [one for one in Family if file.name.startswith(one.value)]
    if not found:
        names = ", ".join(one.value for one in Family)
        stop(f"{file.name} begins with none of {names}: say which by --family")
    return found[0]


def _job(desk: Bulk, number: str, facility: str) -> Job:
    try:
        return desk.job(facility_of(facility), Reception(number))
    except NoJobError:
        progress("this facility has no such job")
        raise typer.Exit(1) from None


def _refused(refused: OqsError, as_json: bool) -> None:
    lines = entry(refused.code)
    data = {"code": refused.code.value, "place": refused.place}
    place = f" ({refused.place})" if refused.place else ""
    text = f"{refused.code.value}{place} {lines.staff['en']} {lines.action['en']}"
    say(text, data, as_json)
    raise typer.Exit(1)


def _line(job: Job) -> str:
    finished = _moment(job.finished) if job.finished is not None else "-"
    return (
        f"{job.reception}  {job.family.value}  {job.state.value}"
        f"  {_moment(job.received)}  {finished}"
        f"  {job.answered} of {job.rows}, {job.faulty} faulty"
    )


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(JST):%Y-%m-%d %H:%M:%S}"


def _plain(job: Job) -> dict[str, object]:
    return {
        "reception": job.reception,
        "family": job.family.value,
        "state": job.state.value,
        "received": job.received,
        "started": job.started,
        "finished": job.finished,
        "rows": job.rows,
        "answered": job.answered,
        "faulty": job.faulty,
        "until": job.until,
        "proof": job.proof,
    }
