"""shikaku-cloud registry: load files, persons one by one, a fictitious register."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cloud.adapters.clock import now_ms
from cloud.adapters.resident_register import SqliteResidentRegister
from cloud.adapters.sql.registry_load import SqlRegistryLoad
from cloud.adapters.sql.registry_office import SqlRegistryOffice
from cloud.config import Config
from cloud.console import (
    DEFAULT,
    AsJson,
    ConfigFile,
    opened,
    or_exit,
    say,
    settings_of,
    stop,
    today,
)
from cloud.loading import ENCODINGS, Loaded, Wish, load_file
from cloud.registry.faults import Fault, sentences
from cloud.registry.load import Progress, held, one_by_one
from cloud.registry.rows import ACTIONS, COLUMNS, HeaderError, Rules
from cloud.registry.values import insurer, insurer_key
from cloud.registry_office_cli import office
from cloud.residents import USUAL, Shares, insurer_file, residents, sample

PROGRESS_MS = 1_000
FILLED_AT_ONCE = 50_000

app = typer.Typer(no_args_is_help=True, help="Insured persons, as insurers send them.")
for command in office.registered_commands:
    app.registered_commands.append(command)

Register = Annotated[
    Path | None,
    typer.Option(
        "--register", help="The resident register; else residents.sqlite3 in home."
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed, the same people.")]
Lenient = Annotated[
    bool,
    typer.Option("--lenient", help="Let wrong check digits and mixed widths pass."),
]


def register_of(settings: Config, given: Path | None) -> Path:
    return given or settings.cloud.home / "residents.sqlite3"


@app.command("load")
def load_command(
    file: Path,
    errors: Annotated[
        Path, typer.Option(help="Where the faults go, line by line (CSV, mode 0600).")
    ],
    config: ConfigFile = DEFAULT,
    encoding: Annotated[str, typer.Option(help="utf-8 or cp932.")] = "utf-8",
    insurer_number: Annotated[
        str, typer.Option("--insurer", help="Refuse lines of any other insurer.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    lenient: Lenient = False,
    register: Register = None,
    as_json: AsJson = False,
) -> None:
    """Load insured persons from CSV: register, change, end; each line is matched.

    Good lines are taken whatever the others are; exit code 1 when some were refused.
    Interrupted, it goes on where it was. The same file twice changes nothing: only
    refused lines are asked again.

    Example: shikaku-cloud registry load in.csv --errors wrong.csv --config cloud.toml
    """
    if encoding not in ENCODINGS:
        stop("--encoding: utf-8 or cp932")
    settings = settings_of(config)
    wish = Wish(encoding, not lenient, insurer_key(insurer_number), dry_run)
    with opened(settings) as database:
        loaded = or_exit(
            lambda: load_file(
                database,
                register_of(settings, register),
                file,
                errors=errors,
                today=today(),
                now_ms=now_ms,
                wish=wish,
                told=Teller(file),
            )
        )
    say(_sentence(loaded, errors), _data(loaded), as_json)
    if loaded.faults:
        raise typer.Exit(1)


class Teller:
    """A line on stderr every second, and one at the end of the file."""

    def __init__(self, file: Path) -> None:
        self._size = file.stat().st_size if file.exists() else 0
        self._begun = self._last = now_ms()

    def __call__(self, progress: Progress) -> None:
        now = now_ms()
        if now - self._last < PROGRESS_MS and progress.offset < self._size:
            return
        self._last = now
        share = 100 * progress.offset // max(1, self._size)
        pace = progress.lines * 1000 // max(1, now - self._begun)
        on_hold = sum(held(progress.counts).values())
        sys.stderr.write(
            f"{progress.lines} lines, {share} %, {pace} lines/s,"
            f" {progress.counts['faulty']} refused, {on_hold} on hold\n"
        )


def _sentence(loaded: Loaded, errors: Path) -> str:
    counts = loaded.counts
    names = ("registered", "changed", "ended", "unchanged")
    told = ", ".join(f"{counts.get(name, 0)} {name}" for name in names)
    on_hold = ", ".join(f"{n} {kind}" for kind, n in held(counts).items())
    told += f"; on hold: {on_hold}"
    if loaded.repeated:
        told = f"loaded before, only refused lines were asked again: {told}"
    return f"{told}; {loaded.faults} faults in {errors}" if loaded.faults else told


def _data(loaded: Loaded) -> dict[str, object]:
    names = ("registered", "changed", "ended", "unchanged", "faulty")
    return {
        "lines": loaded.lines,
        **{name: loaded.counts.get(name, 0) for name in names},
        "on_hold": held(loaded.counts),
        "faults": loaded.faults,
        "loaded_before": loaded.repeated,
    }


@app.command()
def person(
    action: Annotated[str, typer.Argument(help="register, change or end.")],
    config: ConfigFile = DEFAULT,
    lenient: Lenient = False,
    register: Register = None,
    as_json: AsJson = False,
) -> None:
    """One person, from a JSON object on standard input with the columns of a file.

    Exit code 1, and what is wrong, when it is refused.

    Example: shikaku-cloud registry person end --config cloud.toml < person.json
    """
    if action not in ACTIONS:
        stop("action: register, change or end")
    values = _from_stdin(action)
    settings = settings_of(config)
    with (
        opened(settings) as database,
        closing(_open_register(register_of(settings, register))) as residents_file,
    ):
        store = SqlRegistryLoad(database)
        rules = Rules(store.insurers(), today().isoformat(), not lenient)
        try:
            done = one_by_one(store, values, rules, residents_file, now_ms())
        except HeaderError as error:
            stop(str(error))
    if isinstance(done, list):
        _refused(done, as_json)
    counts = {name: n for name, n in done.items() if n}
    say(", ".join(counts), counts, as_json)


def _from_stdin(action: str) -> dict[str, str]:
    try:
        found = json.load(sys.stdin)
    except ValueError:
        stop("standard input is not JSON")
    texts = isinstance(found, dict) and all(isinstance(v, str) for v in found.values())
    if not texts:
        stop("standard input must be a JSON object of texts")
    return {**found, "action": action}


def _refused(faults: list[Fault], as_json: bool) -> NoReturn:
    told = [
        {"column": one.column, "code": one.code.value, "sentence": sentences(one)[1]}
        for one in faults
    ]
    lines = [f"{one['code']} {one['column']}: {one['sentence']}" for one in told]
    say("\n".join(lines), {"faults": told}, as_json)
    raise typer.Exit(1)


def _open_register(file: Path) -> SqliteResidentRegister:
    if not file.exists():
        stop(f"{file}: run shikaku-cloud registry register-fill")
    return SqliteResidentRegister(file)


@app.command("insurer")
def insurer_command(
    number: str,
    name: str,
    config: ConfigFile = DEFAULT,
    public_expense: Annotated[
        bool, typer.Option("--public-expense", help="A 公費負担者番号.")
    ] = False,
    lenient: Lenient = False,
    as_json: AsJson = False,
) -> None:
    """Make an insurer known, or give it another name: only its lines can be loaded.

    Example: shikaku-cloud registry insurer 06991004 架空健康保険組合
    """
    found = insurer(number, public_expense, not lenient)
    if isinstance(found, Fault):
        _refused([found], as_json)
    plain, key = found
    with opened(settings_of(config)) as database:
        SqlRegistryOffice(database).put_insurers({key: (plain, name)})
    say(f"insurer {plain}", {"insurer_number": plain, "name": name}, as_json)


@app.command("register-fill")
def register_fill(
    persons: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    config: ConfigFile = DEFAULT,
    seed: Seed = 1,
    register: Register = None,
    as_json: AsJson = False,
) -> None:
    """Fill the resident register with fictitious people, and name their insurers.

    Example: shikaku-cloud registry register-fill --persons 10000 --config cloud.toml
    """
    settings = settings_of(config)
    names = {insurer_key(number): (number, name) for number, name in insurer_file()}
    with opened(settings) as database:
        SqlRegistryOffice(database).put_insurers(names)
    file = register_of(settings, register)
    with closing(SqliteResidentRegister(file, writable=True)) as filled:
        waiting = []
        for one in residents(persons, seed=seed, today=today()):
            waiting.append(one)
            if len(waiting) == FILLED_AT_ONCE:
                filled.put(sorted(waiting))
                waiting.clear()
                sys.stderr.write(f"{filled.count()} of {persons}\n")
        filled.put(sorted(waiting))
        count = filled.count()
    say(f"{count} fictitious residents in {file}", {"residents": count}, as_json)


@app.command("sample")
def sample_command(
    out: Path,
    rows: Annotated[int, typer.Option(min=1, help="How many.")] = 10_000,
    seed: Seed = 1,
    broken: Annotated[float, typer.Option(min=0, max=1)] = USUAL.broken,
    differing: Annotated[float, typer.Option(min=0, max=1)] = USUAL.differing,
    cards: Annotated[float, typer.Option(min=0, max=1)] = USUAL.cards,
    as_json: AsJson = False,
) -> None:
    """Write a fictitious load file that agrees with the register of the same seed.

    But for the shares of lines that are broken, and of persons that differ; a share
    of lines names a card.

    Example: shikaku-cloud registry sample in.csv --rows 10000 --broken 0.01
    """
    shares = Shares(broken, differing, cards)
    with out.open("w", encoding="utf-8", newline="") as file:
        file.writelines(sample(rows, seed=seed, today=today(), shares=shares))
    data = {"rows": rows, "columns": list(COLUMNS)}
    say(f"{rows} fictitious rows in {out}", data, as_json)
