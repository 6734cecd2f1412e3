"""Content keys: one ephemeral-static X25519 per reader session (README 4.3).

A session costs one key agreement on each side and then serves for an hour, so that
an envelope costs two AES operations. Each direction has its own key: an answer can
never be played back as a request.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from protocol import cbor
from protocol.errors import MalformedError, SignatureError
from protocol.freshness import WINDOW_MS
from protocol.ids import KeyId
from protocol.keys import CloudPublic, SoftwareSigner, key_id

PROTOCOL: Final = "shikaku/v1"
SESSION_MS: Final = 60 * 60 * 1000
UP: Final = "request"
DOWN: Final = "answer"


@dataclass(frozen=True, slots=True)
class ContentKeys:
    """AES-256 keys of a session, as bytes: a cipher object each would cost 2.6 kB."""

    up: bytes = field(repr=False)
    down: bytes = field(repr=False)


def _derive(shared: bytes, agreement: bytes, ephemeral: bytes) -> ContentKeys:
    def key(direction: str) -> bytes:
        info = cbor.dumps((PROTOCOL, direction, agreement, ephemeral))
        return HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(shared)

    return ContentKeys(key(UP), key(DOWN))


@dataclass(frozen=True, slots=True)
class ReaderSession:
    """The reader's side. Lives in memory only; a restart begins a new one."""

    recipient: KeyId
    ephemeral: bytes
    keys: ContentKeys
    started_ms: int

    @classmethod
    def begin(
        cls, ephemeral_private: bytes, cloud: CloudPublic, started_ms: int
    ) -> Self:
        """Start from 32 fresh random bytes, used for this session only."""
        private = X25519PrivateKey.from_private_bytes(ephemeral_private)
        ephemeral = private.public_key().public_bytes_raw()
        shared = private.exchange(cloud.agreement)
        keys = _derive(shared, cloud.agreement.public_bytes_raw(), ephemeral)
        return cls(cloud.agreement_id, ephemeral, keys, started_ms)

    def expired(self, now_ms: int) -> bool:
        """Over after an hour, and when the clock went back behind its start."""
        return not 0 <= now_ms - self.started_ms < SESSION_MS


@dataclass(frozen=True, slots=True)
class CloudSession:
    """The cloud's side of a reader's session, derived from a request's header."""

    recipient: KeyId
    ephemeral: bytes
    keys: ContentKeys


class SessionCache:
    """Sessions already derived, at most `size`; the one used longest ago goes first.

    Only a request whose signature held is remembered, so that nobody without a
    reader's key can push sessions out.
    """

    def __init__(self, size: int = 65_536) -> None:
        self._size = size
        self._known: OrderedDict[tuple[bytes, bytes], tuple[CloudSession, int]] = (
            OrderedDict()
        )

    def __len__(self) -> int:
        return len(self._known)

    def get(self, recipient: bytes, ephemeral: bytes) -> CloudSession | None:
        found = self._known.get((recipient, ephemeral))
        return found[0] if found else None

    def keep(self, session: CloudSession, now_ms: int) -> None:
        """Remember, and forget what began longer ago than any session may last."""
        place = (session.recipient, session.ephemeral)
        _, since = self._known.get(place, (session, now_ms))
        if now_ms - since > SESSION_MS + 2 * WINDOW_MS:
            self._known.pop(place, None)
            return
        self._known[place] = (session, since)
        self._known.move_to_end(place)
        if len(self._known) > self._size:
            self._known.popitem(last=False)


class CloudKeys:
    """The cloud's secret keys; several agreement keys while one is being replaced.

    The first agreement key is the one that `public` announces.
    """

    def __init__(
        self,
        *,
        agreements: tuple[X25519PrivateKey, ...],
        signing: ec.EllipticCurvePrivateKey,
        cache: SessionCache,
    ) -> None:
        if not agreements:
            raise ValueError("the cloud has at least one agreement key")
        self._agreements = {key_id(key.public_key()): key for key in agreements}
        self.cache = cache
        self.signer = SoftwareSigner(signing)
        self.public = CloudPublic((signing.public_key(),), agreements[0].public_key())

    def session(self, recipient: bytes, ephemeral: bytes) -> CloudSession:
        """The session of this header. Raises MalformedError, SignatureError."""
        known = self.cache.get(recipient, ephemeral)
        return known or self._derived(KeyId(recipient), ephemeral)

    def _derived(self, recipient: KeyId, ephemeral: bytes) -> CloudSession:
        private = self._agreements.get(recipient)
        if private is None:
            raise SignatureError("sealed for a key that is not ours")
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        except ValueError:  # a point of small order: the secret would be zero
            raise MalformedError("not a usable ephemeral key") from None
        agreement = private.public_key().public_bytes_raw()
        keys = _derive(shared, agreement, ephemeral)
        return CloudSession(recipient, ephemeral, keys)
