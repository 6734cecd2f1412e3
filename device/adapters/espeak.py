"""espeak-ng makes recordings of sentences; MeCab reads Japanese to it, in kana.

Both are Debian's and run once, where voices are built: no reader speaks by them.
espeak-ng knows no kanji, hence MeCab.
"""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from device.ports import PartError
from device.voice.reading import meant
from protocol.catalogue import Code

VOICES: Mapping[str, str] = {
    "ja": "ja",
    "ja-easy": "ja",
    "en": "en-us",
    "zh": "cmn",
    "ko": "ko",
    "pt": "pt-br",
    "vi": "vi",
}
"""Our languages -> espeak-ng's."""
WORDS_A_MINUTE = 140
"""Its usual 175 is too quick for an announcement."""
_KANJI = re.compile(r"[一-龯々〆]")
_PRONOUNCED = ("-F", "%f[8]", "-U", "%m", "-E", "\n")
"""The ninth field of IPADIC is how a word sounds: は as ワ."""


class Espeak:
    def __init__(self, espeak: str = "espeak-ng", mecab: str = "mecab") -> None:
        self._espeak = espeak
        self._mecab = mecab

    def version(self) -> str:
        return self._run([self._espeak, "--version"], "").splitlines()[0]

    def read(self, text: str, lang: str) -> str:
        """What is given to the voice. Raises PartError D704 for kanji that stay."""
        if VOICES[lang] != "ja":
            return text
        # Words that stand apart are read apart: MeCab loses itself in kana alone.
        apart = text.replace(" ", "、" if lang == "ja" else "\n")
        kana = self._run([self._mecab, *_PRONOUNCED], meant(apart))
        kana = kana.replace("\n", "")
        if stays := _KANJI.findall(kana):
            raise PartError(
                Code.SELFTEST_FAILED,
                f"voice: no reading for {''.join(stays)} in {text!r}:"
                " add one to device/voice/reading.py",
            )
        return kana

    def record(self, spoken: str, lang: str, file: Path) -> None:
        """Mono WAV, 22,050 Hz, 16 bit. Raises PartError D704."""
        command = [self._espeak, "-v", VOICES[lang], "-s", str(WORDS_A_MINUTE)]
        self._run([*command, "-w", str(file), "--stdin"], spoken)

    def _run(self, command: list[str], text: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and the text is stdin
                command,
                input=text,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=30,
                check=True,
            )
        except FileNotFoundError as error:
            what = f"voice: {command[0]} is missing: sudo apt install"
            packages = "espeak-ng mecab mecab-ipadic-utf8"
            raise PartError(Code.SELFTEST_FAILED, f"{what} {packages}") from error
        except (subprocess.SubprocessError, OSError) as error:
            what = f"voice: {command[0]} failed"
            raise PartError(Code.SELFTEST_FAILED, what) from error
        return done.stdout
