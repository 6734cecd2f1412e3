"""A facility's own address for patients: opaque, derived from its code (X2). Pure.

AES-SIV (RFC 5297) as for data keys: deterministic, so that an address is the same each
time it is shown, and nobody makes one or reads a code out of one without the key. A
new generation is a new address; which generation counts is kept in the store.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from cloud.facilities.terms import Setting
from protocol.ids import FacilityCode

SECRET_BYTES: Final = 64
_BOUND: Final = [b"shikaku facility address 1"]
_LONGEST: Final = 100
"""Characters; ours have about 40."""


class AddressKind(StrEnum):
    """OQSCD033 URL取得区分."""

    HOME_VISIT = "2"
    ONLINE_CARE = "3"

    @property
    def setting(self) -> Setting:
        match self:
            case AddressKind.HOME_VISIT:
                return Setting.HOME_VISITS
            case AddressKind.ONLINE_CARE:
                return Setting.ONLINE_CARE


@dataclass(frozen=True, slots=True)
class Address:
    facility: FacilityCode
    kind: AddressKind
    generation: int


@dataclass(frozen=True, slots=True)
class Issued:
    """The one address of a kind that a facility has, or had last."""

    address: Address
    who: str
    at: int
    revoked_at: int | None = None

    def opens(self, address: Address) -> bool:
        return self.revoked_at is None and address == self.address


def token(address: Address, secret: bytes) -> str:
    """`secret` has SECRET_BYTES."""
    plain = f"{address.kind}{address.generation}.{address.facility}".encode()
    return urlsafe_b64encode(AESSIV(secret).encrypt(plain, _BOUND)).decode().rstrip("=")


def read(text: str, secret: bytes) -> Address | None:
    """None for what we did not make."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        sealed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plain = AESSIV(secret).decrypt(sealed, _BOUND).decode()
    except (binascii.Error, ValueError, InvalidTag):
        return None
    generation, _, code = plain[1:].partition(".")
    address = Address(FacilityCode(code), AddressKind(plain[0]), int(generation))
    # Base64 has several writings of the same bytes; an address has one.
    return address if token(address, secret) == text else None
