"""The lock-out of cards on the disk: who may not try by face for a while.

One small JSON file, replaced whole. Cards are keyed hashes (HMAC-SHA-256 under the
reader's storage key), so that nobody who finds the disk learns who was here.
"""

import hmac
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from device.face import lockout
from device.face.lockout import Book, Failures
from device.ports import Clock, PartError
from protocol.catalogue import Code

NAME_BYTES = 16


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    card: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * NAME_BYTES}}}$")]
    count: Annotated[int, Field(ge=1)]
    left_s: Annotated[float, Field(gt=0)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rows: list[_Row]


class LockoutFile:
    """Satisfies device.ports.Lockout. Every change is durable when it returns."""

    def __init__(self, path: Path, storage_key: bytes, clock: Clock) -> None:
        """PartError D702 for a file that is not ours: a lock is never lost unseen."""
        self._path = path
        self._key = storage_key
        self._clock = clock
        self._since = clock.monotonic()
        self._book = _read(path)

    def locked(self, card: bytes) -> bool:
        self._keep(self._lived())
        return lockout.locked(self._book, self._name(card))

    def begun(self, card: bytes) -> None:
        self._keep(lockout.begun(self._lived(), self._name(card)))

    def passed(self, card: bytes) -> None:
        self._keep(lockout.passed(self._lived(), self._name(card)))

    def _lived(self) -> Book:
        now = self._clock.monotonic()
        self._since, lived = now, now - self._since
        return lockout.lived(self._book, lived)

    def _keep(self, book: Book) -> None:
        if book != self._book:
            _write(self._path, book)
        self._book = book

    def _name(self, card: bytes) -> bytes:
        return hmac.new(self._key, b"lockout" + card, sha256).digest()[:NAME_BYTES]


def _read(path: Path) -> Book:
    try:
        rows = _File.model_validate_json(path.read_bytes()).rows
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        detail = f"{path}: no list of locked cards; remove it to start a new one"
        raise PartError(Code.CONFIG_WRONG, detail) from error
    return {bytes.fromhex(row.card): Failures(row.count, row.left_s) for row in rows}


def _write(path: Path, book: Book) -> None:
    rows = [
        {"card": card.hex(), "count": one.count, "left_s": one.left_s}
        for card, one in book.items()
    ]
    new = path.with_name(path.name + ".new")
    try:
        with new.open("w", encoding="utf-8") as file:
            json.dump({"rows": rows}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        detail = f"{path}: {error.strerror or 'not written'}"
        raise PartError(Code.DISK_FULL, detail) from error


def _sync_folder(folder: Path) -> None:
    """Else a power cut may bring the old file back, and with it the try."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
