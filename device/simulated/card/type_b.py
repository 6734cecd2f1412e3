"""A Type B card in the field: found by REQB, activated by ATTRIB, then blocks."""

from device.simulated.card.faults import Faults
from device.simulated.card.iso_dep import Picc
from device.simulated.card.timing import Rate, Timing
from device.simulated.card.trace import Chip

APPLICATION_DATA = bytes.fromhex("004B51FF")
PROTOCOL = bytes.fromhex("B381D1")
"""106 to 424 kbit/s, 256-byte frames, FWI 13 (2.47 s): the slowest card reported."""
_FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256)
_SPEEDS = {rate.code << 6 | rate.code << 4: rate for rate in Rate}
"""Bits 8 to 5 of ATTRIB Param 2: the same rate both ways, as the card asks for."""


class FieldCard:
    """One card in one field. `frame` is pure but for the card's own counters."""

    def __init__(
        self, card: Chip, faults: Faults, timing: Timing | None = None
    ) -> None:
        """`timing`: as long as a real card would take; None: no time at all."""
        self.busy_s = 0.0
        """How long the last frame and its answer took, by `timing` and `slow_s`."""
        self.rate = Rate.R106
        self._card = card
        self._faults = faults
        self._timing = timing
        self._gone = False
        self._answered = 0
        self._name = b""
        self._picc: Picc | None = None
        self._blocks = 0
        self._chip_s = 0.0
        self.field_off()

    def field_off(self) -> None:
        self._card.reset()
        # The name changes with every field, so that nobody can be followed by it.
        self._name = self._card.random(4)
        self._picc, self.rate = None, Rate.R106

    def frame(self, data: bytes, rate: Rate = Rate.R106) -> bytes | None:
        """Answer one frame (without CRC), or None: silence.

        A frame at another rate than the card was told to use is noise to it.
        """
        if self._gone or rate is not self.rate:
            return None
        self._chip_s = 0.0
        # Only blocks are slow: standards fix how soon a card is to be found.
        self.busy_s = 0.0 if self._picc is None else self._faults.slow_s
        answer = self._answer(data)
        if self._timing is not None:
            back = self._timing.frame_s(len(answer), rate) if answer else 0.0
            there = self._timing.frame_s(len(data), rate)
            self.busy_s += there + back + self._chip_s + self._timing.turn_s
        return answer

    def _answer(self, data: bytes) -> bytes | None:
        if self._picc is not None and self._picc.selected:
            return self._block(self._picc, data)
        if len(data) == 3 and data[0] == 0x05:
            return b"\x50" + self._name + APPLICATION_DATA + self._protocol()
        if len(data) >= 9 and data[0] == 0x1D and data[1:5] == self._name:
            return self._attrib(data[6])
        return None

    def _protocol(self) -> bytes:
        fwi = self._faults.fwi
        last = PROTOCOL[2] if fwi is None else fwi << 4 | PROTOCOL[2] & 0x0F
        return PROTOCOL[:2] + bytes((last,))

    def _attrib(self, parameter: int) -> bytes | None:
        rate = _SPEEDS.get(parameter & 0xF0)
        if rate is None:
            return None
        size = _FRAME_SIZES[min(parameter & 0x0F, 8)]
        # This answer still goes at 106 kbit/s; what follows does not.
        self.rate = rate
        self._picc = Picc(self._transmit, size, self._wants_time)
        return b"\x00"

    def _block(self, picc: Picc, data: bytes) -> bytes | None:
        faults = self._faults
        if faults.deaf:
            faults.deaf -= 1
            return None
        answer = picc.receive(data)
        if answer is None:
            return None
        self._blocks += 1
        if faults.drop:
            faults.drop -= 1
            return None
        lost = faults.drop_every and self._blocks % faults.drop_every == 0
        return None if lost else answer

    def _transmit(self, command: bytes) -> bytes | None:
        faults = self._faults
        if faults.remove_after == 0 or self._answered == faults.tears_after:
            self._gone = True
            self._card.reset()
            return None
        if faults.remove_after is not None:
            faults.remove_after -= 1
        self._answered += 1
        if self._timing is not None:
            self._chip_s = self._timing.chip_s(command)
        return self._card.transmit(command)

    def _wants_time(self, in_chain: bool) -> bool:
        name = "wtx_in_chain" if in_chain else "wtx"
        left = getattr(self._faults, name)
        if left:
            setattr(self._faults, name, left - 1)
        return bool(left)
