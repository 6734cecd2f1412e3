"""The folder that the facility's receipt computer watches (device.ports.FacilityDesk).

A watcher may look at any moment: a file is written under a hidden name, is on the
disk, and only then gets its name.
"""

import asyncio
import errno
import os
from pathlib import Path

import structlog

from device.bridge.face_file import FaceFile, face_file, for_facility
from device.ports import PartError
from protocol.catalogue import Code
from protocol.ids import FacilityCode
from protocol.messages import ConsentReceipt, VerificationAnswer
from protocol.oqs.text import Encoding

MODE = 0o640
_FULL = {errno.ENOSPC, errno.EDQUOT}
# Network shares (CIFS) have no way to flush a folder and say so.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP}
_log = structlog.get_logger(__name__)


class FolderDesk:
    """Satisfies device.ports.FacilityDesk; this process alone writes such names."""

    def __init__(
        self, folder: Path, facility: FacilityCode, encoding: Encoding
    ) -> None:
        self._folder = folder
        self._facility = facility
        self._encoding = encoding

    async def deliver(
        self, answer: VerificationAnswer, receipt: ConsentReceipt | None
    ) -> Path:
        """The file, whole. PartError D703, D701; ValueError if not `for_facility`."""
        file = face_file(answer, receipt, self._facility, self._encoding)
        path = await asyncio.to_thread(self._write, file)
        # The visit, not the person: ● in a file is for a person to look at.
        _log.info(
            "result delivered", visit=file.identifier, replaced_characters=file.replaced
        )
        return path

    def accepts(self, answer: VerificationAnswer) -> bool:
        """Whether `deliver` has anything to say about this answer."""
        return for_facility(answer)

    def check(self) -> None:
        """Can a file be written there now? PartError D703, D701 if not."""
        probe = self._folder / f".shikaku-selftest-{os.getpid()}"
        try:
            _write_through(probe, b"selftest\n")
            probe.unlink()
        except OSError as error:
            raise _as_part_error(error, self._folder) from error

    def _write(self, file: FaceFile) -> Path:
        path = self._free_name(file)
        hidden = self._folder / f".{path.name}.part"
        try:
            _write_through(hidden, file.content)
            hidden.rename(path)
            _sync_folder(self._folder)
        except OSError as error:
            hidden.unlink(missing_ok=True)
            raise _as_part_error(error, self._folder) from error
        return path

    def _free_name(self, file: FaceFile) -> Path:
        again = 1
        while (path := self._folder / file.name(again)).exists():
            again += 1
        return path


def _write_through(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), MODE)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def _as_part_error(error: OSError, folder: Path) -> PartError:
    code = Code.DISK_FULL if error.errno in _FULL else Code.FACILITY_FOLDER
    return PartError(code, f"{folder}: {error.strerror}")
