"""A voice for a reader in a browser: the page plays what is being said, as it is said.

A phrase takes as long as its recording, so the reader's own pace, its cuts and its
headphone rule are those of a real one. What is personal never comes here unless a
plug is in: device.voice.guide leaves it out.
"""

import asyncio
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from device.ports import Output, PartError
from device.simulated.changes import Changes
from device.simulated.front import SimulatedHeadphones
from device.voice.phrases import phrases
from protocol.catalogue import Code
from ui_eink.views import Lang


@dataclass(frozen=True, slots=True)
class Saying:
    """One phrase that is heard now."""

    n: int
    """Grows with every phrase: a phrase that is said again is another."""
    lang: str
    name: str
    """"enter_pin.body"."""
    text: str
    output: Output
    volume: int


class WebPlayer:
    """Satisfies device.ports.Player."""

    def __init__(self, changes: Changes | None = None) -> None:
        self._changes = changes or Changes()
        self._said = 0
        self.saying: Saying | None = None

    async def play(self, recording: Path, output: Output, volume: int) -> None:
        lasts_s = length_s(recording)
        lang, name = recording.parent.name, recording.stem
        self._said += 1
        text = sentences(lang).get(name, "")
        self.saying = Saying(self._said, lang, name, text, output, volume)
        self._changes.ring()
        try:
            await asyncio.sleep(lasts_s)
        finally:
            self.saying = None
            self._changes.ring()


def length_s(recording: Path) -> float:
    """Seconds of a WAV. Raises PartError D704 for what is none."""
    try:
        with wave.open(str(recording), "rb") as source:
            # A WAV that was written to a pipe claims hours.
            bytes_a_frame = source.getnchannels() * source.getsampwidth()
            most = recording.stat().st_size / bytes_a_frame
            return min(most, source.getnframes()) / source.getframerate()
    except (OSError, EOFError, wave.Error, ZeroDivisionError) as error:
        what = f"sound: {recording.name} is no WAV ({error})"
        raise PartError(Code.SELFTEST_FAILED, what) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedVoice:
    """What the page is given of the voice."""

    folder: Path
    """<language>/<name>.wav; those that are there are heard."""
    player: WebPlayer
    headphones: SimulatedHeadphones

    def recording(self, lang: str, name: str) -> Path | None:
        """Of a sentence that we know, if it is there; nothing else of the disk."""
        if name not in sentences(lang):
            return None
        file = self.folder / lang / f"{name}.wav"
        return file if file.is_file() else None


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """Name of the recording -> what it says; nothing for a language we do not have."""
    return phrases(Lang(lang)) if lang in {one.value for one in Lang} else {}
