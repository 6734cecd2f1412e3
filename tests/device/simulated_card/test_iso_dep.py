"""Block rules of the card's side, ISO 14443-4 section 7.5.4."""

from hypothesis import given
from hypothesis import strategies as st

from device.simulated.card.iso_dep import Picc

I0, I1, ACK0, ACK1, NAK0, NAK1 = 0x02, 0x03, 0xA2, 0xA3, 0xB2, 0xB3


def card(answers: dict[bytes, bytes], wtx: bool = False) -> Picc:
    return Picc(lambda command: answers[command], 16, lambda in_chain: wtx)


def test_an_answer_carries_the_number_of_its_question() -> None:
    picc = card({b"a": b"A", b"b": b"B"})
    assert picc.receive(bytes((I0,)) + b"a") == bytes((I0,)) + b"A"
    assert picc.receive(bytes((I1,)) + b"b") == bytes((I1,)) + b"B"


def test_a_lost_answer_is_repeated_and_the_command_is_not_done_twice() -> None:
    done: list[bytes] = []

    def answer(command: bytes) -> bytes:
        done.append(command)
        return b"A"

    picc = Picc(answer, 16, lambda in_chain: False)
    first = picc.receive(bytes((I0,)) + b"a")
    assert picc.receive(bytes((NAK0,))) == first
    assert picc.receive(bytes((NAK0,))) == first
    assert done == [b"a"]


def test_a_question_that_was_not_heard_is_asked_for() -> None:
    assert card({}).receive(bytes((NAK0,))) == bytes((ACK1,))


def test_long_questions_and_answers_are_chained() -> None:
    picc = card({b"question": b"0123456789abcXYZ"})
    assert picc.receive(bytes((I0 | 0x10,)) + b"ques") == bytes((ACK0,))
    first = picc.receive(bytes((I1,)) + b"tion")
    assert first == bytes((I1 | 0x10,)) + b"0123456789abc"
    assert picc.receive(bytes((NAK1,))) == first
    assert picc.receive(bytes((ACK0,))) == bytes((I0,)) + b"XYZ"


def test_more_time_is_asked_for_and_the_answer_follows() -> None:
    picc = card({b"a": b"A"}, wtx=True)
    more = picc.receive(bytes((I0,)) + b"a")
    assert more == b"\xf2\x01"
    assert picc.receive(bytes((NAK0,))) == more
    assert picc.receive(more) == bytes((I0,)) + b"A"


def test_a_deselected_card_is_out_of_the_session() -> None:
    picc = card({})
    assert picc.receive(b"\xc2") == b"\xc2"
    assert not picc.selected


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_any_blocks_get_a_block_that_fits_or_silence(blocks: list[bytes]) -> None:
    picc = Picc(lambda command: command + b"\x90\x00", 16, lambda in_chain: False)
    for block in blocks:
        answer = picc.receive(block)
        assert answer is None or 1 <= len(answer) <= 14
