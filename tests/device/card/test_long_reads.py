"""Long reads in parts or at once; and files that lie about themselves."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from device.card import tlv, visit
from device.card.apdu import Command, Response
from device.card.dialog import run
from device.card.errors import CardError
from device.card.iso import read, read_object
from device.card.long_reads import EXTENDED
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.issue import Holder, Issuer

FILE = bytes(range(256)) * 8


class OneFile:
    """A file, and the longest Le that the card takes."""

    def __init__(self, content: bytes, longest: int = EXTENDED) -> None:
        self.content, self.longest = content, longest
        self.asked: list[int] = []

    def __call__(self, command: Command) -> Response:
        assert command.le is not None
        self.asked.append(command.le)
        if command.le > self.longest:
            return Response(b"", 0x6700)
        at = command.p1 << 8 | command.p2
        if at >= len(self.content):
            return Response(b"", 0x6B00)
        return Response(self.content[at : at + command.le], 0x9000)


def test_parts_of_251_are_the_rule() -> None:
    card = OneFile(FILE)
    assert run(read(0, 600), card) == FILE[:600]
    assert card.asked == [251, 251, 98]


def test_a_transport_that_can_takes_the_exact_length_at_once() -> None:
    card = OneFile(FILE)
    assert run(read(0, 600), card, EXTENDED) == FILE[:600]
    assert card.asked == [600]


def test_a_card_that_refuses_extended_length_is_read_in_parts() -> None:
    card = OneFile(FILE, longest=256)
    assert run(read(0, 600), card, EXTENDED) == FILE[:600]
    assert card.asked == [600, 251, 251, 98]


@pytest.mark.parametrize("longest", [251, EXTENDED])
def test_a_file_that_ends_early_is_malformed_at_any_length(longest: int) -> None:
    with pytest.raises(CardError) as short:
        run(read(0, 3000), OneFile(FILE), longest)
    assert short.value.code == "C101"


@pytest.mark.parametrize("ahead", [b"", b"\0\0", b"\xff\xff", b"\x02\x2a", b"\x30"])
def test_bytes_before_the_record_are_stepped_over(ahead: bytes) -> None:
    record = tlv.encode(0xFF20, bytes(600))
    for first in (7, 251):
        card = OneFile(ahead + record + b"\xff" * 40)
        assert run(read_object(0xFF20, first), card) == record


def test_a_record_is_not_searched_far(contents: CardContents) -> None:
    card = OneFile(b"\x05\x01\x00" + tlv.encode(0xFF20, bytes(20)))
    assert run(read_object(0xFF20), card) == b"\x05\x01\x00"


Insert = Callable[[CardContents], Bench]


@pytest.mark.parametrize("lie", [b"\0", b"\xff", b"\x7f"])
def test_an_offset_table_that_lies_changes_nothing(
    insert: Insert, contents: CardContents, holder: Holder, issuer: Issuer, lie: bytes
) -> None:
    face = contents.card_face
    at = face.index(b"\xdf\x21") + 3
    lying = replace(contents, card_face=face[:at] + 18 * lie + face[at + 18 :])
    assert lying.card_face != face
    keys = [issuer.photo_key.public_key()]
    dialog = visit.read_photo(holder.number_b, bytes(16), keys)
    assert insert(lying).run(dialog).jp2 == holder.photo


@pytest.mark.parametrize("length", [0, 1, 0x7FFF, 0xFFFF])
def test_a_length_that_lies_is_an_error_of_ours(
    insert: Insert,
    contents: CardContents,
    holder: Holder,
    issuer: Issuer,
    length: int,
) -> None:
    face = contents.card_face
    lying = face[:2] + b"\x82" + length.to_bytes(2, "big") + face[5:]
    keys = [issuer.photo_key.public_key()]
    dialog = visit.read_photo(holder.number_b, bytes(16), keys)
    with pytest.raises(CardError) as refused:
        insert(replace(contents, card_face=lying)).run(dialog)
    assert refused.value.code == "C101"
