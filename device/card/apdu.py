"""Command and response APDUs (ISO 7816-4 section 5), and what a dialog is."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
_SHORT, _EXTENDED = 256, 65536
"""What Le 0 means in each form."""


class APDUError(ValueError):
    """Bytes that are no APDU, or a command that has no encoding."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `le` None: no answer data wanted; 0: as many as there are."""

    cla: int
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = b""
    le: int | None = None
    once: bool = False
    """Never sent twice (VERIFY, signatures): a second one could cost a try."""

    def __repr__(self) -> str:
        """Headers only: data may be a PIN."""
        head = bytes((self.cla, self.ins, self.p1, self.p2)).hex()
        return f"Command({head}, {len(self.data)} bytes)"

    def to_bytes(self) -> bytes:
        """Short form where it fits, extended otherwise. Raises APDUError."""
        le = self.le
        if len(self.data) >= _EXTENDED or not 0 <= (le or 0) <= _EXTENDED:
            raise APDUError("data or Le too long for any APDU")
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        if len(self.data) < _SHORT and (le or 0) <= _SHORT:
            lc = bytes((len(self.data),)) if self.data else b""
            tail = b"" if le is None else bytes((le % _SHORT,))
            return head + lc + self.data + tail
        lc = len(self.data).to_bytes(2, "big") if self.data else b""
        tail = b"" if le is None else (le % _EXTENDED).to_bytes(2, "big")
        # One zero byte opens the extended form, before Lc or, without data, before Le.
        return head + b"\0" + lc + self.data + tail

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Command":
        """The card's side: all seven cases of ISO 7816-4. Raises APDUError."""
        if len(raw) < 4:
            raise APDUError("a command has at least 4 bytes")
        body = raw[4:]
        data, le = _extended(body) if _is_extended(body) else _short(body)
        return cls(raw[0], raw[1], raw[2], raw[3], data, le)


@dataclass(frozen=True, slots=True)
class Response:
    data: bytes
    sw: int

    def __repr__(self) -> str:
        """Status only: data may be a person."""
        return f"Response({self.sw:04X}, {len(self.data)} bytes)"

    def to_bytes(self) -> bytes:
        return self.data + self.sw.to_bytes(2, "big")

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Response":
        """Raises APDUError when even the status word is missing."""
        if len(raw) < 2:
            raise APDUError("a response has at least 2 bytes")
        return cls(bytes(raw[:-2]), int.from_bytes(raw[-2:], "big"))


def _is_extended(body: bytes) -> bool:
    return len(body) > 2 and body[0] == 0


def _short(body: bytes) -> tuple[bytes, int | None]:
    if not body:
        return b"", None
    if len(body) == 1:
        return b"", body[0]
    return _split(body[1:], body[0], le_size=1)


def _extended(body: bytes) -> tuple[bytes, int | None]:
    first = int.from_bytes(body[1:3], "big")
    if len(body) == 3:
        return b"", first or _EXTENDED
    data, le = _split(body[3:], first, le_size=2)
    return data, _EXTENDED if le == 0 else le


def _split(rest: bytes, lc: int, le_size: int) -> tuple[bytes, int | None]:
    data, le = rest[:lc], rest[lc:]
    if lc == 0 or len(data) != lc or len(le) not in (0, le_size):
        raise APDUError("Lc does not fit the data")
    return data, int.from_bytes(le, "big") if le else None


Dialog = Generator[Command, Response, T]
"""Yields commands, is sent responses, returns what was learnt."""
