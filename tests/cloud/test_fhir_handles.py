"""Ids of resources: opaque, of one facility and kind, the same tomorrow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.fhir.handle import (
    MARK_BYTES,
    SECRET_BYTES,
    Handle,
    HandleError,
    Kind,
    made,
    read,
)
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode
from tests.cloud.world import FACILITY

SECRET = bytes(range(SECRET_BYTES))
ELSEWHERE = FacilityCode("1310000016")
HANDLES = st.builds(
    Handle,
    st.sampled_from(Kind),
    st.integers(0, 2**63 - 1).map(PersonId),
    st.binary(min_size=MARK_BYTES, max_size=MARK_BYTES),
)


@given(HANDLES)
def test_an_id_reads_back_here_and_nowhere_else(handle: Handle) -> None:
    text = made(handle, FACILITY, SECRET)
    assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", text)
    assert read(text, handle.kind, FACILITY, SECRET) == handle
    assert made(handle, FACILITY, SECRET) == text
    others = [kind for kind in Kind if kind is not handle.kind]
    for kind in others:
        with pytest.raises(HandleError):
            read(text, kind, FACILITY, SECRET)
    with pytest.raises(HandleError):
        read(text, handle.kind, ELSEWHERE, SECRET)
    with pytest.raises(HandleError):
        read(text, handle.kind, FACILITY, SECRET[::-1])
    assert made(handle, ELSEWHERE, SECRET) != text


@given(HANDLES, st.integers(0, 52), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_letter_changed_is_no_id(handle: Handle, at: int, letter: str) -> None:
    text = made(handle, FACILITY, SECRET)
    other = text[:at] + letter + text[at + 1 :]
    if other != text:
        with pytest.raises(HandleError):
            read(other, handle.kind, FACILITY, SECRET)


@given(st.text(max_size=60))
def test_junk_is_no_id(text: str) -> None:
    with pytest.raises(HandleError):
        read(text, Kind.PATIENT, FACILITY, SECRET)


def test_the_registrys_number_cannot_be_seen_in_it() -> None:
    first, second = (
        made(Handle(Kind.PATIENT, PersonId(one), bytes(8)), FACILITY, SECRET)
        for one in (1, 2)
    )
    alike = sum(a == b for a, b in zip(first, second, strict=True))
    assert alike < 20
