"""A Type B card in the field: found by REQB, activated by ATTRIB, then blocks."""

from dataclasses import dataclass

from device.simulated.card.iso_dep import Picc
from device.simulated.card.virtual import VirtualCard

APPLICATION_DATA = bytes.fromhex("004B51FF")
PROTOCOL = bytes.fromhex("B381D1")
"""106 to 424 kbit/s, 256-byte frames, FWI 13 (2.47 s): the slowest card reported."""
_FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)


@dataclass(slots=True)
class Faults:
    """What goes wrong on purpose; each counts down to zero."""

    drop: int = 0
    """Next blocks whose answer is lost on the air (the card did hear them)."""
    deaf: int = 0
    """Next blocks that the card does not hear."""
    wtx: int = 0
    """Next commands before whose answer the card asks for more time."""
    slow_s: float = 0.0
    """Seconds before every answer."""


class FieldCard:
    """One card in one field. `frame` is pure but for the card's own counters."""

    def __init__(self, card: VirtualCard, faults: Faults) -> None:
        self._card = card
        self._faults = faults
        self._name = b""
        self._picc: Picc | None = None
        self.field_off()

    def field_off(self) -> None:
        self._card.reset()
        # The name changes with every field, so that nobody can be followed by it.
        self._name = self._card.random(4)
        self._picc = None

    def frame(self, data: bytes) -> bytes | None:
        """Answer one frame (without CRC), or None: silence."""
        if self._picc is not None and self._picc.selected:
            return self._block(self._picc, data)
        if len(data) == 3 and data[0] == 0x05:
            return b"\x50" + self._name + APPLICATION_DATA + PROTOCOL
        if len(data) >= 9 and data[0] == 0x1D and data[1:5] == self._name:
            size = _FRAME_SIZES[min(data[6] & 0x0F, 8)]
            self._picc = Picc(self._card.transmit, size, self._wants_time)
            return b"\x00"
        return None

    def _block(self, picc: Picc, data: bytes) -> bytes | None:
        if self._faults.deaf:
            self._faults.deaf -= 1
            return None
        answer = picc.receive(data)
        if answer is not None and self._faults.drop:
            self._faults.drop -= 1
            return None
        return answer

    def _wants_time(self) -> bool:
        if not self._faults.wtx:
            return False
        self._faults.wtx -= 1
        return True
