"""Recordings that are quickly made: a voice's folder with a WAV for each sentence."""

import wave
from collections.abc import Iterable
from pathlib import Path

from device.voice.phrases import phrases
from ui_eink.views import Lang

RATE = 8_000


def recorded(file: Path, lasts_s: float) -> Path:
    """Silence, mono, 16 bit."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE)
        target.writeframes(bytes(2 * round(RATE * lasts_s)))
    return file


def voice_folder(folder: Path, langs: Iterable[Lang], lasts_s: float = 0.02) -> Path:
    """Every sentence of these languages."""
    for lang in langs:
        for name in phrases(lang):
            recorded(folder / lang.value / f"{name}.wav", lasts_s)
    return folder
