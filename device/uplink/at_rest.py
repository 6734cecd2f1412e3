"""Requests on the disk are unreadable without the reader's storage key.

AES-256-GCM (NIST SP 800-38D): 12 bytes of IV, then ciphertext and tag. The request's
id is authenticated with it, so a row's content cannot be moved to another row.
"""

from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from device.ports import OutboxRecord, PartError
from protocol.catalogue import Code

IV_BYTES = 12


class AtRest:
    def __init__(self, storage_key: bytes, entropy: Callable[[int], bytes]) -> None:
        """`storage_key`: 32 bytes; `entropy(n)`: n fresh random bytes."""
        if len(storage_key) != 32:
            raise ValueError("a storage key is 32 bytes")
        self._cipher = AESGCM(storage_key)
        self._entropy = entropy

    def lock(self, request_id: str, message: bytes) -> bytes:
        iv = self._entropy(IV_BYTES)
        return iv + self._cipher.encrypt(iv, message, request_id.encode())

    def unlock(self, record: OutboxRecord) -> bytes:
        """The message's bytes. PartError D704 for another key or a changed row."""
        iv, locked = record.sealed[:IV_BYTES], record.sealed[IV_BYTES:]
        try:
            return self._cipher.decrypt(iv, locked, record.request_id.encode())
        except (InvalidTag, ValueError) as error:
            detail = f"outbox: request {record.request_id} does not open with this key"
            raise PartError(Code.SELFTEST_FAILED, detail) from error
