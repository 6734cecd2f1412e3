"""A consent's data key: the record key, sealed for this consent and no other.

Records lie sealed under one record key per person and item. Whoever reads them has no
way to that key but through a consent's data key. When the consent ends, the row with
the data key is destroyed, and with it the way: no rule has to remember to say no.

AES-SIV (RFC 5297): made to wrap keys, needs no nonce, and binds what stands beside the
key. An end that somebody postponed in the database opens nothing.
"""

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from cloud.consent.model import Consent
from cloud.registry.model import PersonId
from protocol.codes import CareKind
from protocol.ids import FacilityCode, RequestId

SECRET_BYTES = 64
"""AES-256-SIV takes two keys."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one data key opens, for whom, and how long."""

    facility: FacilityCode
    person: PersonId
    item: str
    care: CareKind
    request: RequestId
    pressed_at: int
    since: int
    until: int | None

    def covers(self, now_ms: int) -> bool:
        return self.since <= now_ms and (self.until is None or now_ms < self.until)


@dataclass(frozen=True, slots=True)
class DataKey:
    scope: Scope
    sealed: bytes


class DataKeyError(Exception):
    """The row does not fit its key: somebody changed one of them."""


def scope_of(consent: Consent) -> Scope:
    return Scope(
        consent.facility,
        consent.person,
        consent.item,
        consent.care,
        consent.request,
        consent.pressed_at,
        consent.decided_at,
        consent.available_until,
    )


def seal(record_key: bytes, scope: Scope, secret: bytes) -> DataKey:
    """`secret` has SECRET_BYTES and belongs to those who read records."""
    return DataKey(scope, AESSIV(secret).encrypt(record_key, _bound(scope)))


def unseal(key: DataKey, secret: bytes) -> bytes:
    """The record key. Raises DataKeyError."""
    try:
        return AESSIV(secret).decrypt(key.sealed, _bound(key.scope))
    except InvalidTag:
        raise DataKeyError from None


def _bound(scope: Scope) -> list[bytes]:
    until = "" if scope.until is None else str(scope.until)
    parts = (
        "shikaku data key 1",
        scope.facility,
        str(scope.person),
        scope.item,
        scope.care,
        scope.request,
        str(scope.pressed_at),
        str(scope.since),
        until,
    )
    # AES-SIV keeps the parts apart; an empty one it would not.
    return [f"{number} {part}".encode() for number, part in enumerate(parts)]
