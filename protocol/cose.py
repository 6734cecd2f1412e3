"""COSE_Sign1 and COSE_Encrypt0 (RFC 9052), in the one form each that we use.

Both are written and read strictly: exactly these header labels, exactly these
algorithms. There is nothing to negotiate, so there is nothing to confuse.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol import cbor
from protocol.errors import MalformedError, SignatureError
from protocol.keys import Signer

ALG: Final = 1
KID: Final = 4
IV: Final = 5
# Private use (RFC 9052 section 11.1: below -65536), protocol/README.md 4.2.
EPHEMERAL: Final = -65537
SENT_AT: Final = -65538

ES256: Final = -7
A256GCM: Final = 3
TAG_ENCRYPT0: Final = 16
TAG_SIGN1: Final = 18
FIRST_BYTE_SIGN1: Final = 0xC0 | TAG_SIGN1


@dataclass(frozen=True, slots=True)
class Signed:
    """A COSE_Sign1 that was parsed and not yet believed."""

    protected: bytes
    key_id: bytes
    payload: bytes
    signature: bytes

    def signed_bytes(self, external: bytes) -> bytes:
        return _sig_structure(self.protected, external, self.payload)


def sign(payload: bytes, *, external: bytes, signer: Signer) -> bytes:
    """Make a tagged COSE_Sign1."""
    protected = cbor.dumps({ALG: ES256, KID: signer.key_id})
    signature = signer.sign(_sig_structure(protected, external, payload))
    return cbor.tagged(TAG_SIGN1, (protected, {}, payload, signature))


def parse_signed(data: bytes) -> Signed:
    """Take a tagged COSE_Sign1 apart. Raises MalformedError."""
    match cbor.loads(data, TAG_SIGN1):
        case [bytes(protected), dict(other), bytes(payload), bytes(signature)]:
            header = cbor.load_map(protected)
        case _:
            raise MalformedError("not a COSE_Sign1")
    match header:
        # A map pattern ignores further keys, so they are counted: no `crit`,
        # no second algorithm, no key from the message itself.
        case {1: -7, 4: bytes(key_id)} if len(header) == 2 and not other:
            return Signed(protected, key_id, payload, signature)
    raise MalformedError("not the headers of our COSE_Sign1")


@dataclass(frozen=True, slots=True)
class SealHeader:
    """Protected header of an envelope: which keys, and when it was sealed."""

    recipient: bytes
    """Key id of the cloud's agreement key."""
    ephemeral: bytes
    """The session's X25519 public key, 32 bytes."""
    sent_at: int
    """Unix milliseconds."""

    def encode(self) -> bytes:
        return cbor.dumps(
            {
                ALG: A256GCM,
                KID: self.recipient,
                EPHEMERAL: self.ephemeral,
                SENT_AT: self.sent_at,
            }
        )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A COSE_Encrypt0 that was parsed and not yet opened."""

    header: SealHeader
    protected: bytes
    iv: bytes
    ciphertext: bytes
    envelope_id: bytes
    """SHA-256 of the sealed bytes."""


def encrypt(plaintext: bytes, *, header: SealHeader, key: bytes, iv: bytes) -> bytes:
    """Make a tagged COSE_Encrypt0 with a 32-byte key and a 12-byte IV used once."""
    if len(iv) != 12:
        raise ValueError("an IV has 12 bytes")
    protected = header.encode()
    ciphertext = AESGCM(key).encrypt(iv, plaintext, _enc_structure(protected))
    return cbor.tagged(TAG_ENCRYPT0, (protected, {IV: iv}, ciphertext))


def parse_sealed(data: bytes) -> Sealed:
    """Take a tagged COSE_Encrypt0 apart. Raises MalformedError."""
    match cbor.loads(data, TAG_ENCRYPT0):
        case [bytes(protected), {5: bytes(iv), **more}, bytes(ciphertext)]:
            if more or len(iv) != 12 or len(ciphertext) < 16:
                raise MalformedError("not the headers of our COSE_Encrypt0")
        case _:
            raise MalformedError("not a COSE_Encrypt0")
    header = _seal_header(cbor.load_map(protected))
    envelope_id = hashlib.sha256(data).digest()
    return Sealed(header, protected, iv, ciphertext, envelope_id)


def _seal_header(item: dict[int | str, cbor.Item]) -> SealHeader:
    match item:
        case {
            1: 3,
            4: bytes(recipient),
            -65537: bytes(ephemeral),
            -65538: int(sent_at),
        } if len(item) == 4 and len(recipient) == 16 and len(ephemeral) == 32:
            if 0 <= sent_at < 1 << 53 and type(sent_at) is int:
                return SealHeader(recipient, ephemeral, sent_at)
    raise MalformedError("not the headers of our COSE_Encrypt0")


def decrypt(sealed: Sealed, key: bytes) -> bytes:
    """Open with a 32-byte key. Raises SignatureError when it does not fit."""
    authenticated = _enc_structure(sealed.protected)
    try:
        return AESGCM(key).decrypt(sealed.iv, sealed.ciphertext, authenticated)
    except InvalidTag:
        raise SignatureError("not sealed with this key, or changed") from None


def _sig_structure(protected: bytes, external: bytes, payload: bytes) -> bytes:
    """RFC 9052 section 4.4."""
    return cbor.dumps(("Signature1", protected, external, payload))


def _enc_structure(protected: bytes) -> bytes:
    """RFC 9052 section 5.3; what else is bound is bound by the signature inside."""
    return cbor.dumps(("Encrypt0", protected, b""))
