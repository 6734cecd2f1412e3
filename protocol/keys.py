"""Public keys, their ids, and the signature form of the wire (protocol/README.md 4).

Secret keys are made and kept elsewhere (device keystores, the cloud's key file);
here they are only objects that arrive as arguments.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from protocol.errors import SignatureError
from protocol.ids import KeyId, ReaderId, reader_id

_ES256 = ec.ECDSA(hashes.SHA256())
_ES256_REPEATABLE = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class Signer(Protocol):
    """Something that holds a P-256 secret key: software, TPM, secure element."""

    @property
    def key_id(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes:
        """ECDSA P-256 over SHA-256(message), r||s, 64 bytes (RFC 9053 2.1)."""
        ...


def spki(key: ec.EllipticCurvePublicKey | X25519PublicKey) -> bytes:
    """SubjectPublicKeyInfo, DER."""
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_id(key: ec.EllipticCurvePublicKey | X25519PublicKey) -> KeyId:
    """First 16 bytes of SHA-256 over the SPKI."""
    return KeyId(hashlib.sha256(spki(key)).digest()[:16])


def load_signing_key(der: bytes) -> ec.EllipticCurvePublicKey:
    """Read a P-256 public key (SPKI DER). Raises ValueError for any other."""
    match _load(der):
        case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()) as key:
            return key
    raise ValueError("not a P-256 public key")


def load_agreement_key(der: bytes) -> X25519PublicKey:
    """Read an X25519 public key (SPKI DER). Raises ValueError for any other."""
    match _load(der):
        case X25519PublicKey() as key:
            return key
    raise ValueError("not an X25519 public key")


def _load(der: bytes) -> object:
    try:
        return serialization.load_der_public_key(der)
    except UnsupportedAlgorithm as error:
        raise ValueError("not a kind of public key we use") from error


def raw_signature(der: bytes) -> bytes:
    """Turn an X9.62 signature into r||s, 64 bytes. Raises ValueError."""
    r, s = utils.decode_dss_signature(der)
    try:
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    except OverflowError:
        raise ValueError("not a P-256 signature") from None


def verify(key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> None:
    """Check r||s over SHA-256(message). Raises SignatureError."""
    if len(signature) != 64:
        raise SignatureError("a signature has 64 bytes")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(utils.encode_dss_signature(r, s), message, _ES256)
    except InvalidSignature:
        raise SignatureError("the signature does not fit") from None


class SoftwareSigner:
    """A signer whose secret key is in memory.

    `repeatable` signs with RFC 6979 nonces: the same message, the same signature.
    """

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, *, repeatable: bool = False
    ) -> None:
        self._key = key
        self._algorithm = _ES256_REPEATABLE if repeatable else _ES256
        self.key_id: bytes = key_id(key.public_key())

    def sign(self, message: bytes) -> bytes:
        return raw_signature(self._key.sign(message, self._algorithm))


@dataclass(frozen=True, slots=True)
class ReaderKey:
    """A reader's identity key as the fleet registry knows it. Times: Unix ms."""

    reader: ReaderId
    public: ec.EllipticCurvePublicKey
    not_before: int
    not_after: int
    revoked: bool = False
    key_id: KeyId = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key_id", key_id(self.public))

    def valid(self, now_ms: int) -> bool:
        return not self.revoked and self.not_before <= now_ms < self.not_after

    def to_dict(self) -> dict[str, str | int | bool]:
        return {
            "reader": self.reader,
            "public": base64.b64encode(spki(self.public)).decode(),
            "not_before": self.not_before,
            "not_after": self.not_after,
            "revoked": self.revoked,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read what `to_dict` wrote. Raises ValueError."""
        fields = {"reader", "public", "not_before", "not_after", "revoked"}
        if set(values) != fields:
            raise ValueError("a reader key has exactly: " + ", ".join(sorted(fields)))
        return cls(
            reader=reader_id(str(values["reader"])),
            public=load_signing_key(_base64(values["public"])),
            not_before=_whole(values["not_before"]),
            not_after=_whole(values["not_after"]),
            revoked=values["revoked"] is not False,
        )


@dataclass(frozen=True, slots=True)
class CloudPublic:
    """What a reader knows of the cloud.

    During a rotation the cloud's old and new signing keys are both listed.
    """

    signing: tuple[ec.EllipticCurvePublicKey, ...]
    agreement: X25519PublicKey
    signing_by_id: Mapping[bytes, ec.EllipticCurvePublicKey] = field(
        init=False, repr=False, compare=False
    )
    agreement_id: KeyId = field(init=False)

    def __post_init__(self) -> None:
        if not self.signing:
            raise ValueError("the cloud has at least one signing key")
        by_id = {bytes(key_id(key)): key for key in self.signing}
        object.__setattr__(self, "signing_by_id", by_id)
        object.__setattr__(self, "agreement_id", key_id(self.agreement))

    def to_dict(self) -> dict[str, str | list[str]]:
        """For a JSON file: base64 of SPKI DER."""
        return {
            "signing": [base64.b64encode(spki(key)).decode() for key in self.signing],
            "agreement": base64.b64encode(spki(self.agreement)).decode(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> Self:
        """Read what `to_dict` wrote. Raises ValueError."""
        signing = values.get("signing")
        if set(values) != {"signing", "agreement"} or not isinstance(signing, Sequence):
            raise ValueError("the cloud's keys are: signing (a list) and agreement")
        return cls(
            signing=tuple(load_signing_key(_base64(text)) for text in signing),
            agreement=load_agreement_key(_base64(values["agreement"])),
        )


def _base64(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError("a time is a whole number of milliseconds")
    return value
