"""Sealed, it opens for the cloud only, once moved or changed it does not open."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import cose
from protocol.codec import MAX_MESSAGE, encode
from protocol.envelope import (
    MAX_SEALED,
    CloudKeys,
    ReaderSession,
    SessionCache,
    ephemeral_of,
    open_answer,
    seal_answer,
)
from protocol.errors import (
    MalformedError,
    SignatureError,
    StaleError,
    TooLargeError,
    UnknownReaderError,
    WireError,
    WrongReaderError,
)
from protocol.ids import ReaderId
from protocol.keys import SoftwareSigner
from protocol.sessions import SESSION_MS
from tests.protocol import samples
from tests.protocol.samples import NOW, OTHER_READER, READER, Wire

MESSAGE = encode(samples.verification())


def test_a_request_opens_once_sealed() -> None:
    wire = Wire()
    sealed = wire.seal(MESSAGE)
    opened = wire.open(sealed)
    assert opened.message == MESSAGE
    assert opened.reader_id == READER
    assert opened.envelope_id == hashlib.sha256(sealed).digest()
    assert MESSAGE not in sealed
    assert len(sealed) - len(MESSAGE) < 256


@settings(max_examples=40)
@given(message=st.binary(max_size=600), at=st.integers(-60_000, 60_000))
def test_both_ways_round_trip(message: bytes, at: int) -> None:
    wire = Wire()
    opened = wire.open(wire.seal(message), now_ms=NOW + at)
    assert opened.message == message
    sealed = answer_of(wire, message, sent_at_ms=NOW + at)
    assert opened_answer(wire, sealed, now_ms=NOW) == message


def answer_of(
    wire: Wire,
    message: bytes = b"answer",
    reader: ReaderId = READER,
    sent_at_ms: int = NOW,
) -> bytes:
    session = wire.open(wire.seal(MESSAGE)).session
    return seal_answer(
        message,
        session=session,
        reader_id=reader,
        signer=wire.keys.signer,
        sent_at_ms=sent_at_ms,
        iv=samples.IV,
    )


def opened_answer(wire: Wire, sealed: bytes, now_ms: int = NOW) -> bytes:
    return open_answer(
        sealed,
        session=wire.session,
        reader_id=READER,
        cloud=wire.keys.public,
        now_ms=now_ms,
    )


def test_every_flipped_bit_of_a_request_is_refused() -> None:
    wire = Wire()
    sealed = wire.seal(encode(samples.registration()))
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WireError):
            wire.open(bytes(changed))
    assert wire.open(sealed).reader_id == READER


def test_every_flipped_bit_of_an_answer_is_refused() -> None:
    wire = Wire()
    sealed = answer_of(wire)
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(WireError):
            opened_answer(wire, bytes(changed))
    assert opened_answer(wire, sealed) == b"answer"


def test_every_shorter_or_longer_envelope_is_refused() -> None:
    wire = Wire()
    sealed = wire.seal(b"x")
    for end in range(len(sealed)):
        with pytest.raises(WireError):
            wire.open(sealed[:end])
    with pytest.raises(WireError):
        wire.open(sealed + b"\x00")


@given(st.binary(max_size=300))
def test_junk_is_a_wire_error(data: bytes) -> None:
    wire = Wire()
    for sealed in (data, wire.seal(b"")[:90] + data):
        with pytest.raises(WireError):
            wire.open(sealed)
        with pytest.raises(WireError):
            opened_answer(wire, sealed)


@given(st.binary(max_size=200))
def test_junk_under_a_good_key_is_a_wire_error(data: bytes) -> None:
    """A reader that was taken over has content keys and still no way in."""
    wire = Wire()
    header = cose.SealHeader(wire.session.recipient, wire.session.ephemeral, NOW)
    for inner in (data, b"\xd2\x84" + data):
        sealed = cose.encrypt(
            inner, header=header, key=wire.session.keys.up, iv=samples.IV
        )
        with pytest.raises(WireError):
            wire.open(sealed)


def test_another_readers_topic_is_refused() -> None:
    wire = Wire()
    with pytest.raises(WrongReaderError):
        wire.open(wire.seal(MESSAGE), topic=OTHER_READER)


def test_a_reader_cannot_speak_for_another() -> None:
    wire = Wire(signer=SoftwareSigner(samples.OTHER_SECRET))
    with pytest.raises(WrongReaderError):
        wire.open(wire.seal(MESSAGE), topic=READER)
    with pytest.raises(SignatureError):  # it signed the name of the other
        wire.open(wire.seal(MESSAGE), topic=OTHER_READER)


def test_readers_not_known_not_valid_or_revoked_are_refused() -> None:
    for fleet in (
        [],
        [samples.reader_key(revoked=True)],
        [samples.reader_key(not_before=NOW + 1)],
        [samples.reader_key(not_after=NOW)],
    ):
        wire = Wire(fleet=fleet)
        with pytest.raises(UnknownReaderError):
            wire.open(wire.seal(MESSAGE))


def test_a_key_id_does_not_make_the_key() -> None:
    class Impostor(SoftwareSigner):
        """Signs with its own key and names the reader's."""

    impostor = Impostor(samples.OTHER_SECRET)
    impostor.key_id = bytes(samples.reader_key().key_id)
    wire = Wire(signer=impostor)
    with pytest.raises(SignatureError):
        wire.open(wire.seal(MESSAGE))


def test_the_signature_cannot_be_moved_to_another_envelope() -> None:
    """Same signed bytes, other time, session or recipient: each is refused."""
    wire = Wire()
    signed = cose.decrypt(cose.parse_sealed(wire.seal(MESSAGE)), wire.session.keys.up)
    later = cose.SealHeader(wire.session.recipient, wire.session.ephemeral, NOW + 1)
    with pytest.raises(SignatureError):
        wire.open(
            cose.encrypt(signed, header=later, key=wire.session.keys.up, iv=samples.IV)
        )
    other = ReaderSession.begin(bytes([7]) * 32, wire.keys.public, NOW)
    moved = cose.SealHeader(other.recipient, other.ephemeral, NOW)
    with pytest.raises(SignatureError):
        wire.open(cose.encrypt(signed, header=moved, key=other.keys.up, iv=samples.IV))


def test_an_answer_is_no_request_and_a_request_no_answer() -> None:
    wire = Wire()
    with pytest.raises(SignatureError):
        opened_answer(wire, wire.seal(MESSAGE))
    with pytest.raises(SignatureError):
        wire.open(answer_of(wire))


def test_an_answer_for_another_reader_or_session_is_refused() -> None:
    wire = Wire()
    with pytest.raises(SignatureError):
        opened_answer(wire, answer_of(wire, reader=OTHER_READER))
    sealed = answer_of(wire)
    wire.session = ReaderSession.begin(bytes([9]) * 32, wire.keys.public, NOW)
    assert ephemeral_of(sealed) != wire.session.ephemeral
    with pytest.raises(SignatureError):
        opened_answer(wire, sealed)


def test_an_answer_signed_by_a_reader_is_refused() -> None:
    wire = Wire()
    sealed = seal_answer(
        b"granted",
        session=wire.open(wire.seal(MESSAGE)).session,
        reader_id=READER,
        signer=wire.signer,
        sent_at_ms=NOW,
        iv=samples.IV,
    )
    with pytest.raises(SignatureError):
        opened_answer(wire, sealed)


@pytest.mark.parametrize("off", [120_001, 300_000, 10 * 365 * 86_400_000])
def test_outside_of_the_window_is_stale_both_ways(off: int) -> None:
    wire = Wire()
    sealed, answer = wire.seal(MESSAGE), answer_of(wire)
    for now in (NOW + off, NOW - off):
        wire.fleet = [samples.reader_key(not_before=0, not_after=1 << 52)]
        with pytest.raises(StaleError):
            wire.open(sealed, now_ms=now)
        with pytest.raises(StaleError):
            opened_answer(wire, answer, now_ms=now)


def test_the_edge_of_the_window_is_inside() -> None:
    wire = Wire()
    wire.fleet = [samples.reader_key(not_before=0)]
    for now in (NOW + 120_000, NOW - 120_000):
        assert wire.open(wire.seal(MESSAGE), now_ms=now).message == MESSAGE


def test_sizes_are_checked_before_anything_else() -> None:
    wire = Wire()
    biggest = bytes(MAX_MESSAGE)
    assert wire.open(wire.seal(biggest)).message == biggest
    with pytest.raises(TooLargeError):
        wire.seal(biggest + b"\x00")
    with pytest.raises(TooLargeError):
        wire.open(bytes(MAX_SEALED + 1))


def test_a_session_ends_after_an_hour_and_when_the_clock_goes_back() -> None:
    wire = Wire()
    assert not wire.session.expired(NOW + SESSION_MS - 1)
    for now in (NOW + SESSION_MS, NOW - 1):
        assert wire.session.expired(now)
        with pytest.raises(ValueError, match="session is over"):
            wire.seal(MESSAGE, sent_at_ms=now)


def test_a_clock_that_was_never_set_seals_nothing() -> None:
    wire = Wire()
    wire.session = ReaderSession.begin(bytes([3]) * 32, wire.keys.public, 5)
    with pytest.raises(ValueError, match="clock"):
        wire.seal(MESSAGE, sent_at_ms=5)


def test_an_ephemeral_key_of_small_order_is_refused() -> None:
    wire = Wire()
    header = cose.SealHeader(wire.session.recipient, bytes(32), NOW)
    sealed = cose.encrypt(b"x", header=header, key=bytes(32), iv=samples.IV)
    with pytest.raises(MalformedError):
        wire.open(sealed)


def test_rotation_loses_no_message() -> None:
    old = samples.cloud_keys()
    new_agreement = X25519PrivateKey.from_private_bytes(bytes([0x51]) * 32)
    both = CloudKeys(
        agreements=(
            new_agreement,
            X25519PrivateKey.from_private_bytes(samples.CLOUD_AGREEMENT),
        ),
        signing=samples.CLOUD_SECRET,
        cache=SessionCache(8),
    )
    wire = Wire(keys=old)
    sealed = wire.seal(MESSAGE)
    wire.keys = both
    assert wire.open(sealed).message == MESSAGE
    wire = Wire(keys=both)
    assert wire.open(wire.seal(MESSAGE)).message == MESSAGE
    wire.keys = old
    with pytest.raises(SignatureError):
        wire.open(wire.seal(MESSAGE))


def test_the_cache_keeps_only_proven_sessions_and_is_bounded() -> None:
    wire = Wire()
    wire.keys.cache = cache = SessionCache(2)
    with pytest.raises(WrongReaderError):
        wire.open(wire.seal(MESSAGE), topic=OTHER_READER)
    assert len(cache) == 0
    sessions = []
    for number in range(3):
        wire.session = ReaderSession.begin(
            bytes([number + 1]) * 32, wire.keys.public, NOW
        )
        sessions.append(wire.open(wire.seal(MESSAGE)).session)
    assert len(cache) == 2
    assert cache.get(sessions[0].recipient, sessions[0].ephemeral) is None
    kept = sessions[2]
    assert cache.get(kept.recipient, kept.ephemeral) is kept
    cache.keep(kept, NOW + SESSION_MS + 300_000)
    assert cache.get(kept.recipient, kept.ephemeral) is None


def test_keys_are_never_printed() -> None:
    wire = Wire()
    shown = repr(wire.session) + repr(wire.open(wire.seal(MESSAGE)))
    assert repr(wire.session.keys.up) not in shown
    assert "up=" not in shown
