"""The TLV files of the card face: written, hashed and signed as the real ones are."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card import card_face as faces
from device.card import tlv
from device.card.algorithms import Algorithm, digest_info
from device.card.rsa import encode_public_key
from device.simulated.card.signing import pkcs1_sign

LONGEST_FILE = 0x7FFF
FICTITIOUS_KEY_ID = b"9999999\x08\x05001\0\0\0\0"
"""Production key ids begin with 5, the JPKI test hierarchy's with 6; ours with 9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is printed. Images are PNG (1 bit), the photo is JP2."""

    birth: date
    expiry: date
    sex: str
    name_image: bytes = field(repr=False)
    address_image: bytes = field(repr=False)
    code_image: bytes = field(repr=False)
    photo: bytes = field(repr=False)


def with_offsets(tag: int, table: int, objects: list[tuple[int, bytes]]) -> bytes:
    """`tag` { `table`: where each object starts in the file, two bytes; objects }."""
    parts = [tlv.encode(*one) for one in objects]
    blank = tlv.encode(table, bytes(2 * len(parts)))
    size = len(blank) + sum(map(len, parts))
    at = len(tlv.encode(tag, bytes(size))) - size + len(blank)
    starts = b""
    for part in parts:
        starts += at.to_bytes(2, "big")
        at += len(part)
    if at > LONGEST_FILE:
        raise ValueError("a card file reaches 32767 bytes at most")
    return tlv.encode(tag, tlv.encode(table, starts) + b"".join(parts))


def face_file(face: Face, card_key: RSAPublicKey, issuer_key: bytes) -> bytes:
    """EF 0002 of the visual application; `issuer_key`: PKCS#8 DER, signs it."""
    signed = [
        (faces.BIRTH, f"{face.birth:%Y%m%d}".encode()),
        (faces.SEX, face.sex.encode("ascii")),
        (faces.CARD_KEY, encode_public_key(card_key)),
        (faces.NAME_IMAGE, face.name_image),
        (faces.ADDRESS_IMAGE, face.address_image),
        (faces.PHOTO, face.photo),
    ]
    unsigned = [
        (faces.EXPIRY, f"{face.expiry:%Y%m%d}".encode()),
        (faces.SECURITY_CODE_IMAGE, face.code_image),
    ]
    return _signed(signed, unsigned, issuer_key)


def resigned(face: bytes, photo: bytes, issuer_key: bytes) -> bytes:
    """The same EF 0002 with another photo (JP2), signed anew."""
    found = tlv.by_tag(tlv.parse_all(tlv.parse(face).value))
    values = {tag: one.value for tag, one in found.items()} | {faces.PHOTO: photo}
    signed = [(tag, values[tag]) for segment in faces.SEGMENTS for tag in segment]
    beside = (faces.EXPIRY, faces.SECURITY_CODE_IMAGE)
    return _signed(signed, [(tag, values[tag]) for tag in beside], issuer_key)


def _signed(
    signed: list[tuple[int, bytes]], beside: list[tuple[int, bytes]], issuer_key: bytes
) -> bytes:
    objects = tlv.parse_all(b"".join(tlv.encode(*one) for one in signed))
    info = faces.face_digest_info(tlv.by_tag(objects))
    signature = (faces.SIGNATURE, pkcs1_sign(issuer_key, info))
    return with_offsets(faces.FACE, faces.OFFSETS, [*signed, signature, *beside])


def issuer_file(issuer: RSAPublicKey, certifier_key: bytes) -> bytes:
    """EF 0004: the issuer's key, certified by `certifier_key` (PKCS#8 DER)."""
    body = 2 * FICTITIOUS_KEY_ID + encode_public_key(issuer)
    info = digest_info(Algorithm.RSA_SHA256, hashlib.sha256(body).digest())
    signature = pkcs1_sign(certifier_key, info)
    return tlv.encode(
        faces.CERTIFICATE,
        tlv.encode(faces.BODY, body) + tlv.encode(faces.BODY_SIGNATURE, signature),
    )


def profile_file(name: str, address: str, birth: date, sex: str) -> bytes:
    """EF 0002 of the profile application; the space in `name` becomes U+3000."""
    objects = [
        (0xDF22, name.replace(" ", "\u3000").encode()),
        (0xDF23, address.encode()),
        (0xDF24, f"{birth:%Y%m%d}".encode()),
        (0xDF25, sex.encode("ascii")),
    ]
    return with_offsets(0xFF20, 0xDF21, objects)
