"""What a facility saw last, at rest: sealed for that facility and that person.

AES-SIV (RFC 5297), as consents' data keys are: it needs no nonce, so that no number of
answers wears the key out, and it binds what stands beside. Moved to another facility or
person, or given another date, a row does not open. Lengths are rounded up, so that a
name is not guessed by its length.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from cloud.changes.model import Seen
from cloud.registry.model import PersonId
from protocol.ids import FacilityCode

SECRET_BYTES = 64
"""AES-256-SIV takes two keys."""
STEP_BYTES = 128


@dataclass(frozen=True, slots=True)
class LastSeen:
    """One row: readable is who, where and when, not what."""

    facility: FacilityCode
    person: PersonId
    at: int
    """Unix ms."""
    sealed: bytes


def seal(
    seen: Seen, facility: FacilityCode, person: PersonId, at: int, secret: bytes
) -> LastSeen:
    """`secret` has SECRET_BYTES."""
    text = json.dumps(seen, ensure_ascii=False, separators=(",", ":")).encode()
    padded = text.ljust(-(-len(text) // STEP_BYTES) * STEP_BYTES)
    sealed = AESSIV(secret).encrypt(padded, _bound(facility, person, at))
    return LastSeen(facility, person, at, sealed)


def unseal(row: LastSeen, secret: bytes) -> Seen | None:
    """None: the row does not fit its place or key; it is as if there were none."""
    try:
        bound = _bound(row.facility, row.person, row.at)
        plain: Mapping[str, Any] = json.loads(AESSIV(secret).decrypt(row.sealed, bound))
    except (InvalidTag, ValueError):
        return None
    return plain


def _bound(facility: FacilityCode, person: PersonId, at: int) -> list[bytes]:
    parts = ("shikaku last seen 1", facility, str(person), str(at))
    return [part.encode() for part in parts]
