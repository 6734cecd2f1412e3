"""COSE_Sign1 and COSE_Encrypt0 (RFC 9052), in the one form each that we use.

Both are written and read strictly: exactly these header labels, exactly these
algorithms. There is nothing to negotiate, so there is nothing to confuse.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from protocol import cbor
from protocol.errors import MalformedError, SignatureError
from protocol.keys import Signer

TAG_SIGN1: Final = 18
TAG_ENCRYPT0: Final = 16
IV: Final = 5
# Private use (RFC 9052 11.1: below -65536), protocol/README.md 4.2.
EPHEMERAL: Final = -65537
SENT_AT: Final = -65538

# What never changes of both structures, written once: a protected header is these
# pieces with two keys and a time between them, and is read by comparing.
_ALG_ES256: Final = cbor.dumps(1) + cbor.dumps(-7)
_ALG_A256GCM: Final = cbor.dumps(1) + cbor.dumps(3)
_KID: Final = cbor.dumps(4) + cbor.head(2, 16)
_SIGN_HEADER: Final = cbor.head(5, 2) + _ALG_ES256 + _KID
_SEAL_HEADER: Final = cbor.head(5, 4) + _ALG_A256GCM + _KID
_SEAL_EPHEMERAL: Final = cbor.dumps(EPHEMERAL) + cbor.head(2, 32)
_SEAL_SENT_AT: Final = cbor.dumps(SENT_AT) + b"\x1b"
_UNPROTECTED: Final = cbor.head(5, 1) + cbor.dumps(IV) + cbor.head(2, 12)
_SIGN1: Final = cbor.head(6, TAG_SIGN1) + cbor.head(4, 4)
_ENCRYPT0: Final = cbor.head(6, TAG_ENCRYPT0) + cbor.head(4, 3)
_EMPTY_MAP: Final = cbor.head(5, 0)
_SIG_STRUCTURE: Final = cbor.head(4, 4) + cbor.tstr("Signature1")
_ENC_STRUCTURE: Final = cbor.head(4, 3) + cbor.tstr("Encrypt0")
_EARLIEST_MS: Final = 1 << 32
"""From here on (1970-02-19) the shortest form of a time has eight bytes."""


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
    protected = _SIGN_HEADER + signer.key_id
    signature = signer.sign(_sig_structure(protected, external, payload))
    parts = (cbor.bstr(protected), _EMPTY_MAP, cbor.bstr(payload), cbor.bstr(signature))
    return _SIGN1 + b"".join(parts)


def parse_signed(data: bytes) -> Signed:
    """Take a tagged COSE_Sign1 apart. Raises MalformedError."""
    match cbor.loads(data, TAG_SIGN1):
        case [bytes(protected), {**other}, bytes(payload), bytes(signature)]:
            key_id = protected[-16:]
            # Compared whole: no `crit`, no second algorithm, no key in the message.
            if other or protected != _SIGN_HEADER + key_id:
                raise MalformedError("not the headers of our COSE_Sign1")
            return Signed(protected, key_id, payload, signature)
    raise MalformedError("not a COSE_Sign1")


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
        """Raises ValueError for a time before 1970-02-19."""
        if self.sent_at < _EARLIEST_MS:
            raise ValueError("the clock is not set")
        return b"".join(
            (
                _SEAL_HEADER,
                self.recipient,
                _SEAL_EPHEMERAL,
                self.ephemeral,
                _SEAL_SENT_AT,
                self.sent_at.to_bytes(8, "big"),
            )
        )

    @classmethod
    def parse(cls, protected: bytes) -> Self:
        """Read by place, then compare with the one way to write it."""
        sent_at = int.from_bytes(protected[-8:], "big")
        header = cls(protected[_RECIPIENT], protected[_EPHEMERAL], sent_at)
        if sent_at < _EARLIEST_MS or protected != header.encode():
            raise MalformedError("not the headers of our COSE_Encrypt0")
        return header


_RECIPIENT: Final = slice(len(_SEAL_HEADER), len(_SEAL_HEADER) + 16)
_AT_EPHEMERAL: Final = _RECIPIENT.stop + len(_SEAL_EPHEMERAL)
_EPHEMERAL: Final = slice(_AT_EPHEMERAL, _AT_EPHEMERAL + 32)


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
    parts = (cbor.bstr(protected), _UNPROTECTED, iv, cbor.bstr(ciphertext))
    return _ENCRYPT0 + b"".join(parts)


def parse_sealed(data: bytes) -> Sealed:
    """Take a tagged COSE_Encrypt0 apart. Raises MalformedError."""
    match cbor.loads(data, TAG_ENCRYPT0):
        case [bytes(protected), {5: bytes(iv), **more}, bytes(ciphertext)]:
            if more or len(iv) != 12 or len(ciphertext) < 16:
                raise MalformedError("not the headers of our COSE_Encrypt0")
        case _:
            raise MalformedError("not a COSE_Encrypt0")
    header = SealHeader.parse(protected)
    return Sealed(header, protected, iv, ciphertext, hashlib.sha256(data).digest())


def decrypt(sealed: Sealed, key: bytes) -> bytes:
    """Open with a 32-byte key. Raises SignatureError when it does not fit."""
    authenticated = _enc_structure(sealed.protected)
    try:
        return AESGCM(key).decrypt(sealed.iv, sealed.ciphertext, authenticated)
    except InvalidTag:
        raise SignatureError("not sealed with this key, or changed") from None


def _sig_structure(protected: bytes, external: bytes, payload: bytes) -> bytes:
    """RFC 9052 section 4.4."""
    parts = (cbor.bstr(protected), cbor.bstr(external), cbor.bstr(payload))
    return _SIG_STRUCTURE + b"".join(parts)


def _enc_structure(protected: bytes) -> bytes:
    """RFC 9052 section 5.3; what else is bound is bound by the signature inside."""
    return _ENC_STRUCTURE + cbor.bstr(protected) + cbor.bstr(b"")
