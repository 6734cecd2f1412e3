"""Answers that the virtual card does not give, from a list."""

import pytest

from device.card import iso
from device.card.apdu import Command, Response
from device.card.dialog import run
from device.card.errors import CardRefusedError, MalformedCardError


class ScriptedCard:
    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[Command] = []

    def __call__(self, command: Command) -> Response:
        self.asked.append(command)
        return self.answers.pop(0) if self.answers else Response(b"", 0x61FF)


def ok(data: bytes = b"") -> Response:
    return Response(data, 0x9000)


def test_a_wrong_le_is_asked_again_with_the_right_one() -> None:
    card = ScriptedCard(Response(b"", 0x6C02), ok(b"ab"))
    assert run(iso.demand(Command(0, 0xB0, le=9)), card) == b"ab"
    assert [one.le for one in card.asked] == [9, 2]


def test_a_command_that_may_cost_something_is_never_sent_again() -> None:
    card = ScriptedCard(Response(b"", 0x6C02), ok())
    with pytest.raises(CardRefusedError):
        run(iso.verify(b"2468"), card)
    assert len(card.asked) == 1


def test_more_data_is_fetched() -> None:
    card = ScriptedCard(Response(b"ab", 0x6101), ok(b"c"))
    assert run(iso.demand(Command(0x80, 0x2A, le=0, once=True)), card) == b"abc"
    assert card.asked[1].ins == 0xC0


def test_a_card_that_never_ends_is_not_listened_to_for_ever() -> None:
    with pytest.raises(MalformedCardError):
        run(iso.demand(Command(0, 0xB0, le=1)), ScriptedCard())


def test_reading_takes_the_header_and_then_the_exact_rest() -> None:
    value = bytes(300)
    whole = b"\x30\x82\x01\x2c" + value
    card = ScriptedCard(ok(whole[:7]), ok(whole[7:258]), ok(whole[258:] + b"\xff"))
    assert run(iso.read_object(), card) == whole
    assert [(one.p1 << 8 | one.p2, one.le) for one in card.asked] == [
        (0, 7),
        (7, 251),
        (258, 46),
    ]


def test_an_end_of_file_warning_is_data() -> None:
    card = ScriptedCard(Response(b"\x30\x01a", 0x6282))
    assert run(iso.read_object(), card) == b"\x30\x01a"


@pytest.mark.parametrize("answer", [Response(b"", 0x6B00), ok(), Response(b"", 0x6282)])
def test_a_file_shorter_than_its_object_is_malformed(answer: Response) -> None:
    card = ScriptedCard(ok(b"\x30\x20" + bytes(5)), answer)
    with pytest.raises(MalformedCardError):
        run(iso.read_object(), card)


def test_an_object_beyond_the_longest_offset_is_malformed() -> None:
    start = ok(b"\x30\x82\xff\xff" + bytes(3))
    card = ScriptedCard(start, *(ok(bytes(251)) for _ in range(200)))
    with pytest.raises(MalformedCardError, match="longer"):
        run(iso.read_object(), card)


@pytest.mark.parametrize("empty", [b"", b"\xff" * 7, bytes(7)])
def test_filler_alone_is_an_empty_file(empty: bytes) -> None:
    assert run(iso.read_object(), ScriptedCard(ok(empty))) == b""


@pytest.mark.parametrize(
    ("sw", "left"), [(0x63C2, 2), (0x6984, 0), (0x9000, 3), (0x6300, 3)]
)
def test_the_counter_is_read_without_data(sw: int, left: int) -> None:
    card = ScriptedCard(Response(b"", sw))
    assert run(iso.tries(3), card) == left
    assert card.asked[0].to_bytes().hex() == "00200080"


def test_an_unheard_of_word_is_a_refusal() -> None:
    with pytest.raises(CardRefusedError) as refused:
        run(iso.tries(3), ScriptedCard(Response(b"", 0x6F00)))
    assert refused.value.sw == 0x6F00
