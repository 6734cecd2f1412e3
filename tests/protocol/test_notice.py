"""The cloud's signed word on a message it could not open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import cbor, cose
from protocol.catalogue import Code
from protocol.errors import (
    MalformedError,
    SignatureError,
    StaleError,
    TooLargeError,
    VersionError,
    WireError,
)
from protocol.ids import ReaderId
from protocol.notice import Notice, _context, is_notice, open_notice, sign_notice
from tests.protocol.samples import NOW, OTHER_READER, READER, Wire

WIRE = Wire()
ENVELOPE = bytes([0xE1]) * 32
SIGNED = sign_notice(
    Code.STALE, ENVELOPE, reader_id=READER, at_ms=NOW, signer=WIRE.keys.signer
)


def opened(data: bytes, reader: ReaderId = READER, now_ms: int = NOW) -> Notice:
    return open_notice(data, reader_id=reader, cloud=WIRE.keys.public, now_ms=now_ms)


def test_a_notice_says_which_envelope_and_why() -> None:
    assert opened(SIGNED) == Notice(Code.STALE, ENVELOPE, NOW)
    assert is_notice(SIGNED)
    assert not is_notice(WIRE.seal(b"x"))
    assert not is_notice(b"")


def test_every_flipped_bit_is_refused() -> None:
    for bit in range(len(SIGNED) * 8):
        changed = bytearray(SIGNED)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WireError):
            opened(bytes(changed))


def test_a_notice_for_another_reader_or_time_is_refused() -> None:
    with pytest.raises(SignatureError):
        opened(SIGNED, reader=OTHER_READER)
    for now in (NOW - 120_001, NOW + 120_001):
        with pytest.raises(StaleError):
            opened(SIGNED, now_ms=now)


def test_a_reader_cannot_sign_a_notice() -> None:
    forged = sign_notice(
        Code.BUSY, ENVELOPE, reader_id=READER, at_ms=NOW, signer=WIRE.signer
    )
    with pytest.raises(SignatureError):
        opened(forged)


GOOD = {
    "version": 1,
    "kind": "notice",
    "code": "M404",
    "envelope_id": ENVELOPE,
    "at": NOW,
}


def signed_by_the_cloud(**changes: object) -> bytes:
    payload = cbor.dumps({**GOOD, **changes})
    return cose.sign(payload, external=_context(READER), signer=WIRE.keys.signer)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "refusal"},
        {"code": "X999"},
        {"code": 404},
        {"envelope_id": bytes(31)},
        {"at": True},
        {"at": "now"},
        {"version": True},
        {"more": 1},
    ],
)
def test_another_content_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        opened(signed_by_the_cloud(**changes))


def test_the_same_content_opens_and_another_version_is_told_apart() -> None:
    assert opened(signed_by_the_cloud()).code is Code.STALE
    with pytest.raises(VersionError):
        opened(signed_by_the_cloud(version=2, more=1))


@given(st.binary(max_size=600))
def test_junk_is_a_wire_error(data: bytes) -> None:
    for notice in (data, b"\xd2\x84" + data):
        with pytest.raises(WireError):
            opened(notice)


def test_a_notice_is_short() -> None:
    with pytest.raises(TooLargeError):
        opened(SIGNED + bytes(512))
