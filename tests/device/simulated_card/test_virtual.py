"""The virtual card against what is known of real ones, status word by status word."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from device.card import jpki, visual
from device.simulated.card.bench import Bench
from device.simulated.card.contents import CardContents
from device.simulated.card.files import FILLER

JPKI = "00a4040c0a" + jpki.AID.hex()
VISUAL = "00a4040c0a" + visual.AID.hex()
PROFILE = "00a4040c0ad3921000310001010408"
PIN_EF, KEY_EF = "00a4020c020018", "00a4020c020017"
ASK, RIGHT, WRONG = "00200080", "002000800432343638", "002000800430303030"
SIGN = "802a00800161" + "00"


def words(bench: Bench, *apdus: str) -> list[str]:
    return [bench.card.transmit(bytes.fromhex(one))[-2:].hex() for one in apdus]


@pytest.mark.parametrize(
    ("apdus", "last"),
    [
        ((JPKI,), "9000"),
        (("00a4040c0aa0000000000000000000",), "6a82"),
        (("00a4000c023f00",), "6a86"),
        ((PIN_EF,), "6a82"),
        ((JPKI, "00a4020c021234"), "6a82"),
        ((JPKI, "00a4020c0112"), "6700"),
        ((JPKI, "00a40204020018"), "6a86"),
        ((JPKI, "00ca000000"), "6d00"),
        ((JPKI, "f0a4020c020018"), "6e00"),
        (("00b0000004",), "6986"),
        ((JPKI, PIN_EF, "00b0000004"), "6981"),
        ((JPKI, "00a4020c02000a", "00b07f0004"), "6b00"),
        ((JPKI, "00a4020c02000a", "00b00000"), "6700"),
        ((JPKI, "00b08a0004"), "9000"),
        ((JPKI, "00b08a00000400"), "9000"),
        ((JPKI, ASK), "6986"),
        ((JPKI, "00a4020c02000a", ASK), "6a88"),
        ((JPKI, PIN_EF, ASK), "63c3"),
        ((JPKI, "00200098"), "63c3"),
        ((JPKI, PIN_EF, "00200180"), "6a86"),
        ((JPKI, KEY_EF, SIGN), "6982"),
        ((JPKI, PIN_EF, RIGHT, KEY_EF, SIGN), "9000"),
        ((JPKI, PIN_EF, RIGHT, "802a00970161" + "00"), "9000"),
        ((JPKI, PIN_EF, RIGHT, KEY_EF, "802a00800161"), "6700"),
        ((JPKI, PIN_EF, RIGHT, KEY_EF, "802a0080f6" + "00" * 247), "6700"),
        ((JPKI, PIN_EF, RIGHT, KEY_EF, "802a09800161" + "00"), "6a86"),
        ((VISUAL, "00a4020c020002", "00b0000004"), "6982"),
        ((VISUAL, "00a4020c020012", ASK), "63ca"),
        ((VISUAL, "802a000001610" + "0"), "9000"),
        (("00",), "6700"),
    ],
)
def test_status_words(bench: Bench, apdus: tuple[str, ...], last: str) -> None:
    assert words(bench, *apdus)[-1] == last


def test_the_exhausting_try_says_63c0_and_later_ones_6984(bench: Bench) -> None:
    assert words(bench, JPKI, PIN_EF, WRONG, WRONG, WRONG, WRONG, RIGHT, ASK) == [
        *("9000", "9000"),
        *("63c2", "63c1", "63c0", "6984", "6984"),
        "63c0",
    ]


def test_a_verified_pin_is_forgotten_with_the_field_and_the_counter_is_not(
    bench: Bench,
) -> None:
    assert words(bench, JPKI, PIN_EF, RIGHT, WRONG, KEY_EF, SIGN)[-1] == "6982"
    bench.card.reset()
    assert words(bench, JPKI, PIN_EF, ASK)[-1] == "63c2"
    words(bench, RIGHT)
    bench.card.reset()
    assert words(bench, JPKI, KEY_EF, SIGN)[-1] == "6982"


@pytest.mark.parametrize(("app", "ef"), [(VISUAL, "0005"), (PROFILE, "0001")])
def test_nothing_opens_the_individual_number(bench: Bench, app: str, ef: str) -> None:
    b = bench.card.contents.number_b.hex()
    words(bench, app, "00a4020c020012", "002000800e" + b)
    words(bench, "00a4020c020015", "002000800e" + b, "00a4020c020011", RIGHT)
    assert words(bench, f"00a4020c02{ef}", "00b0000004") == ["9000", "6982"]


def test_a_long_file_comes_whole_in_extended_form(
    bench: Bench, contents: CardContents
) -> None:
    words(bench, JPKI, "00a4020c02000a")
    raw = bench.card.transmit(bytes.fromhex("00b00000000000"))
    assert raw[:-2] == contents.certificate + FILLER


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300), lead=st.sampled_from([b"", b"\0\xa4", b"\x80\xa2"]))
def test_any_bytes_have_an_answer(
    raw: bytes,
    lead: bytes,
    contents: CardContents,
    insert: Callable[[CardContents], Bench],
) -> None:
    bench = insert(contents)
    words(bench, JPKI)
    assert len(bench.card.transmit(lead + raw)) >= 2
