"""The reader of CBOR takes one encoding of a value; cbor2 is the oracle."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import cbor
from protocol.errors import MalformedError

ITEMS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.binary(max_size=300)
    | st.text(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(max_size=40), inner, max_size=5)
    ),
    max_leaves=12,
)


def in_order_of_rfc_8949(item: cbor.Item) -> bytes:
    """An encoder that is slow and obvious: cbor2 for leaves, keys by their bytes."""
    if isinstance(item, list):
        inner = b"".join(map(in_order_of_rfc_8949, item))
        return cbor.head(4, len(item)) + inner
    if isinstance(item, dict):
        pairs = sorted((cbor2.dumps(key), value) for key, value in item.items())
        inner = b"".join(key + in_order_of_rfc_8949(value) for key, value in pairs)
        return cbor.head(5, len(item)) + inner
    return cbor2.dumps(item)


@given(ITEMS)
def test_reads_what_the_writer_wrote(item: object) -> None:
    assert cbor.loads(cbor.dumps(item)) == item


@given(st.binary(max_size=60))
def test_what_is_accepted_has_no_second_encoding(data: bytes) -> None:
    try:
        item = cbor.loads(data)
    except MalformedError:
        return
    assert in_order_of_rfc_8949(item) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("1800", "0 in two bytes"),
        ("190017", "23 in three bytes"),
        ("1b00000000ffffffff", "four bytes' worth in eight"),
        ("9f01ff", "indefinite array"),
        ("5f4101ff", "indefinite bytes"),
        ("a2616101616102", "a key twice"),
        ("a2616201616102", "keys out of order"),
        ("a1f401", "a boolean as key"),
        ("a1814001", "an array as key"),
        ("0101", "two items"),
        ("", "nothing"),
        ("62ff", "cut off in a text"),
        ("62fffe", "text that is not UTF-8"),
        ("1c", "reserved head"),
        ("fb3ff8000000000000", "a float"),
        ("f7", "undefined"),
        ("f814", "false in two bytes"),
        ("d82361 28".replace(" ", ""), "a tag with a regular expression"),
        ("c100", "a tag with a date"),
        ("d81c80", "a shared value"),
        ("81" * 9 + "00", "nine arrays deep"),
        ("9b7fffffffffffffff00", "an array longer than the message"),
        ("5b7fffffffffffffff00", "a string longer than the message"),
    ],
)
def test_every_other_encoding_is_malformed(data: str, why: str) -> None:
    with pytest.raises(MalformedError):
        cbor.loads(bytes.fromhex(data))


def test_number_keys_are_in_the_order_of_rfc_8949() -> None:
    assert cbor.load_map(bytes.fromhex("a3181800200060 00".replace(" ", ""))) == {
        24: 0,
        -1: 0,
        "": 0,
    }
    with pytest.raises(MalformedError):
        cbor.load_map(bytes.fromhex("a22000181800"))


@given(st.integers(0, 2**64 - 1))
def test_heads_are_shortest(value: int) -> None:
    assert cbor.head(0, value) == cbor2.dumps(value)


def test_a_structure_below_another_tag_is_not_the_structure() -> None:
    assert cbor.loads(b"\xd2\x80", tag=18) == []
    for data in (b"\xd0\x80", b"\x80", b"\xd2\xd2\x80"):
        with pytest.raises(MalformedError):
            cbor.loads(data, tag=18)


def test_a_map_is_asked_for_and_a_list_comes() -> None:
    with pytest.raises(MalformedError):
        cbor.load_map(b"\x80")
