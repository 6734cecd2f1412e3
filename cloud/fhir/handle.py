"""Ids of FHIR resources: opaque, of one facility, and no number of the registry.

An id is what a facility has asked for, sealed: whom, and by which insurance or item.
It opens nothing by itself; each use asks the same question anew, under the same rules.
AES-SIV is deterministic: the same thing has the same id tomorrow, so that a client can
keep it, and at another facility it has another one.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from cloud.registry.model import Insurance, Person, PersonId, lookup_key
from protocol.ids import FacilityCode
from protocol.numbers import fold

SECRET_BYTES: Final = 64
"""AES-256-SIV takes two keys."""
MARK_BYTES: Final = 8
_PLAIN: Final = 1 + 8 + MARK_BYTES
_LENGTH: Final = 53
"""33 bytes in base 32 without padding; FHIR allows 64 of a-z, 0-9, - and dot."""


class Kind(IntEnum):
    PATIENT = 1
    COVERAGE = 2
    CONSENT = 3
    DRUG = 4
    RESULT = 5


@dataclass(frozen=True, slots=True)
class Handle:
    kind: Kind
    person: PersonId
    mark: bytes
    """MARK_BYTES that tell one thing of a person from their others."""


class HandleError(LookupError):
    """No id of this facility and kind."""


def made(handle: Handle, facility: FacilityCode, secret: bytes) -> str:
    plain = bytes([handle.kind]) + handle.person.to_bytes(8) + handle.mark
    sealed = AESSIV(secret).encrypt(plain, _bound(facility))
    return _written(sealed)


def read(text: str, kind: Kind, facility: FacilityCode, secret: bytes) -> Handle:
    """Raises HandleError: mistyped, another facility's, of another kind."""
    if len(text) != _LENGTH or not text.isascii() or text != text.lower():
        raise HandleError
    try:
        sealed = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        plain = AESSIV(secret).decrypt(sealed, _bound(facility))
    except (binascii.Error, InvalidTag):
        raise HandleError from None
    if len(plain) != _PLAIN or plain[0] != kind or text != _written(sealed):
        # The last letter has a bit to spare: one thing has one id.
        raise HandleError
    return Handle(kind, PersonId(int.from_bytes(plain[1:9])), plain[9:])


def mark(*parts: str) -> bytes:
    """Of what a thing is known by."""
    joined = "\x1f".join(parts).encode()
    return hashlib.sha256(joined).digest()[:MARK_BYTES]


def of_person(person: Person) -> bytes:
    """A registry may give the number of an erased person again: not to these days."""
    return mark(person.birth_date.isoformat(), person.sex.value)


def of_insurance(one: Insurance) -> bytes:
    key = lookup_key(one.insurer_number, one.symbol, one.number)
    return mark(key, fold(one.branch), one.valid_from.isoformat())


def _written(sealed: bytes) -> str:
    return base64.b32encode(sealed).decode().rstrip("=").lower()


def _bound(facility: FacilityCode) -> list[bytes]:
    return [b"shikaku fhir id 1", facility.encode()]
