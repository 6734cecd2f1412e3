"""Writing so that a power cut leaves the old or the new, never a half."""

import errno
import os
from pathlib import Path

from device.ports import PartError
from protocol.catalogue import Code

MODE = 0o640
_FULL = {errno.ENOSPC, errno.EDQUOT}
# Network shares (CIFS) have no way to flush a folder and say so.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP}


def write_through(path: Path, content: bytes) -> None:
    """On the disk when it returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def flush(path: Path) -> None:
    """A file that somebody else has written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def put(hidden: Path, path: Path) -> None:
    """Give a flushed file its name; whoever looks sees all of it or nothing."""
    hidden.replace(path)
    sync_folder(path.parent)


def as_part_error(error: OSError, folder: Path) -> PartError:
    code = Code.DISK_FULL if error.errno in _FULL else Code.FACILITY_FOLDER
    return PartError(code, f"{folder}: {error.strerror}")
