"""Records at rest: AES-256-GCM under a key per person and consent item.

The key of (person, item) is derived from the vault secret, so it is stored nowhere; a
consent holds it wrapped for itself (cloud/consent). What is bound to the ciphertext is
where the row belongs: in another place, or among another number of rows, it does not
open. Lengths are rounded up, so that a drug is not known by the length of its name.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud.records.errors import SealBrokenError
from cloud.records.model import ITEM_OF, Kind
from cloud.records.month import Month
from cloud.registry.model import PersonId

SECRET_BYTES = 32
KEY_BYTES = 32
NONCE_BYTES = 12
STEP_BYTES = 128
"""JSON ignores the blanks that fill a row up to a multiple of this."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one sealed row belongs."""

    person: PersonId
    kind: Kind
    month: Month
    row: int
    """From 0 within person, kind and month."""
    rows: int
    """How many there are: a missing one is noticed."""

    def bound(self) -> bytes:
        """The additional data. No part of it can hold the separator."""
        item = ITEM_OF[self.kind]
        where = f"{self.person}|{item}|{self.kind}|{self.month}|{self.row}/{self.rows}"
        return b"shikaku record 1|" + where.encode()


@dataclass(frozen=True, slots=True)
class SealedRow:
    place: Place
    sealed: bytes
    """Nonce, ciphertext, tag."""


def record_key(secret: bytes, person: PersonId, item: str) -> bytes:
    """R of one person and consent item, 32 bytes. Raises ValueError."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"the vault secret has {SECRET_BYTES} bytes")
    info = f"shikaku record key 1|{person}|{item}".encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(secret)


def seal(
    key: bytes, plain: bytes, place: Place, random: Callable[[int], bytes]
) -> SealedRow:
    """`plain` is JSON. Nonces are random: 2^32 rows per key would be too many."""
    padded = plain.ljust(-(-len(plain) // STEP_BYTES) * STEP_BYTES)
    nonce = random(NONCE_BYTES)
    return SealedRow(place, nonce + AESGCM(key).encrypt(nonce, padded, place.bound()))


def unseal(key: bytes, row: SealedRow) -> bytes:
    """Raises SealBrokenError: another key, another place, or changed bytes."""
    nonce, sealed = row.sealed[:NONCE_BYTES], row.sealed[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, row.place.bound())
    except (InvalidTag, ValueError):
        raise SealBrokenError("a stored record does not open") from None
