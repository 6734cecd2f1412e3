"""An upload that is sent again is the same upload: by its key, when it was first seen.

The time is written down before anything is begun with it; whoever comes again with the
key is given the same time, and finds by it what was begun. No key and no time says
anything of a person.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from protocol.ids import FacilityCode

KEEP_MS: Final = 30 * 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Once:
    folder: Path

    def first_seen(
        self, facility: FacilityCode, key: str, now_ms: int
    ) -> tuple[int, bool]:
        """When this key first came, and whether that is now."""
        place = self.folder / facility
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        file, hidden = place / key, place / f".{key}-{os.getpid()}"
        handle = os.open(hidden, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(str(now_ms))
            out.flush()
            os.fsync(out.fileno())
        try:
            # A link, because it fails where a rename would replace.
            os.link(hidden, file)
        except FileExistsError:
            return int(file.read_text("ascii")), False
        finally:
            hidden.unlink(missing_ok=True)
        return now_ms, True

    def sweep(self, now_ms: int) -> None:
        """Keys that nobody sends again."""
        for file in self.folder.glob("*/*"):
            if file.stat().st_mtime * 1000 < now_ms - KEEP_MS:
                file.unlink(missing_ok=True)
