"""What passed between reader and card, one line for each APDU, fit to be kept.

    0007 00A4020C lc=2 data=0018 -> 9000
    0008 00200080 lc=4 data=* -> 63C2
    0009 00B00000 le=251 -> 9000 len=251

Names of applications and files are shown; what else is sent (a PIN, 照合番号B, what is
signed) and everything that is answered has its length here and nothing more.
"""

from collections.abc import Callable
from typing import Protocol

from device.card.apdu import APDUError, Command

_SELECT = 0xA4
_LONGEST_NAME = 16
"""Of an application (ISO 7816-4 section 12.2.3); whatever is longer is no name."""


class Chip(Protocol):
    """A card without the air around it."""

    def transmit(self, raw: bytes) -> bytes: ...

    def reset(self) -> None: ...

    def random(self, size: int) -> bytes: ...


class TracedChip:
    """A chip of which each APDU is written as one line; it answers as before."""

    def __init__(self, chip: Chip, write: Callable[[str], None]) -> None:
        self._chip = chip
        self._write = write
        self._count = 0

    def transmit(self, raw: bytes) -> bytes:
        answer = self._chip.transmit(raw)
        self._count += 1
        self._write(trace_line(self._count, raw, answer))
        return answer

    def reset(self) -> None:
        self._chip.reset()

    def random(self, size: int) -> bytes:
        return self._chip.random(size)


def trace_line(number: int, command: bytes, answer: bytes) -> str:
    """Any bytes at all have a line. `answer` ends with its status word."""
    length = f" len={len(answer) - 2}" if len(answer) > 2 else ""
    word = answer[-2:].hex().upper()
    return f"{number:04} {_asked(command)} -> {word}{length}"


def _asked(raw: bytes) -> str:
    try:
        command = Command.from_bytes(raw)
    except APDUError:
        return f"not an APDU, {len(raw)} bytes"
    parts = [raw[:4].hex().upper()]
    if command.data:
        parts.append(f"lc={len(command.data)} data={_shown(command)}")
    if command.le is not None:
        parts.append(f"le={command.le or 256}")
    return " ".join(parts)


def _shown(command: Command) -> str:
    name = command.ins == _SELECT and len(command.data) <= _LONGEST_NAME
    return command.data.hex().upper() if name else "*"
