"""The folder that the facility's receipt computer watches (device.ports.FacilityDesk).

A watcher may look at any moment: a file is written under a hidden name, is on the
disk, and only then gets its name.
"""

import asyncio
import os
from pathlib import Path

import structlog

from device.bridge.disk import as_part_error, sync_folder, write_through
from device.bridge.face_file import FaceFile, face_file, for_facility
from protocol.ids import FacilityCode
from protocol.messages import ConsentReceipt, VerificationAnswer
from protocol.oqs.text import Encoding

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
            write_through(probe, b"selftest\n")
            probe.unlink()
        except OSError as error:
            raise as_part_error(error, self._folder) from error

    def _write(self, file: FaceFile) -> Path:
        path = self._free_name(file)
        hidden = self._folder / f".{path.name}.part"
        try:
            write_through(hidden, file.content)
            hidden.rename(path)
            sync_folder(self._folder)
        except OSError as error:
            hidden.unlink(missing_ok=True)
            raise as_part_error(error, self._folder) from error
        return path

    def _free_name(self, file: FaceFile) -> Path:
        again = 1
        while (path := self._folder / file.name(again)).exists():
            again += 1
        return path
