"""Whether a signature is by the card that was identified: another may lie there now."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA384

from device.card.algorithms import Algorithm, to_be_signed
from device.card.errors import MalformedCardError, OtherCardError
from device.card.rsa import signed

_HALF = 48
"""Bytes of r and of s on P-384."""


def check_signer(
    certificate: bytes,
    digest: bytes,
    signature: bytes,
    algorithm: Algorithm = Algorithm.RSA_SHA256,
) -> None:
    """Raises OtherCardError, or MalformedCardError for a certificate of no use."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise MalformedCardError("a certificate that does not parse") from error
    info = to_be_signed(algorithm, digest)
    if isinstance(key, RSAPublicKey):
        good = algorithm.value.named and signed(key, info, signature)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        good = not algorithm.value.named and _signed_by_curve(key, info, signature)
    else:
        raise MalformedCardError("a key of an unknown kind")
    if not good:
        raise OtherCardError


def _signed_by_curve(
    key: ec.EllipticCurvePublicKey, digest: bytes, signature: bytes
) -> bool:
    if len(signature) != 2 * _HALF:
        return False
    r, s = (int.from_bytes(signature[at : at + _HALF], "big") for at in (0, _HALF))
    try:
        key.verify(encode_dss_signature(r, s), digest, ec.ECDSA(Prehashed(SHA384())))
    except InvalidSignature:
        return False
    return True
