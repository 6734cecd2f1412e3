"""EF 0002 of the visual application: what is printed on the card, and who signed it.

FF20 { DF21 offsets, DF22 birth, DF23 sex, DF24 card key, DF25 name image, DF26 address
image, DF27 photo, DF28 signature, DF29 expiry, DF2A security code image }. The
signature covers DF22 to DF27; DF29 and DF2A stand outside it, and so does DF21: what
an offset table says is never used, objects are found by their tags.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card import tlv
from device.card.algorithms import Algorithm, digest_info, digest_info_of
from device.card.errors import MalformedCardError, PhotoNotAuthenticError
from device.card.rsa import parse_public_key, signed

FACE, OFFSETS = 0xFF20, 0xDF21
BIRTH, SEX, CARD_KEY = 0xDF22, 0xDF23, 0xDF24
NAME_IMAGE, ADDRESS_IMAGE, PHOTO = 0xDF25, 0xDF26, 0xDF27
SIGNATURE, EXPIRY, SECURITY_CODE_IMAGE = 0xDF28, 0xDF29, 0xDF2A
SEGMENTS = ((BIRTH, SEX, CARD_KEY), (NAME_IMAGE, ADDRESS_IMAGE), (PHOTO,))
"""Each is hashed by itself; the signature names the three hashes in a row."""

CERTIFICATE, BODY, BODY_SIGNATURE = 0x7F21, 0x5F4E, 0x5F37
_KEY_IDS = 32
_JP2 = b"\x00\x00\x00\x0cjP  "


@dataclass(frozen=True, slots=True)
class CardFace:
    birth: date = field(repr=False)
    expiry: date
    """Not covered by the signature."""
    card_key: RSAPublicKey = field(repr=False)
    photo: bytes = field(repr=False)
    """JPEG 2000 (JP2), greyscale."""
    signature: bytes = field(repr=False)
    signed_info: bytes = field(repr=False)
    """The DigestInfo that the signature must be over."""


@dataclass(frozen=True, slots=True)
class IssuerCertificate:
    """EF 0004: the municipality's key, certified by a key that is not on the card."""

    key: RSAPublicKey
    body: bytes
    signature: bytes


def parse_face(raw: bytes) -> CardFace:
    """Raises TLVError or MalformedCardError."""
    outer = tlv.parse(raw)
    if outer.tag != FACE:
        raise MalformedCardError("EF 0002 holds no card face")
    parts = tlv.by_tag(tlv.parse_all(outer.value))
    photo = tlv.need(parts, PHOTO).value
    if not photo.startswith(_JP2):
        raise MalformedCardError("the photo is no JPEG 2000")
    return CardFace(
        birth=_day(tlv.need(parts, BIRTH).value),
        expiry=_day(tlv.need(parts, EXPIRY).value),
        card_key=parse_public_key(tlv.need(parts, CARD_KEY).value),
        photo=photo,
        signature=tlv.need(parts, SIGNATURE).value,
        signed_info=face_digest_info(parts),
    )


def face_digest_info(parts: dict[int, tlv.Object]) -> bytes:
    """Three SHA-256 in one DigestInfo, over the objects as written."""
    hashes = [
        hashlib.sha256(b"".join(tlv.need(parts, tag).raw for tag in segment)).digest()
        for segment in SEGMENTS
    ]
    return digest_info_of(Algorithm.RSA_SHA256, b"".join(hashes))


def parse_issuer_certificate(raw: bytes) -> IssuerCertificate:
    """7F21 { 5F4E issuer key id, subject key id, key; 5F37 signature over 5F4E }."""
    outer = tlv.parse(raw)
    if outer.tag != CERTIFICATE:
        raise MalformedCardError("EF 0004 holds no card-verifiable certificate")
    parts = tlv.by_tag(tlv.parse_all(outer.value))
    body = tlv.need(parts, BODY).value
    key = parse_public_key(body[_KEY_IDS:])
    return IssuerCertificate(key, body, tlv.need(parts, BODY_SIGNATURE).value)


def check_photo(
    face: CardFace, issuer: IssuerCertificate, trusted: Sequence[RSAPublicKey]
) -> None:
    """Trusted key -> issuer -> face, or PhotoNotAuthenticError."""
    info = digest_info(Algorithm.RSA_SHA256, hashlib.sha256(issuer.body).digest())
    if not any(signed(key, info, issuer.signature) for key in trusted):
        raise PhotoNotAuthenticError("nobody we trust certified the issuer")
    if not signed(issuer.key, face.signed_info, face.signature):
        raise PhotoNotAuthenticError("the card face is not what was signed")


def check_not_copied(face: CardFace, challenge: bytes, answer: bytes) -> None:
    """The chip holds the key that the signed face names, or PhotoNotAuthenticError."""
    if not signed(face.card_key, challenge_info(challenge), answer):
        raise PhotoNotAuthenticError("the chip does not hold the card's key")


def challenge_info(challenge: bytes) -> bytes:
    return digest_info(Algorithm.RSA_SHA256, hashlib.sha256(challenge).digest())


def _day(digits: bytes) -> date:
    if len(digits) != 8 or not digits.isdigit():
        raise MalformedCardError("a date has eight digits")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise MalformedCardError("not a date") from error
