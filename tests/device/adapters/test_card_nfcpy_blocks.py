"""The reader's blocks against the card's, where an answer comes too late."""

import nfc.clf
import pytest

from device.adapters.card_nfcpy_blocks import BlockError, Blocks
from device.simulated.card.iso_dep import Picc


class LateCard:
    """Its answer to `command` is heard only when the reader has asked once more."""

    def __init__(self, command: bytes, *, for_ever: bool = False) -> None:
        self.done: list[bytes] = []
        self._picc = Picc(self._answer, 256, lambda in_chain: False)
        self._slow = command
        self._for_ever = for_ever
        self._late = b""

    def exchange(self, frame: bytes, wait_s: float) -> bytes:
        said = self._picc.receive(frame) or b""
        if frame[1:] == self._slow:
            self._late = said
            raise nfc.clf.TimeoutError
        if self._late and frame[:1] not in (b"\xb2", b"\xb3"):
            # What was said in the meantime is heard, not what is said now.
            late = self._late
            if not self._for_ever:
                self._late = b""
            return late
        return self._late if self._for_ever else said

    def _answer(self, command: bytes) -> bytes:
        self.done.append(command)
        return command.upper()


def test_the_late_answer_to_the_question_before_is_not_taken_for_this_one() -> None:
    card = LateCard(b"first")
    blocks = Blocks(card.exchange, 256, 0.1)
    assert blocks.transmit(b"first", 0.1, 1) == b"FIRST"
    assert blocks.transmit(b"second", 0.1, 1) == b"SECOND"
    assert blocks.transmit(b"third", 0.1, 1) == b"THIRD"
    assert card.done == [b"first", b"second", b"third"]


def test_a_card_that_only_repeats_itself_is_given_up_and_asked_nothing_twice() -> None:
    card = LateCard(b"first", for_ever=True)
    blocks = Blocks(card.exchange, 256, 0.1)
    assert blocks.transmit(b"first", 0.1, 1) == b"FIRST"
    with pytest.raises(BlockError):
        blocks.transmit(b"second", 0.1, 3)
    assert card.done == [b"first", b"second"]
