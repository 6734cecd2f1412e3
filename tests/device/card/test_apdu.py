import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.card.apdu import APDUError, Command, Response

byte = st.integers(0, 255)
commands = st.builds(
    Command,
    byte,
    byte,
    byte,
    byte,
    st.binary(max_size=600),
    st.none() | st.integers(0, 65536),
)


@given(commands)
def test_a_command_survives_the_wire(command: Command) -> None:
    raw = command.to_bytes()
    read = Command.from_bytes(raw)
    assert (read.cla, read.ins, read.p1, read.p2) == (
        command.cla,
        command.ins,
        command.p1,
        command.p2,
    )
    assert read.data == command.data
    assert (read.le is None) == (command.le is None)
    assert read.to_bytes() == raw


@given(st.binary(max_size=600))
def test_junk_is_only_ever_refused_as_no_apdu(raw: bytes) -> None:
    with contextlib.suppress(APDUError):
        assert Command.from_bytes(raw).to_bytes()[:4] == raw[:4]
    with contextlib.suppress(APDUError):
        assert Response.from_bytes(raw).to_bytes() == raw


@pytest.mark.parametrize(
    ("command", "wire"),
    [
        (Command(0, 0x20, 0, 0x80), "00200080"),
        (Command(0, 0xB0, 0, 0, le=4), "00b0000004"),
        (Command(0, 0xB0, 1, 0, le=256), "00b0010000"),
        (Command(0, 0xA4, 2, 0x0C, b"\0\x18"), "00a4020c020018"),
        (Command(0x80, 0x2A, 0, 0x80, b"ab", 0), "802a008002616200"),
        (Command(0, 0xB0, 0, 0, le=65536), "00b00000000000"),
        (Command(0, 0xB0, 0, 0, le=885), "00b00000000375"),
    ],
)
def test_the_wire_is_what_the_standard_says(command: Command, wire: str) -> None:
    assert command.to_bytes().hex() == wire


def test_what_has_no_encoding_is_refused() -> None:
    with pytest.raises(APDUError):
        Command(0, 0, data=bytes(65536)).to_bytes()
    with pytest.raises(APDUError):
        Command(0, 0, le=65537).to_bytes()


def test_neither_side_shows_its_data() -> None:
    assert "2468" not in repr(Command(0, 0x20, 0, 0x80, b"2468"))
    assert "2468" not in repr(Response(b"2468", 0x9000))
