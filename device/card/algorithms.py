"""Signature algorithms as data: the next generation of cards is a line in a table.

Today's cards hold RSA-2048 keys and are asked with SHA-256. ECDSA on P-384 with SHA-384
is announced for the next ones; how those take the hash and give the signature is not
public. Assumed here, and tried with test cards only: the bare hash in, r || s out.
"""

from dataclasses import dataclass
from enum import Enum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card.errors import MalformedCardError


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest, and how PKCS#1 v1.5 names it (RFC 8017 section 9.2, note 1)."""

    oid: bytes
    size: int
    named: bool = True
    """Whether the card is given a DigestInfo; else the bare hash."""


class Algorithm(Enum):
    """What the card is asked to sign with."""

    RSA_SHA256 = Digest(bytes.fromhex("608648016503040201"), 32)
    RSA_SHA384 = Digest(bytes.fromhex("608648016503040202"), 48)
    RSA_SHA512 = Digest(bytes.fromhex("608648016503040203"), 64)
    ECDSA_SHA384 = Digest(bytes.fromhex("608648016503040202"), 48, named=False)


def algorithm_of(certificate: bytes) -> Algorithm:
    """What the key of a card's certificate (X.509 DER) signs with.

    Raises MalformedCardError for a key that no card of this kind has.
    """
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise MalformedCardError("a certificate that does not parse") from error
    if isinstance(key, RSAPublicKey) and key.key_size == 2048:
        return Algorithm.RSA_SHA256
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return Algorithm.ECDSA_SHA384
    raise MalformedCardError("a key of an unknown kind")


def to_be_signed(algorithm: Algorithm, digest: bytes) -> bytes:
    """What goes into COMPUTE DIGITAL SIGNATURE; ValueError for another size."""
    if algorithm.value.named:
        return digest_info(algorithm, digest)
    _check_size(algorithm, digest)
    return digest


def digest_info(algorithm: Algorithm, digest: bytes) -> bytes:
    """DigestInfo (DER) of one digest; ValueError when the size is not its own."""
    _check_size(algorithm, digest)
    return digest_info_of(algorithm, digest)


def digest_info_of(algorithm: Algorithm, digests: bytes) -> bytes:
    """DigestInfo over several digests at once, as the card face's signature has it."""
    oid = algorithm.value.oid
    name = b"\x06" + bytes((len(oid),)) + oid + b"\x05\x00"
    name = b"\x30" + bytes((len(name),)) + name
    value = b"\x04" + bytes((len(digests),)) + digests
    return b"\x30" + bytes((len(name) + len(value),)) + name + value


def _check_size(algorithm: Algorithm, digest: bytes) -> None:
    if len(digest) != algorithm.value.size:
        raise ValueError(f"{algorithm.name} takes {algorithm.value.size} bytes")
