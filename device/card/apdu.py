"""Command and response APDUs (ISO 7816-4 section 5), and what a dialog is."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Response:
    data: bytes
    sw: int


Dialog = Generator[Command, Response, T]
"""Yields commands, is sent responses, returns what was learnt."""
