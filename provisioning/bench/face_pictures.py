"""What is looked at: five camera frames and a card photo, of a rendered person.

Rendered pictures tell how long a look takes, never how well it recognises.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from PIL import Image

from device.ports import Frame


@dataclass(frozen=True, slots=True)
class Pictures:
    frames: list[Frame]
    """640 x 480, RGB."""
    card: bytes
    """JPEG 2000."""

    def image(self, number: int) -> Image.Image:
        return Image.fromarray(self.frames[number])

    def write(self, file: Path) -> None:
        card = np.frombuffer(self.card, dtype=np.uint8)
        np.savez(file, frames=np.array(self.frames), card=card)

    @classmethod
    def read(cls, file: Path) -> Self:
        with np.load(file) as held:
            return cls(list(held["frames"]), held["card"].tobytes())
