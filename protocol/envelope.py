"""Seal and open (protocol/README.md 4): COSE_Sign1 inside COSE_Encrypt0.

The signature covers, beside the message, everything that places it: protocol,
direction, reader, recipient key, session and time. It cannot be moved to another
envelope, reader or recipient.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from protocol import cbor, cose
from protocol.codec import MAX_MESSAGE
from protocol.errors import (
    SignatureError,
    TooLargeError,
    UnknownReaderError,
    WrongReaderError,
)
from protocol.freshness import check_sent_at
from protocol.ids import KeyId, ReaderId
from protocol.keys import CloudPublic, ReaderKey, Signer, verify
from protocol.sessions import (
    DOWN,
    PROTOCOL,
    UP,
    CloudKeys,
    CloudSession,
    ReaderSession,
    SessionCache,
)

__all__ = [
    "MAX_SEALED",
    "CloudKeys",
    "CloudSession",
    "Opened",
    "ReaderSession",
    "SessionCache",
    "ephemeral_of",
    "open_answer",
    "open_request",
    "seal_answer",
    "seal_request",
]

MAX_SEALED: Final = MAX_MESSAGE + 512
"""Bytes of an envelope: both structures around a message are below 300."""

_CONTEXT: Final = cbor.head(4, 6) + cbor.tstr(PROTOCOL)
FindReader = Callable[[KeyId], ReaderKey | None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that is genuine and fresh; whether it is new is for the caller."""

    message: bytes
    reader_id: ReaderId
    envelope_id: bytes
    """SHA-256 of the sealed bytes."""
    session: CloudSession


def seal_request(
    message: bytes,
    *,
    session: ReaderSession,
    reader_id: ReaderId,
    signer: Signer,
    sent_at_ms: int,
    iv: bytes,
) -> bytes:
    """Sign as this reader, seal for the cloud. `iv`: 12 random bytes, used once.

    Raises ValueError when the session is over, TooLargeError.
    """
    if session.expired(sent_at_ms):
        raise ValueError("the session is over; begin a new one")
    header = cose.SealHeader(session.recipient, session.ephemeral, sent_at_ms)
    return _seal(message, header, UP, reader_id, signer, session.keys.up, iv)


def open_request(
    sealed: bytes,
    *,
    topic_reader: ReaderId,
    keys: CloudKeys,
    readers: FindReader,
    now_ms: int,
) -> Opened:
    """Open what came in on a reader's topic. Raises WireError."""
    parsed = _parse(sealed)
    session = keys.session(parsed.header.recipient, parsed.header.ephemeral)
    signed = cose.parse_signed(cose.decrypt(parsed, session.keys.up))
    reader = readers(KeyId(signed.key_id))
    if reader is None or not reader.valid(now_ms):
        raise UnknownReaderError("no valid reader has this key")
    if reader.reader != topic_reader:
        raise WrongReaderError("the topic belongs to another reader")
    external = _context(parsed.header, UP, reader.reader)
    verify(reader.public, signed.signature, signed.signed_bytes(external))
    check_sent_at(parsed.header.sent_at, now_ms)
    keys.cache.keep(session, now_ms)
    return Opened(signed.payload, reader.reader, parsed.envelope_id, session)


def seal_answer(
    message: bytes,
    *,
    session: CloudSession,
    reader_id: ReaderId,
    signer: Signer,
    sent_at_ms: int,
    iv: bytes,
) -> bytes:
    """Sign as the cloud, seal for the session the request came in."""
    header = cose.SealHeader(session.recipient, session.ephemeral, sent_at_ms)
    return _seal(message, header, DOWN, reader_id, signer, session.keys.down, iv)


def open_answer(
    sealed: bytes,
    *,
    session: ReaderSession,
    reader_id: ReaderId,
    cloud: CloudPublic,
    now_ms: int,
) -> bytes:
    """Open what came in on our answer topic. Raises WireError."""
    parsed = _parse(sealed)
    if parsed.header.ephemeral != session.ephemeral:
        raise SignatureError("sealed for another session")
    signed = cose.parse_signed(cose.decrypt(parsed, session.keys.down))
    key = cloud.signing_by_id.get(signed.key_id)
    if key is None:
        raise SignatureError("signed by a key that is not the cloud's")
    external = _context(parsed.header, DOWN, reader_id)
    verify(key, signed.signature, signed.signed_bytes(external))
    check_sent_at(parsed.header.sent_at, now_ms)
    return signed.payload


def ephemeral_of(sealed: bytes) -> bytes:
    """Which session an envelope says it belongs to. Raises WireError.

    A reader that has just begun a new session picks with this, unverified, the one
    to open a late answer with.
    """
    return _parse(sealed).header.ephemeral


def _parse(sealed: bytes) -> cose.Sealed:
    if len(sealed) > MAX_SEALED:
        raise TooLargeError("envelope longer than 16.5 KiB")
    return cose.parse_sealed(sealed)


def _seal(
    message: bytes,
    header: cose.SealHeader,
    direction: str,
    reader: ReaderId,
    signer: Signer,
    key: bytes,
    iv: bytes,
) -> bytes:
    if len(message) > MAX_MESSAGE:
        raise TooLargeError("message longer than 16 KiB")
    external = _context(header, direction, reader)
    signed = cose.sign(message, external=external, signer=signer)
    return cose.encrypt(signed, header=header, key=key, iv=iv)


def _context(header: cose.SealHeader, direction: str, reader: ReaderId) -> bytes:
    """External data of the signature (README 4.4)."""
    return b"".join(
        (
            _CONTEXT,
            cbor.tstr(direction),
            cbor.tstr(reader),
            cbor.bstr(header.recipient),
            cbor.bstr(header.ephemeral),
            cbor.head(0, header.sent_at),
        )
    )
