"""Anchors: now and then all chains are signed together, and each anchor holds the last.

An anchor lists the heads that moved since the anchor before it, so what it signs is the
state of every chain. A checkpoint is the signed beginning of a chain whose oldest rows
were let go when their time was over.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from cloud.audit.model import Place, packed
from protocol.errors import SignatureError
from protocol.keys import Signer, verify

Keys = Mapping[bytes, EllipticCurvePublicKey]
"""Public keys by their ids."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often there is an anchor: whichever comes first."""

    rows: int = 10_000
    ms: int = 24 * 60 * 60 * 1000

    def due(self, rows_since: int, last_at: int, now_ms: int) -> bool:
        if rows_since == 0:
            return False
        return rows_since >= self.rows or now_ms - last_at >= self.ms


@dataclass(frozen=True, slots=True)
class Anchor:
    number: int
    at: int
    total: int
    """Rows of all chains together, those let go included."""
    previous: bytes
    """SHA-256 of what the anchor before it signed; 32 zeros for the first."""
    root: bytes
    """`root_of` the heads that moved since the anchor before it."""
    key_id: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        numbers = map(_whole, (self.number, self.at, self.total))
        return _labelled(b"anchor", *numbers, self.previous, self.root, self.key_id)

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.signed).digest()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Rows up to `seq` were let go; the next one holds `hash` as its previous."""

    facility: str
    seq: int
    hash: bytes
    at: int
    key_id: bytes
    signature: bytes

    @property
    def place(self) -> Place:
        return Place(self.facility, self.seq, self.hash)

    @property
    def signed(self) -> bytes:
        numbers = map(_whole, (self.seq, self.at))
        place = (self.facility.encode(), *numbers, self.hash)
        return _labelled(b"checkpoint", *place, self.key_id)


def anchored(
    before: Anchor | None, moved: Sequence[Place], total: int, at: int, signer: Signer
) -> Anchor:
    """The next anchor over the heads that moved; `total` counts all heads, so that one
    which was kept out shows."""
    bare = Anchor(
        before.number + 1 if before else 1,
        at,
        total,
        before.hash if before else bytes(32),
        root_of(moved),
        signer.key_id,
        b"",
    )
    return Anchor(*_fields(bare), signature=signer.sign(bare.signed))


def checkpointed(place: Place, at: int, signer: Signer) -> Checkpoint:
    bare = Checkpoint(*place, at, signer.key_id, b"")
    return Checkpoint(*place, at, signer.key_id, signer.sign(bare.signed))


def root_of(places: Iterable[Place]) -> bytes:
    """SHA-256 over the places in the order of their facilities."""
    total = hashlib.sha256()
    for facility, seq, digest in sorted(places):
        total.update(packed((facility.encode(), _whole(seq), digest)))
    return total.digest()


def signed_by_us(what: Anchor | Checkpoint, keys: Keys) -> str:
    """Empty when one of our keys signed it; else what is wrong."""
    key = keys.get(what.key_id)
    if key is None:
        return "signed with a key that is not among those given (--key)"
    try:
        verify(key, what.signature, what.signed)
    except (SignatureError, ValueError):
        return "its signature does not hold"
    return ""


def _labelled(*parts: bytes) -> bytes:
    return b"shikaku/v1 audit " + packed(parts)


def _whole(number: int) -> bytes:
    """In digits: also a number that never was one of ours has a form."""
    return b"%d" % number


def _fields(one: Anchor) -> tuple[int, int, int, bytes, bytes, bytes]:
    return one.number, one.at, one.total, one.previous, one.root, one.key_id
