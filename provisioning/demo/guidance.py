"""What the desk's reader says: recorded by espeak-ng while the desk already stands.

Recordings cost about a minute once and stay in the home's `voice` folder. A desk
without the tools, or with a recording that fails, is silent and works otherwise.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from device.voice.build import LIST, missing
from device.voice.phrases import phrases
from ui_eink.views import Lang

TOOLS = ("espeak-ng", "mecab")
INSTALL = "sh provisioning/host/packages.sh sound"


def folder_of(home: Path) -> Path | None:
    """Where recordings are or will be; None: nothing is and nothing can be recorded."""
    folder = home / "voice"
    return folder if (folder / LIST).is_file() or not _absent() else None


def why_silent() -> str:
    return f"silent: {' and '.join(_absent())} not installed; run: {INSTALL}"


@dataclass(slots=True)
class Guidance:
    folder: Path
    _told: set[Lang] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._told = self._whole()

    @property
    def count(self) -> str:
        """ "221 of 1,507 sentences"."""
        every = sum(len(phrases(lang)) for lang in Lang)
        there = every - sum(len(missing(self.folder, lang)) for lang in Lang)
        return f"{there:,} of {every:,} sentences"

    def recording(self) -> list[str] | None:
        """Words for `shikaku-reader`; None: there is nothing to do, or nobody to."""
        if len(self._told) == len(Lang) or _absent():
            return None
        return ["voice", "build", "--out", str(self.folder)]

    def news(self) -> str | None:
        """A line when another language can be heard."""
        whole = self._whole()
        new, self._told = whole - self._told, whole
        if not new:
            return None
        names = ", ".join(sorted(lang.value for lang in new))
        return f"Spoken guidance: {names} can be heard ({self.count})"

    def _whole(self) -> set[Lang]:
        rest = set(Lang) - self._told
        return self._told | {lang for lang in rest if not missing(self.folder, lang)}


def _absent() -> list[str]:
    return [tool for tool in TOOLS if shutil.which(tool) is None]
