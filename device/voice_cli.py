"""`shikaku-reader voice`: make, list and check the recordings of a reader's voice."""

import json
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from device.adapters.espeak import Espeak
from device.ports import PartError
from device.voice.build import build, missing
from device.voice.phrases import phrases
from ui_eink.views import Lang

FAILED = 1
app = typer.Typer(
    no_args_is_help=True,
    help="What is heard. Example: shikaku-reader voice list --lang ja",
)
Langs = Annotated[
    list[Lang] | None, typer.Option("--lang", help="One of them; repeatable.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("build")
def voice_build(
    out: Annotated[Path, typer.Option(help="The folder of [sound] voice.")],
    lang: Langs = None,
    as_json: AsJson = False,
) -> None:
    """Record every sentence with espeak-ng; files of a better voice are left alone.

    Example: shikaku-reader voice build --out /var/lib/shikaku/voice --lang ja --lang en
    """
    # SIGTERM, too, leaves a list of what was made.
    signal.signal(signal.SIGTERM, _ended)
    try:
        built = build(out, lang or list(Lang), Espeak(), _say)
    except PartError as error:
        _say(str(error))
        raise typer.Exit(FAILED) from error
    except OSError as error:
        _say(f"{out}: {error.strerror}")
        raise typer.Exit(FAILED) from error
    facts = {"made": built.made, "kept": built.kept, "others": built.others}
    if as_json:
        typer.echo(json.dumps(facts))
    else:
        typer.echo(f"{out}: {built.made} made, {built.kept} kept")
        if built.others:
            typer.echo(f"  of these {built.others} are not ours and were not touched")


@app.command("list")
def voice_list(lang: Langs = None, as_json: AsJson = False) -> None:
    """Every sentence and the name of its file: the script for a speaker.

    Example: shikaku-reader voice list --lang ja --json
    """
    said = {one.value: phrases(one) for one in lang or list(Lang)}
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    for code, sentences in said.items():
        for name, text in sentences.items():
            typer.echo(f"{code}/{name}.wav\t{text}")


@app.command("check")
def voice_check(
    folder: Annotated[Path, typer.Option("--dir", help="The folder of the voice.")],
    lang: Langs = None,
    as_json: AsJson = False,
) -> None:
    """Is every sentence there? Exit 1 if one is missing.

    Example: shikaku-reader voice check --dir /var/lib/shikaku/voice
    """
    absent = {one.value: missing(folder, one) for one in lang or list(Lang)}
    if as_json:
        typer.echo(json.dumps(absent))
    else:
        for code, names in absent.items():
            typer.echo(f"{code}: {', '.join(names) or 'complete'}")
    if any(absent.values()):
        _say(f"Build what is missing: shikaku-reader voice build --out {folder}")
        raise typer.Exit(FAILED)


def _ended(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)
