"""The card's side of ISO 14443-4 blocks: a pure machine, one block in, one out."""

from collections.abc import Callable

_CHAINING = 0x10
_WTX = 0xF2
_DESELECT = 0xC2


class Picc:
    """Rules of ISO 14443-4 section 7.5.4 for a card without CID and NAD."""

    def __init__(
        self,
        answer: Callable[[bytes], bytes | None],
        frame_size: int,
        wtx: Callable[[bool], bool],
    ) -> None:
        """`frame_size`: the reader's, with PCB and CRC. `answer` None: the card left.

        `wtx(in_chain)`: ask for time now, before an answer or within a long one?
        """
        self.selected = True
        self._answer = answer
        self._room = frame_size - 3
        self._wtx = wtx
        self._number = 1
        self._last = b""
        self._command = b""
        self._response = b""

    def receive(self, block: bytes) -> bytes | None:
        """The block to send, or None: silence."""
        if not block:
            return None
        kind = block[0]
        if kind & 0xEE == 0x02:
            return self._information(block)
        if kind & 0xEE == 0xA2:
            return self._supervise(kind)
        if kind == _WTX and self._last[:1] == bytes((_WTX,)):
            return self._next_part()
        if kind == _DESELECT:
            self.selected = False
            return bytes((_DESELECT,))
        return None

    def _information(self, block: bytes) -> bytes | None:
        self._number ^= 1
        self._command += block[1:]
        if block[0] & _CHAINING:
            return self._send(bytes((0xA2 | self._number,)))
        command, self._command = self._command, b""
        response = self._answer(command)
        if response is None:
            self.selected = False
            return None
        self._response = response
        return self._in_time(in_chain=False)

    def _supervise(self, kind: int) -> bytes | None:
        """R(ACK) and R(NAK)."""
        if kind & 1 == self._number:
            return self._last or None
        if kind & _CHAINING:
            return bytes((0xA2 | self._number,))
        if not self._response:
            return None
        self._number ^= 1
        return self._in_time(in_chain=True)

    def _in_time(self, *, in_chain: bool) -> bytes:
        if self._wtx(in_chain):
            return self._send(bytes((_WTX, 0x01)))
        return self._next_part()

    def _next_part(self) -> bytes:
        part, self._response = (
            self._response[: self._room],
            self._response[self._room :],
        )
        more = _CHAINING if self._response else 0
        return self._send(bytes((0x02 | more | self._number,)) + part)

    def _send(self, block: bytes) -> bytes:
        self._last = block
        return block
