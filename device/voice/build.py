"""A voice on a disk: one WAV for each sentence, and a list of what they say.

Whoever has a better voice replaces files of the same names: what we did not make
ourselves is never overwritten.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from device.voice.phrases import phrases
from ui_eink.views import Lang

LIST = "voice.json"


class Recorder(Protocol):
    """Makes recordings of sentences (device.adapters.espeak)."""

    def version(self) -> str: ...

    def read(self, text: str, lang: str) -> str: ...

    def record(self, spoken: str, lang: str, file: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Built:
    made: int
    kept: int
    """As they were: unchanged, or somebody else's."""
    others: int
    """Of the kept ones, those that are not ours."""


def build(
    folder: Path,
    langs: Iterable[Lang],
    recorder: Recorder,
    say: Callable[[str], None],
) -> Built:
    """Raises PartError D704 and OSError; a second run goes on where it ended."""
    made = kept = others = 0
    known = listed(folder)
    for lang in langs:
        place = folder / lang.value
        place.mkdir(parents=True, exist_ok=True)
        sentences = phrases(lang)
        mine: dict[str, Any] = {}
        for number, (name, text) in enumerate(sentences.items(), 1):
            file, was = place / f"{name}.wav", known.get(lang.value, {}).get(name, {})
            foreign = file.exists() and was.get("sha256") != _hash(file)
            if foreign or (file.exists() and was.get("text") == text):
                kept, others = kept + 1, others + foreign
                mine[name] = was | {"text": text}
            else:
                recorder.record(recorder.read(text, lang.value), lang.value, file)
                made += 1
                mine[name] = {"text": text, "sha256": _hash(file)}
            if number % 25 == 0 or number == len(sentences):
                say(f"{lang.value}: {number} of {len(sentences)} sentences")
        known[lang.value] = mine
        _write(folder, known, recorder.version())
    return Built(made, kept, others)


def missing(folder: Path, lang: Lang) -> list[str]:
    """Names of the recordings that are not there."""
    return [
        name
        for name in phrases(lang)
        if not (folder / lang.value / f"{name}.wav").is_file()
    ]


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """By language and name: the sentence, and the hash of what we made."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(
            (folder / LIST).read_text("utf-8")
        )
    except (OSError, ValueError):
        return {}
    return {name: said for name, said in found.items() if name != "made_by"}


def _write(folder: Path, known: dict[str, dict[str, Any]], made_by: str) -> None:
    text = json.dumps({"made_by": made_by, **known}, ensure_ascii=False, indent=1)
    (folder / LIST).write_text(text + "\n", "utf-8")


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
