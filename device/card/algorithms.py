"""Signature algorithms as data: the next generation of cards brings new ones."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest and how PKCS#1 v1.5 names it (RFC 8017 section 9.2, note 1)."""

    oid: bytes
    size: int


class Algorithm(Enum):
    """What the card is asked to sign with."""

    RSA_SHA256 = Digest(bytes.fromhex("608648016503040201"), 32)
    RSA_SHA384 = Digest(bytes.fromhex("608648016503040202"), 48)
    RSA_SHA512 = Digest(bytes.fromhex("608648016503040203"), 64)


def digest_info(algorithm: Algorithm, digest: bytes) -> bytes:
    """DigestInfo (DER) of one digest; ValueError when the size is not its own."""
    if len(digest) != algorithm.value.size:
        raise ValueError(f"{algorithm.name} takes {algorithm.value.size} bytes")
    return digest_info_of(algorithm, digest)


def digest_info_of(algorithm: Algorithm, digests: bytes) -> bytes:
    """DigestInfo over several digests at once, as the card face's signature has it."""
    oid = algorithm.value.oid
    name = b"\x06" + bytes((len(oid),)) + oid + b"\x05\x00"
    name = b"\x30" + bytes((len(name),)) + name
    value = b"\x04" + bytes((len(digests),)) + digests
    return b"\x30" + bytes((len(name) + len(value),)) + name + value
