"""Pimoroni's Inky Impression 7.3 inch, by the maker's own library (inky).

Only `inky.auto.auto()`, `resolution`, `set_image` and `show`. It redraws the whole
screen for half a minute and has no windows: for exhibitions and training, and said so
by the self-test. Other Inky boards have other sizes and are refused.
"""

import importlib
from typing import Any

from PIL import Image

from device.adapters.wiring import INKY, not_there
from ui_eink.panels import INKY_IMPRESSION_7IN3, Update
from ui_eink.refresh import Plan
from ui_eink.theme import HEIGHT, WIDTH


class InkyPaper:
    """Satisfies device.ports.Paper. The board sleeps by itself after each update."""

    def __init__(self) -> None:
        """Raises PartError D704: no library, no board, or one of another size."""
        self.name = "inky"
        self.panel = INKY_IMPRESSION_7IN3
        self._board = _found()
        width, height = self._board.resolution
        if (width, height) != (WIDTH, HEIGHT):
            raise not_there("panel", f"{width}x{height}, not 800x480", INKY)

    def check(self) -> None:
        """Its EEPROM has answered already."""

    def draw(self, plan: Plan) -> None:
        if plan.update is Update.NONE:
            return
        picture = Image.frombytes("1", (WIDTH, HEIGHT), plan.shown.frame)
        try:
            self._board.set_image(_indexed(picture))
            self._board.show()
        except (OSError, RuntimeError) as error:
            raise not_there("panel", f"does not answer ({error})", INKY) from error

    @property
    def wiring(self) -> str:
        return INKY

    def sleep(self) -> None:
        """It sleeps already."""

    def close(self) -> None:
        """Its library lets the pins go when the process ends."""


def _indexed(picture: Image.Image) -> Image.Image:
    """Colour 0 is black and 1 white on every Impression: nothing is dithered.

    The library's own way from RGB fails with Pillow 13 on the seven-colour board.
    """
    ones = picture.convert("L").point([0] * 128 + [1] * 128)
    indexed = Image.frombytes("P", picture.size, ones.tobytes())
    indexed.putpalette([0, 0, 0, 255, 255, 255])
    return indexed


def _found() -> Any:
    try:
        library = importlib.import_module("inky.auto")
    except ImportError as error:
        what = "inky is not installed (pip install shikaku[inky])"
        raise not_there("panel", what, INKY) from error
    try:
        return library.auto()
    except (OSError, RuntimeError, SystemExit) as error:
        raise not_there("panel", f"no board found ({error})", INKY) from error
