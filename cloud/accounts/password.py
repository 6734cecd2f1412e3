"""What a member of staff knows: kept as scrypt (RFC 7914), with its costs. Pure."""

import hashlib
import hmac
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

SALT_BYTES: Final = 16
HASH_BYTES: Final = 32
SHORTEST: Final = 12
LONGEST: Final = 128
FEWEST_KINDS: Final = 5
"""Different characters: "aaaaaaaaaaaa" is long and no secret."""
_SPARE_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """OWASP's second line for scrypt: 32 MiB, three times."""

    log_n: int = 15
    r: int = 8
    p: int = 3


class WeakPasswordError(ValueError):
    """Too short, too long, too plain, or the account's own name."""


def check(password: str, account: str) -> None:
    """Length counts, not kinds of characters. Raises WeakPasswordError."""
    text = unicodedata.normalize("NFKC", password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPasswordError
    if len(set(text)) < FEWEST_KINDS or account.lower() in text.lower():
        raise WeakPasswordError


def hashed(password: str, salt: bytes, cost: Cost) -> str:
    """`salt` has SALT_BYTES."""
    digest = _scrypt(password, salt, cost)
    parts = (salt, digest)
    shown = "$".join(b64encode(one).decode() for one in parts)
    return f"scrypt${cost.log_n}${cost.r}${cost.p}${shown}"


def fits(password: str, kept: str) -> bool:
    """Whether `kept`, made by `hashed`, is of this password; in constant time."""
    _, log_n, r, p, salt, digest = kept.split("$")
    cost = Cost(int(log_n), int(r), int(p))
    given = _scrypt(password, b64decode(salt), cost)
    return hmac.compare_digest(given, b64decode(digest))


def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    text = unicodedata.normalize("NFKC", password).encode()
    n = 1 << cost.log_n
    room = 128 * cost.r * (n + cost.p) + _SPARE_BYTES
    return hashlib.scrypt(
        text, salt=salt, n=n, r=cost.r, p=cost.p, maxmem=room, dklen=HASH_BYTES
    )
