"""What an update costs on a panel: the maker's figures, and nothing we measured.

Our own measurements need the panels on a bench; until then every time here is what its
maker or its driver library says, at room temperature. Cold paper is slower.
"""

from dataclasses import dataclass
from enum import Enum


class Update(Enum):
    NONE = "none"
    PARTIAL = "partial"
    """One window, no flash; leaves a shadow of what was there."""
    FAST = "fast"
    """The whole screen with a short flash; wipes most shadows."""
    FULL = "full"
    """The whole screen with the long flash; wipes all shadows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`None` for a way of updating that the panel or its library does not have."""

    name: str
    width: int
    height: int
    full_ms: int
    fast_ms: int | None
    partial_ms: int | None
    wake_ms: int
    """Reset and power on, before an update of a panel that slept."""
    spi_hz: int
    full_bytes: int
    partial_bytes: int
    """What the library sends for one window, however small."""
    source: str

    @property
    def serves_patients(self) -> bool:
        """Whether a digit can be shown while somebody types."""
        return self.partial_ms is not None

    def cost_ms(self, update: Update, *, asleep: bool = False) -> float:
        """Until the new picture stands, without the time Python takes.

        Raises ValueError for an update that this panel does not have.
        """
        if update is Update.NONE:
            return 0.0
        waveform = {
            Update.FULL: self.full_ms,
            Update.FAST: self.fast_ms,
            Update.PARTIAL: self.partial_ms,
        }[update]
        if waveform is None:
            raise ValueError(f"{self.name} has no {update.value} update")
        window = update is Update.PARTIAL
        sent = self.partial_bytes if window else self.full_bytes
        return (self.wake_ms if asleep else 0) + sent * 8000 / self.spi_hz + waveform


_FRAME = 800 * 480 // 8

WAVESHARE_7IN5_V2 = Panel(
    name="waveshare 7.5inch e-Paper V2",
    width=800,
    height=480,
    full_ms=5000,
    fast_ms=1500,
    partial_ms=500,
    wake_ms=200,
    spi_hz=4_000_000,
    full_bytes=2 * _FRAME,
    partial_bytes=_FRAME,
    source=(
        "full: Waveshare's page of the panel (5 s; others say 4 s); fast, partial:"
        " published reviews; wake, bytes, SPI clock: waveshare-epaper 1.4.0."
        " Not measured by us"
    ),
)

INKY_IMPRESSION_7IN3 = Panel(
    name="inky impression 7.3",
    width=800,
    height=480,
    full_ms=32_000,
    fast_ms=None,
    partial_ms=None,
    wake_ms=1_000,
    spi_hz=5_000_000,
    full_bytes=800 * 480 // 2,
    partial_bytes=0,
    source=(
        "inky 2.6.0: its driver waits up to 32 s (Spectra 6) or 41 s (seven colours)"
        " for the update. Not measured by us"
    ),
)

INKY_WHAT = Panel(
    name="inky what",
    width=400,
    height=300,
    full_ms=15_000,
    fast_ms=None,
    partial_ms=None,
    wake_ms=1_000,
    spi_hz=488_000,
    full_bytes=2 * 400 * 300 // 8,
    partial_bytes=0,
    source=(
        "owners of black and white Inky boards report 8 to 15 s; bytes and SPI clock:"
        " inky 2.6.0. Not measured by us. 400x300: too small for our screens"
    ),
)

PANELS = (WAVESHARE_7IN5_V2, INKY_IMPRESSION_7IN3, INKY_WHAT)
