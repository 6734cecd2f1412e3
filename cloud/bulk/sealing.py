"""Questions and answers at rest: AES-256-GCM under a key per job.

The key is derived from the secret in `bulk.key` and the reception number, so it is
stored nowhere. Bound to every ciphertext is where it belongs: the job, and the row.
"""

from collections.abc import Callable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cloud.bulk.model import Reception

SECRET_BYTES = 32
_KEY_BYTES = 32
_NONCE_BYTES = 12
_AT_ONCE = 256


class SealBrokenError(Exception):
    """Another secret, another place, or changed bytes."""


class JobSeal:
    def __init__(
        self, secret: bytes, reception: Reception, random: Callable[[int], bytes]
    ) -> None:
        info = f"shikaku bulk key 1|{reception}".encode()
        derived = HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=info)
        self._cipher = AESGCM(derived.derive(secret))
        self._random = random
        self._nonces: Iterator[bytes] = iter(())

    def __repr__(self) -> str:
        return "JobSeal(...)"

    def head(self, plain: bytes) -> bytes:
        return self._sealed(plain, b"head")

    def questions(self, first: int, plain: bytes) -> bytes:
        return self._sealed(plain, b"questions|%d" % first)

    def answer(self, place: int, plain: bytes) -> bytes:
        return self._sealed(plain, b"answer|%d" % place)

    def open_head(self, sealed: bytes) -> bytes:
        return self._opened(sealed, b"head")

    def open_questions(self, first: int, sealed: bytes) -> bytes:
        return self._opened(sealed, b"questions|%d" % first)

    def open_answer(self, place: int, sealed: bytes) -> bytes:
        return self._opened(sealed, b"answer|%d" % place)

    def _sealed(self, plain: bytes, place: bytes) -> bytes:
        nonce = next(self._nonces, b"") or self._more()
        return nonce + self._cipher.encrypt(nonce, plain, place)

    def _more(self) -> bytes:
        """A batch's nonces at once: asking the system for each costs more than AES."""
        drawn = self._random(_NONCE_BYTES * _AT_ONCE)
        steps = range(0, len(drawn), _NONCE_BYTES)
        self._nonces = iter([drawn[low : low + _NONCE_BYTES] for low in steps])
        return next(self._nonces)

    def _opened(self, sealed: bytes, place: bytes) -> bytes:
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, place)
        except (InvalidTag, ValueError):
            raise SealBrokenError from None
