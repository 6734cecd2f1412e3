"""What a member of staff has: a one-time password by time (RFC 6238). Pure.

Its secret lies sealed (AES-SIV, as data keys), bound to its account: moved to another
row it opens nothing. SHA-1, six digits, 30 seconds: what every authenticator speaks.
"""

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from protocol.ids import FacilityCode

KEY_BYTES: Final = 64
SECRET_BYTES: Final = 20
"""As long as the hash (RFC 4226 4, R6)."""
DIGITS: Final = 6
STEP_S: Final = 30
DRIFT: Final = 1
"""Steps before and after: a telephone's clock is seldom more than 30 s off."""
ISSUER: Final = "Shikaku"


class SealBrokenError(Exception):
    """The row does not fit the key: somebody changed one of them."""


def seal(secret: bytes, facility: FacilityCode, account: str, key: bytes) -> bytes:
    """`key` has KEY_BYTES."""
    return AESSIV(key).encrypt(secret, _bound(facility, account))


def unseal(sealed: bytes, facility: FacilityCode, account: str, key: bytes) -> bytes:
    """Raises SealBrokenError."""
    try:
        return AESSIV(key).decrypt(sealed, _bound(facility, account))
    except InvalidTag:
        raise SealBrokenError from None


def step_of(secret: bytes, code: str, now_ms: int, used: int) -> int | None:
    """The step whose code this is; one up to `used`, the last one used, is none."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    now = now_ms // 1000 // STEP_S
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step < 0:
            continue
        fits = hmac.compare_digest(code_of(secret, step), code)
        if fits and step > used:
            found = step
    return found


def code_of(secret: bytes, step: int) -> str:
    """What an authenticator shows in that step."""
    return _totp(secret).generate(step * STEP_S).decode()


def uri(secret: bytes, facility: FacilityCode, account: str) -> str:
    """What an authenticator scans. It is the secret: shown once, to its owner."""
    return _totp(secret).get_provisioning_uri(f"{account}@{facility}", ISSUER)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303  what they speak


def _bound(facility: FacilityCode, account: str) -> list[bytes]:
    return [b"shikaku otp 1", facility.encode(), account.encode()]
