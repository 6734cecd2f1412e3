"""The documented surface of waveshare-epaper 1.4.0, with paper behind it.

`epaper.epaper("epd7in5_V2").EPD()` with width, height, init, init_fast, init_part,
display, display_Partial, sleep; 1 is black. As strict as the controller: what is sent
to one that sleeps, or that was prepared for another update, is lost. Checked by hand
against the published package.
"""

import threading
from types import ModuleType, SimpleNamespace

from PIL import Image

WIDTH, HEIGHT = 800, 480


class EPD:
    def __init__(self) -> None:
        self.width, self.height = WIDTH, HEIGHT
        self.picture = Image.new("1", (WIDTH, HEIGHT), 1)
        self.mode = ""
        self.calls: list[str] = []
        self.lost = False
        """The cable is off: SPI answers with an error."""
        self.busy: threading.Event | None = None
        """Nobody drives the BUSY line: its library waits until this is set."""

    def init(self) -> int:
        return self._prepared("full")

    def init_fast(self) -> int:
        return self._prepared("fast")

    def init_part(self) -> int:
        return self._prepared("partial")

    def display(self, image: bytearray) -> None:
        self._must(self.mode in {"full", "fast"})
        self.calls.append(f"display {self.mode}")
        self._paste(image, 0, 0, WIDTH, HEIGHT)

    def display_Partial(  # noqa: N802 - the maker's name
        self, image: bytearray, x0: int, y0: int, x1: int, y1: int
    ) -> None:
        self._must(self.mode == "partial")
        self._must(x0 % 8 == 0 and x1 % 8 == 0)
        self.calls.append("display partial")
        self._paste(image, x0, y0, x1, y1)

    def sleep(self) -> None:
        self._must(self.mode != "")
        self.calls.append("sleep")
        self.mode = ""

    def _prepared(self, mode: str) -> int:
        if self.busy is not None:
            self.busy.wait()
        if self.lost:
            raise OSError(5, "Input/output error")
        self.mode = mode
        return 0

    def _must(self, true: bool) -> None:
        if self.lost:
            raise OSError(5, "Input/output error")
        assert true, f"not while it is prepared for {self.mode or 'nothing'}"

    def _paste(self, image: bytearray, x0: int, y0: int, x1: int, y1: int) -> None:
        size = (x1 - x0, y1 - y0)
        assert len(image) == size[0] * size[1] // 8
        turned = bytes(value ^ 0xFF for value in image)
        self.picture.paste(Image.frombytes("1", size, turned), (x0, y0))


def module(epd: EPD) -> ModuleType:
    """To stand as `epaper` among the modules."""
    made = ModuleType("epaper")

    def epaper(model: str) -> SimpleNamespace:
        assert model == "epd7in5_V2"
        return SimpleNamespace(EPD=lambda: epd)

    made.__dict__["epaper"] = epaper
    return made
