"""The cloud's word on a message it could not open (protocol/README.md 4.6).

Signed and not encrypted: there may be no session to encrypt for, and it says
nothing about any person.
"""

from dataclasses import dataclass

from protocol import cbor, cose
from protocol.catalogue import Code
from protocol.errors import (
    MalformedError,
    SignatureError,
    TooLargeError,
    VersionError,
)
from protocol.freshness import check_sent_at
from protocol.ids import ReaderId
from protocol.keys import CloudPublic, Signer, verify
from protocol.messages import VERSION
from protocol.sessions import PROTOCOL

KIND = "notice"
MAX_NOTICE = 512


@dataclass(frozen=True, slots=True)
class Notice:
    """Envelope `envelope_id` was refused with `code`; it had no effect."""

    code: Code
    envelope_id: bytes
    at_ms: int


def sign_notice(
    code: Code, envelope_id: bytes, *, reader_id: ReaderId, at_ms: int, signer: Signer
) -> bytes:
    """Tell a reader which envelope was refused; for its answer topic."""
    payload = {
        "version": VERSION,
        "kind": KIND,
        "code": code.value,
        "envelope_id": envelope_id,
        "at": at_ms,
    }
    return cose.sign(cbor.dumps(payload), external=_context(reader_id), signer=signer)


def is_notice(data: bytes) -> bool:
    """Whether to call open_notice or open_answer with this."""
    return data[:1] == cbor.head(6, cose.TAG_SIGN1)


def open_notice(
    data: bytes, *, reader_id: ReaderId, cloud: CloudPublic, now_ms: int
) -> Notice:
    """Verify and read a notice. Raises WireError."""
    if len(data) > MAX_NOTICE:
        raise TooLargeError("a notice is short")
    signed = cose.parse_signed(data)
    key = cloud.signing_by_id.get(signed.key_id)
    if key is None:
        raise SignatureError("signed by a key that is not the cloud's")
    verify(key, signed.signature, signed.signed_bytes(_context(reader_id)))
    notice = _read(cbor.load_map(signed.payload))
    check_sent_at(notice.at_ms, now_ms)
    return notice


def _read(item: cbor.Map) -> Notice:
    if any(type(value) is bool for value in item.values()):
        raise MalformedError("not a notice")
    match item:
        case {"version": int(version)} if version != VERSION:
            raise VersionError("another version of the protocol")
        case {
            "kind": "notice",
            "code": str(code),
            "envelope_id": bytes(envelope_id),
            "at": int(at_ms),
            "version": int(),
        } if len(item) == 5 and len(envelope_id) == 32:
            return Notice(_code(code), envelope_id, at_ms)
    raise MalformedError("not a notice")


def _code(text: str) -> Code:
    try:
        return Code(text)
    except ValueError:
        raise MalformedError("unknown code") from None


def _context(reader: ReaderId) -> bytes:
    return cbor.dumps((PROTOCOL, KIND, reader))
