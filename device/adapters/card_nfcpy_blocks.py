"""The reader's side of ISO 14443-4 blocks (section 7.5), on top of nfcpy's frames.

nfcpy has its own; it repeats no lost frame on cards with long waiting times, and ends
the session when a card asks for more time within a long answer (measured with 1.0.4).
Here lost frames are asked for again with R blocks, so that a card repeats an answer and
never does a thing twice; time is granted wherever the card asks for it.
"""

from collections.abc import Callable

import nfc.clf

_CHAINING = 0x10
_INFORMATION, _ACK, _NAK, _WTX = 0x02, 0xA2, 0xB2, 0xF2
_LONGEST_WAIT_S = 4.949
"""FWT at FWI 14, which no extension exceeds (section 7.3)."""
_EXTENSIONS = 16
"""More time for one answer than anybody waits for; then the card is broken."""
_LONGEST_ANSWER = 65538
_UNHEARD = (nfc.clf.TransmissionError, nfc.clf.TimeoutError)


class BlockError(Exception):
    """The card did not answer, or not with a block that has a place here."""


class Blocks:
    def __init__(
        self, exchange: Callable[[bytes, float], bytes], frame_size: int, fwt: float
    ) -> None:
        """`exchange(frame, seconds)` raises nfc.clf errors. `fwt` in seconds."""
        self._exchange = exchange
        self._room = frame_size - 3
        self._fwt = fwt
        self._number = 0

    def transmit(self, command: bytes, wait_s: float, repeats: int) -> bytes:
        """One APDU as bytes. `repeats`: lost frames that are asked for again.

        Raises BlockError and what `exchange` raises besides lost frames.
        """
        parts = [
            command[at : at + self._room] for at in range(0, len(command), self._room)
        ]
        for part in parts[:-1]:
            head = bytes((_INFORMATION | _CHAINING | self._number,))
            answer = self._ask(head + part, wait_s, repeats)
            if answer[0] != _ACK | self._number:
                raise BlockError("a part of the command was not acknowledged")
            self._number ^= 1
        head = bytes((_INFORMATION | self._number,))
        return self._collect(
            self._ask(head + parts[-1], wait_s, repeats), wait_s, repeats
        )

    def present(self, wait_s: float) -> None:
        """R(NAK), which a card only acknowledges. Raises nfc.clf errors."""
        self._exchange(bytes((_NAK | self._number,)), wait_s)

    def _collect(self, block: bytes, wait_s: float, repeats: int) -> bytes:
        data = b""
        while True:
            if block[0] & ~_CHAINING != _INFORMATION | self._number:
                raise BlockError("not the block that comes next")
            self._number ^= 1
            data += block[1:]
            if not block[0] & _CHAINING:
                return data
            # A part without content would let a card go on for ever.
            if len(block) == 1 or len(data) > _LONGEST_ANSWER:
                raise BlockError("the answer does not end")
            block = self._ask(bytes((_ACK | self._number,)), wait_s, repeats)

    def _ask(self, block: bytes, wait_s: float, repeats: int) -> bytes:
        """`block` until it is answered by something other than a wish for time."""
        chaining = block[0] & 0xEE == _ACK
        again = block if chaining else bytes((_NAK | self._number,))
        # What a card says that has not heard the command: it gets it once more.
        unheard = _ACK | (self._number ^ 1)
        # The answer before, late and once more: as good as none (section 7.5.4).
        stale = _INFORMATION | (self._number ^ 1)
        sent, limit, extensions = block, wait_s, 0
        while True:
            answer = self._heard(sent, limit)
            if answer[:1] == bytes((_WTX,)) and len(answer) > 1:
                extensions += 1
                sent = bytes((_WTX, max(1, answer[1] & 0x3F)))
                limit = min(self._fwt * sent[1], _LONGEST_WAIT_S)
                if extensions > _EXTENSIONS:
                    raise BlockError("the card asks for more time without end")
                continue
            missed = not chaining and answer[:1] == bytes((unheard,))
            if answer and not missed and answer[0] & ~_CHAINING != stale:
                return answer
            if repeats == 0:
                raise BlockError("no answer")
            repeats -= 1
            sent, limit = (block if missed else again), wait_s

    def _heard(self, block: bytes, wait_s: float) -> bytes:
        try:
            return bytes(self._exchange(block, wait_s))
        except _UNHEARD:
            return b""
