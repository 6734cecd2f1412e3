"""A panel that keeps what it shows, and writes every picture as a file to look at.

It updates as e-paper would (ui_eink.refresh): what is to be seen is what the windows
made, and it says which updates would flash.
"""

import asyncio
import io
import re
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from device.simulated.changes import Changes
from device.simulated.paper import MemoryPaper
from ui_eink.layout import Box
from ui_eink.panels import Update
from ui_eink.refresh import Shown, pack, plan

REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture that was on the screen. No picture holds a patient's data."""

    seq: int
    name: str
    """The view's name for records, "ask_consent-2"."""
    update: Update
    path: Path | None
    box: Box = Box(0, 0, 0, 0)  # noqa: RUF009 (frozen)
    """The window that was sent; empty when nothing was."""
    ms: float = 0.0
    """What this update takes on the panel that is played here."""
    at: float = 0.0
    """Monotonic seconds when its update began."""

    @property
    def view(self) -> str:
        """The kind of view alone, "ask_consent"."""
        return self.name.partition("-")[0]


class SimulatedPanel:
    """Satisfies device.ports.Panel. Without a folder nothing is written."""

    def __init__(
        self, folder: Path | None = None, changes: Changes | None = None
    ) -> None:
        self._folder = folder
        self._changes = changes or Changes()
        self._shown: Shown | None = None
        self.paper = MemoryPaper()
        self.shots: deque[Shot] = deque(maxlen=REMEMBERED)
        self.png = encoded(self.picture)

    @property
    def picture(self) -> Image.Image:
        """What is to be seen."""
        return self.paper.picture

    @property
    def shot(self) -> Shot | None:
        """What is on the screen; None before the first picture."""
        return self.shots[-1] if self.shots else None

    async def show(self, picture: Image.Image, name: str) -> None:
        """Raises ValueError for a picture that is not 800x480, 1 bit."""
        pack(picture)
        name = record_name(name)
        seq = self.shot.seq + 1 if self.shot else 1
        now = asyncio.get_running_loop().time()
        done = plan(self._shown, picture, name, now=now)
        cost = self.paper.cost_ms
        self.paper.draw(done)
        cost = self.paper.cost_ms - cost
        png = await asyncio.to_thread(encoded, self.picture.copy())
        path = await self._written(png, f"{seq:04d}-{name}.png")
        self._shown, self.png = done.shown, png
        self.shots.append(Shot(seq, name, done.update, path, done.box, cost, now))
        self._changes.ring()

    async def _written(self, png: bytes, name: str) -> Path | None:
        if self._folder is None:
            return None
        path = self._folder / name
        await asyncio.to_thread(path.write_bytes, png)
        return path


def encoded(picture: Image.Image) -> bytes:
    """As PNG, one bit per pixel."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def record_name(name: str) -> str:
    """Lower case with underscores and nothing that a file name could mind."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return re.sub(r"[^a-z0-9_-]", "_", words)[:64] or "screen"
