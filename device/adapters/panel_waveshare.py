"""Waveshare's 7.5 inch e-Paper V2, by the maker's own library (waveshare-epaper).

Only what its examples do: `init`, `init_fast` or `init_part` before `display` or
`display_Partial`, and `sleep` after. Its constructor opens the pins.
"""

import importlib
from typing import Any

from device.adapters.wiring import WAVESHARE, not_there
from ui_eink.panels import WAVESHARE_7IN5_V2, Update
from ui_eink.refresh import Plan, part

MODEL = "epd7in5_V2"
_INVERT = bytes(value ^ 0xFF for value in range(256))
"""The library takes 1 as black; its own `getbuffer` turns whole pictures only."""


class WavesharePaper:
    """Satisfies device.ports.Paper."""

    def __init__(self) -> None:
        """Raises PartError D704: no library, no SPI, no pins, or another panel."""
        self.name = f"waveshare {MODEL}"
        self.panel = WAVESHARE_7IN5_V2
        self._ready: Update | None = None
        """What the controller has been prepared for; None: it sleeps."""
        self._epd = _opened()
        if (self._epd.width, self._epd.height) != (self.panel.width, self.panel.height):
            size = f"{self._epd.width}x{self._epd.height}"
            raise not_there("panel", f"{size}, not 800x480", WAVESHARE)

    def check(self) -> None:
        """Waits for ever on a BUSY line that nobody drives: see device.eink_panel."""
        try:
            self._prepare(Update.FULL)
        except OSError as error:
            raise not_there("panel", f"does not answer ({error})", WAVESHARE) from error

    def draw(self, plan: Plan) -> None:
        if plan.update is Update.NONE:
            return
        frame, box = plan.shown.frame, plan.box
        try:
            self._prepare(plan.update)
            if plan.update is Update.PARTIAL:
                window = bytearray(part(frame, box).translate(_INVERT))
                self._epd.display_Partial(window, box.x, box.y, box.right, box.bottom)
            else:
                self._epd.display(bytearray(frame.translate(_INVERT)))
        except OSError as error:
            self._ready = None
            raise not_there("panel", f"does not answer ({error})", WAVESHARE) from error

    @property
    def wiring(self) -> str:
        return WAVESHARE

    def sleep(self) -> None:
        if self._ready is None:
            return
        self._ready = None
        try:
            self._epd.sleep()
        except OSError as error:
            raise not_there("panel", f"does not answer ({error})", WAVESHARE) from error

    def close(self) -> None:
        self.sleep()

    def _prepare(self, update: Update) -> None:
        if self._ready is update:
            return
        begin = {
            Update.FULL: self._epd.init,
            Update.FAST: self._epd.init_fast,
            Update.PARTIAL: self._epd.init_part,
        }[update]
        self._ready = None
        if begin() != 0:
            raise not_there("panel", "its library could not start it", WAVESHARE)
        self._ready = update


def _opened() -> Any:
    try:
        library = importlib.import_module("epaper")
    except ImportError as error:
        what = "waveshare-epaper is not installed (pip install shikaku[waveshare])"
        raise not_there("panel", what, WAVESHARE) from error
    try:
        return library.epaper(MODEL).EPD()
    except (ImportError, AttributeError) as error:
        # The library looks for a Raspberry Pi while it is imported.
        what = f"waveshare-epaper does not run here ({error})"
        raise not_there("panel", what, WAVESHARE) from error
    except Exception as error:
        # gpiozero's and spidev's errors have no base of their own.
        raise not_there("panel", f"does not open ({error})", WAVESHARE) from error
