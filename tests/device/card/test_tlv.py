import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.card import tlv

tags = st.sampled_from([0x30, 0x90, 0x91, 0x5F37, 0x7F21, 0xDF21, 0xDF2A, 0xFF20])


@given(st.binary(max_size=400))
def test_junk_is_only_ever_a_tlv_error(raw: bytes) -> None:
    for parse in (tlv.header, tlv.parse, tlv.parse_all):
        with contextlib.suppress(tlv.TLVError):
            parse(raw)


@given(tags, st.binary(max_size=70000), st.binary(max_size=9))
def test_an_object_is_read_as_it_was_written(
    tag: int, value: bytes, behind: bytes
) -> None:
    raw = tlv.encode(tag, value)
    if len(value) > tlv.LONGEST:
        with pytest.raises(tlv.TLVError):
            tlv.parse(raw)
        return
    one = tlv.parse(raw + behind)
    assert (one.tag, one.value, one.raw) == (tag, value, raw)


@given(st.lists(st.tuples(tags, st.binary(max_size=300)), max_size=6))
def test_objects_stand_side_by_side_and_filler_is_skipped(
    pairs: list[tuple[int, bytes]],
) -> None:
    raw = b"".join(tlv.encode(*pair) for pair in pairs)
    found = tlv.parse_all(raw + b"\xff" * 32)
    assert [(one.tag, one.value) for one in found] == pairs
    assert all(raw[one.start :].startswith(one.raw) for one in found)


@pytest.mark.parametrize(
    "raw", ["", "df", "df27", "30", "3080", "3085", "308400", "dfffffff01", "300201"]
)
def test_what_is_cut_short_is_refused(raw: str) -> None:
    with pytest.raises(tlv.TLVError):
        tlv.parse(bytes.fromhex(raw))


def test_a_tag_that_occurs_twice_is_refused() -> None:
    twice = tlv.parse_all(tlv.encode(0x90, b"a") + tlv.encode(0x90, b"b"))
    with pytest.raises(tlv.TLVError, match="twice"):
        tlv.by_tag(twice)
