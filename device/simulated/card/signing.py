"""What the card does with P1 = 00: PKCS#1 v1.5 over bytes as given, or ECDSA.

Plain integers, no blinding: these are throw-away keys of people who do not exist.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import load_der_private_key

LONGEST_INPUT = 245
"""256 bytes of modulus less the 11 that padding takes at least."""


def card_sign(der: bytes, data: bytes) -> bytes:
    """By the kind of the key (PKCS#8 DER). Raises ValueError: data of no digest's size.

    ECDSA over a SHA-384 digest gives r || s, 96 bytes: an assumption (algorithms.py).
    """
    key = load_der_private_key(der, password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        return pkcs1_sign(der, data)
    r, s = decode_dss_signature(key.sign(data, ECDSA(Prehashed(SHA384()))))
    return r.to_bytes(48, "big") + s.to_bytes(48, "big")


def pkcs1_sign(der: bytes, data: bytes) -> bytes:
    """Type 1 padding (RFC 8017 section 9.2) and one CRT exponentiation."""
    key = _numbers(der)
    size = (key.public_numbers.n.bit_length() + 7) // 8
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(data)) + b"\x00" + data
    message = int.from_bytes(padded, "big")
    low = pow(message, key.dmq1, key.q)
    high = pow(message, key.dmp1, key.p)
    signature = low + key.q * ((high - low) * key.iqmp % key.p)
    return signature.to_bytes(size, "big")


@lru_cache(maxsize=64)
def _numbers(der: bytes) -> RSAPrivateNumbers:
    key = load_der_private_key(der, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the virtual card signs with RSA")
    return key.private_numbers()
