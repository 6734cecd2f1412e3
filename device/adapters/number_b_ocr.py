"""照合番号B read by a camera over the card tray: two frames, two readings, or nothing.

The pictures stay in memory and go to the OCR engine through a pipe. What is returned
has passed every check of device.card.reading; the card's own counter is asked before
a try is spent (device.card.visual).
"""

import asyncio
from collections.abc import Callable
from datetime import date

from device.adapters.tesseract import read_lines
from device.card.number_strip import Pair, strips
from device.card.printed_layout import Layout
from device.card.reading import agreed
from device.ports import Camera

LOOKS = 3


class NumberByCamera:
    """Satisfies device.ports.PrintedNumber."""

    def __init__(
        self,
        camera: Camera,
        layout: Layout,
        today: Callable[[], date],
        looks: int = LOOKS,
    ) -> None:
        """`today` in Japan; `looks`: how often two new frames are tried."""
        self._camera = camera
        self._layout = layout
        self._today = today
        self._looks = looks

    async def verification_number_b(self) -> str | None:
        """None: not sure, so a person types it. Raises PartError F201, D704."""
        async with self._camera.watch() as source:
            for _ in range(self._looks):
                pair = await source.frame(), await source.frame()
                number = await asyncio.to_thread(
                    read_number, pair, self._layout, self._today()
                )
                if number is not None:
                    return number
        return None


def read_number(pair: Pair, layout: Layout, today: date) -> str | None:
    """Two frames of one card; None: not sure. Raises PartError D704."""
    prepared = strips(pair, layout)
    if prepared is None:
        return None
    found = read_lines([strip.picture for strip in prepared])
    first, second = (
        strip.reading(letters) for strip, letters in zip(prepared, found, strict=True)
    )
    return agreed(first, second, today)
