"""A file in `req`: is it a request, is it whole, is it sound."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from protocol.catalogue import Code
from protocol.oqs.bulk import document
from protocol.oqs.document import HEADER, Reading
from protocol.oqs.errors import OqsError
from protocol.oqs.names import FileName

IDENTIFIER: Final = "ArbitraryFileIdentifier"


@dataclass(frozen=True, slots=True)
class Look:
    """What a folder shows of a file; while it differs somebody is writing."""

    size: int
    modified_ns: int


def look(file: Path) -> Look | None:
    """None: it is not there (any more), or is no plain file."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return None
    if not file.is_file() or file.is_symlink():
        return None
    return Look(found.st_size, found.st_mtime_ns)


def key_of(name: FileName, file: Path, seen: Look) -> str:
    """Of this request, and the same after a restart. Says nothing of its content."""
    with file.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    text = f"{name.text}|{seen.size}|{seen.modified_ns}|{digest}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def sound(name: FileName, file: Path, seen: Look) -> str:
    """Its ArbitraryFileIdentifier. Raises OqsError B151 to B158 for what is refused."""
    if seen.size > name.kind.limit:
        raise OqsError(Code.OQS_TOO_LARGE, f"byte {name.kind.limit + 1}")
    identifier = ""
    with file.open("rb") as raw, document(raw) as source:
        if (source is not raw) != (name.extension == "zip"):
            raise OqsError(Code.OQS_ARCHIVE, "extension")
        for element in Reading(source, limit=name.kind.limit):
            if element.name == HEADER:
                identifier = element.get(IDENTIFIER)
    return identifier
