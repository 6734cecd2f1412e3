"""RSA keys as the card writes them, and PKCS#1 v1.5 over a given DigestInfo."""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPublicKey,
    RSAPublicNumbers,
)

from device.card import tlv
from device.card.errors import MalformedCardError

_EXPONENT, _MODULUS = 0x90, 0x91
_LONGEST_EXPONENT = 1 << 33
"""Real ones are 65537."""


def parse_public_key(data: bytes) -> RSAPublicKey:
    """{90 exponent, 91 modulus}, as in DF24 and in card-verifiable certificates."""
    parts = tlv.by_tag(tlv.parse_all(data))
    exponent = int.from_bytes(tlv.need(parts, _EXPONENT).value, "big")
    modulus = int.from_bytes(tlv.need(parts, _MODULUS).value, "big")
    # A short modulus would let anybody sign; a long exponent makes checking slow.
    if modulus.bit_length() != 2048 or not 3 <= exponent < _LONGEST_EXPONENT:
        raise MalformedCardError("not an RSA-2048 key")
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as error:
        raise MalformedCardError("not an RSA key") from error


def encode_public_key(key: RSAPublicKey) -> bytes:
    numbers = key.public_numbers()
    return tlv.encode(_EXPONENT, numbers.e.to_bytes(3, "big")) + tlv.encode(
        _MODULUS, numbers.n.to_bytes(key.key_size // 8, "big")
    )


def signed(key: RSAPublicKey, info: bytes, signature: bytes) -> bool:
    """Whether `signature` is `key`'s over exactly this DigestInfo, padding and all."""
    try:
        recovered = key.recover_data_from_signature(signature, PKCS1v15(), None)
    except (InvalidSignature, ValueError):
        return False
    return hmac.compare_digest(recovered, info)
