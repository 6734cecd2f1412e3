"""A voice on a disk: one WAV for each sentence, and a list of what they say.

Whoever has a better voice replaces files of the same names: what we did not make
ourselves is never overwritten.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
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
    made: int = 0
    kept: int = 0
    """As they were: unchanged, or somebody else's."""
    others: int = 0
    """Of the kept ones, those that are not ours."""

    def __add__(self, more: "Built") -> "Built":
        return Built(
            self.made + more.made, self.kept + more.kept, self.others + more.others
        )


def build(
    folder: Path,
    langs: Iterable[Lang],
    recorder: Recorder,
    say: Callable[[str], None],
) -> Built:
    """Raises PartError D704 and OSError. A run that was broken off, at any moment,
    leaves whole recordings, and the next one goes on where it ended."""
    built = Built()
    known = listed(folder)
    for lang in langs:
        (folder / lang.value).mkdir(parents=True, exist_ok=True)
        sentences = phrases(lang)
        old = known.get(lang.value, {})
        was = {name: said for name, said in old.items() if name in sentences}
        now: dict[str, Any] = {}
        try:
            for done in _each(folder, lang, was, now, recorder):
                built += done
                if len(now) % 25 == 0 or len(now) == len(sentences):
                    say(f"{lang.value}: {len(now)} of {len(sentences)} sentences")
        finally:
            # What is not listed counts as somebody else's and is never made anew.
            known[lang.value] = was | now
            _write(folder, known, recorder.version())
    return built


def _each(
    folder: Path,
    lang: Lang,
    was: Mapping[str, Any],
    now: dict[str, Any],
    recorder: Recorder,
) -> Iterator[Built]:
    """One sentence after the other; `now` gets what the list says of each."""
    for name, text in phrases(lang).items():
        file, before = folder / lang.value / f"{name}.wav", was.get(name, {})
        foreign = file.exists() and before.get("sha256") != _hash(file)
        if foreign or (file.exists() and before.get("text") == text):
            now[name] = before | {"text": text}
            yield Built(kept=1, others=int(foreign))
            continue
        # A reader that speaks meanwhile finds a whole recording or none.
        fresh = folder / f"{lang.value}-making" / file.name
        fresh.parent.mkdir(exist_ok=True)
        recorder.record(recorder.read(text, lang.value), lang.value, fresh)
        now[name] = {"text": text, "sha256": _hash(fresh)}
        fresh.replace(file)
        yield Built(made=1)
    with suppress(FileNotFoundError):
        (folder / f"{lang.value}-making").rmdir()


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
    fresh = folder / f"{LIST}.new"
    fresh.write_text(text + "\n", "utf-8")
    fresh.replace(folder / LIST)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
