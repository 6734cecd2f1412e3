"""How long a real card would take: a model, not a measurement.

Air: Type B characters of 10 etu, a PCB and two CRC bytes in each frame (ISO 14443-3
and -4). A response follows its command after TR0 and TR1. What the chip itself needs is
an assumption until a real card has been timed; each constant says what it is.
"""

from dataclasses import dataclass
from enum import Enum


class Rate(Enum):
    """Bit rate of one activation. `value` is in kbit/s, as people say it."""

    R106 = 106
    R212 = 212
    R424 = 424

    @property
    def code(self) -> int:
        """Divisor code of ATTRIB Param 2 (ISO 14443-3 section 7.10.4)."""
        return {106: 0b00, 212: 0b01, 424: 0b10}[self.value]

    @property
    def air(self) -> bytes:
        """As nfcpy's udp driver names it."""
        return f"{self.value}B".encode()


CARRIER_HZ = 13_560_000
ETU_CYCLES = 128
"""One bit at 106 kbit/s (ISO 14443-2); a half and a quarter of it above."""
FRAME_OVERHEAD = 3
"""PCB and CRC_B."""
FRAMING_ETU = 26
"""SOF 12 to 14 etu and EOF 10 to 11 (ISO 14443-3 section 7.1), taken together."""
_SIGNING = 0x2A
_VERIFY = 0x20


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. The defaults of each constant name their ground."""

    name: str
    bits: int = 10
    """Of one character: start, eight data bits, stop; EGT adds to it."""
    turn_s: float = 0.0
    """What chip and USB reader add to every exchange."""
    sign_s: float = 0.2
    """RSA-2048 with CRT; 0.1 to 0.5 s are plausible. Assumed."""
    verify_s: float = 0.0
    """Comparing a secret and writing its counter. Assumed."""
    framing: bool = False
    """Whether SOF and EOF are counted."""

    def frame_s(self, size: int, rate: Rate) -> float:
        """One frame on the air; `size` is the content of its block."""
        etu = ETU_CYCLES / CARRIER_HZ * Rate.R106.value / rate.value
        bits = self.bits * (size + FRAME_OVERHEAD)
        return etu * (bits + (FRAMING_ETU if self.framing else 0))

    def chip_s(self, command: bytes) -> float:
        """What the chip computes over one APDU."""
        ins = command[1] if len(command) > 1 else 0
        if ins == _SIGNING:
            return self.sign_s
        return self.verify_s if ins == _VERIFY and len(command) > 5 else 0.0

    def exchange_s(self, command: bytes, answer: bytes, rate: Rate, room: int) -> float:
        """One APDU both ways, in frames of `room` bytes at most, all of them chained.

        Each continued part is asked for with a block of its own.
        """
        there, back = _parts(command, room), _parts(answer, room)
        air = sum(self.frame_s(size, rate) for size in (*there, *back))
        acknowledged = len(there) + len(back) - 2
        air += acknowledged * self.frame_s(0, rate)
        turns = len(there) + len(back) - 1
        return air + turns * self.turn_s + self.chip_s(command)


FLOOR = Timing("air floor")
"""Nothing but characters on the air and 0.2 s for each RSA signature."""
PLAUSIBLE = Timing(
    "plausible", bits=11, turn_s=0.006, sign_s=0.35, verify_s=0.01, framing=True
)
"""3 ms of card and 3 ms of USB for each frame, EGT of one etu, a slower signature."""


def _parts(data: bytes, room: int) -> list[int]:
    return [min(room, len(data) - at) for at in range(0, len(data), room)] or [0]
