import json
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.simulated.card.contents import CardContents
from device.simulated.card.faults import PRESETS, Faults
from device.simulated.card.tray import Tray
from device.simulated.card.virtual import VirtualCard

REQB = bytes.fromhex("050010")


@pytest.fixture
def tray(contents: CardContents) -> Tray:
    cards = ("one", "other")
    return Tray({name: VirtualCard(contents, secrets.token_bytes) for name in cards})


def ask(tray: Tray, **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tray.request(json.dumps(request).encode()))
    return answer


def activate(tray: Tray) -> None:
    atqb = tray.frame(REQB)
    assert atqb is not None
    assert tray.frame(b"\x1d" + atqb[1:5] + b"\x00\x08\x01\x00") == b"\x00"


def test_hands_put_and_take(tray: Tray) -> None:
    nothing = {"card": None, "preset": "none", "cards": ["one", "other"]}
    assert ask(tray, state=True) == nothing
    assert ask(tray, put="one")["card"] == "one"
    assert ask(tray, put="other")["card"] == "other"
    assert ask(tray, take=True)["card"] is None


def test_an_empty_tray_answers_nothing(tray: Tray) -> None:
    assert tray.frame(REQB) is None


def test_an_exchanged_card_does_not_go_on_with_the_session(tray: Tray) -> None:
    ask(tray, put="one")
    activate(tray)
    assert tray.frame(b"\xb2") == b"\xa3"
    ask(tray, put="other")
    assert tray.frame(b"\xb2") is None


def test_a_card_has_another_name_in_every_field(tray: Tray) -> None:
    ask(tray, put="one")
    first = tray.frame(REQB)
    tray.field_off()
    assert tray.frame(REQB) != first


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"junk",
        b"[]",
        b'{"put": "nobody"}',
        b'{"put": 1}',
        b'{"take": false}',
        b'{"put": "one", "take": true}',
        b'{"fault": {"drop": -1}}',
        b'{"fault": {"drop": true}}',
        b'{"fault": {"drop": []}}',
        b'{"fault": {"other": 1}}',
        b'{"preset": "rain"}',
        b'{"preset": ["slow"]}',
        b'{"preset": "slow", "put": "one"}',
    ],
)
def test_what_it_does_not_understand_changes_nothing(
    tray: Tray, request_: bytes
) -> None:
    answer = json.loads(tray.request(request_))
    assert answer["error"]
    assert answer["card"] is None


def test_a_preset_holds_for_every_card_until_another_one(tray: Tray) -> None:
    assert ask(tray, preset="deaf")["preset"] == "deaf"
    for card in ("one", "other"):
        ask(tray, put=card)
        activate(tray)
        assert tray.frame(b"\xb2") is None
    assert ask(tray, preset="none")["preset"] == "none"
    ask(tray, put="one")
    activate(tray)
    assert tray.frame(b"\xb2") == b"\xa3"


def test_a_preset_clears_what_was_broken_by_hand(tray: Tray) -> None:
    ask(tray, fault={"drop": 9, "slow_s": 0.5, "remove_after": 0})
    ask(tray, preset="none")
    assert tray.faults == Faults()


def test_a_torn_card_tears_again_each_time_it_is_put(tray: Tray) -> None:
    ask(tray, preset="torn")
    for _ in range(2):
        ask(tray, put="one")
        activate(tray)
        answered = [tray.frame(apdu(number)) is not None for number in range(14)]
        assert answered == [True] * 4 + [False] * 10


def test_the_presets_are_copies_that_no_visit_uses_up(tray: Tray) -> None:
    ask(tray, preset="deaf")
    ask(tray, put="one")
    activate(tray)
    tray.frame(apdu(0))
    ask(tray, preset="deaf")
    assert tray.faults == PRESETS["deaf"]()


def apdu(number: int) -> bytes:
    """An I-block with a SELECT that names nothing; every other one has number 1."""
    return bytes((0x02 | number & 1,)) + bytes.fromhex("00A4040000")


@given(line=st.binary(max_size=60))
def test_any_line_gets_one_line_back(line: bytes) -> None:
    answer = Tray({}).request(line)
    assert answer.endswith(b"\n")
    assert answer.count(b"\n") == 1
