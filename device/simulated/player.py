"""A loudspeaker that writes what it would play, and is silent.

Satisfies device.ports.Player, with a recording side.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from device.ports import Output

REMEMBERED = 500


@dataclass(frozen=True, slots=True)
class Played:
    name: str
    """"ja/enter_pin.body"."""
    output: Output
    volume: int
    whole: bool
    """It was played to its end."""

    def __str__(self) -> str:
        cut = "" if self.whole else " (cut)"
        return f"{self.output.value} {self.volume} {self.name}{cut}"


class SimulatedPlayer:
    def __init__(self, lasts_s: float = 0.0, diary: Path | None = None) -> None:
        """Each recording takes `lasts_s`; `diary` gets a line for each."""
        self._lasts_s = lasts_s
        self._diary = diary
        self.played: deque[Played] = deque(maxlen=REMEMBERED)

    async def play(self, recording: Path, output: Output, volume: int) -> None:
        whole = False
        try:
            await asyncio.sleep(self._lasts_s)
            whole = True
        finally:
            name = f"{recording.parent.name}/{recording.stem}"
            self._write(Played(name, output, volume, whole))

    def _write(self, played: Played) -> None:
        self.played.append(played)
        if self._diary is not None:
            with self._diary.open("a", encoding="utf-8") as diary:
                diary.write(f"{played}\n")
