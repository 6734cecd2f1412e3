"""Secrets of the database, each in a file of its own: hex, readable by its user only.

`audit.key` ties people to the log. From `records.key` come the record keys: who fills
records or gives consents needs it. Under `consents.key` a consent's data key is sealed:
who gives consents or reads records needs it; a reader of records has only this one.
`changes.key` seals what facilities saw last; `handles.key` makes ids of FHIR resources.
With `page.key` the words of the patient's page are checked: who answers readers, the
page itself, and staff who take a word need it.
From `bulk.key` come the keys of bulk jobs.
Lost, what they protect is lost: they belong into a backup, apart from the database's,
and are never made anew where something already rests on them.
"""

import os
from pathlib import Path

from cloud.errors import ConfigError


def read_secret(file: Path, size: int) -> bytes:
    """`size` bytes. Raises ConfigError."""
    try:
        secret = bytes.fromhex(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{file} is not readable: put it back from its backup,"
            " or run shikaku-cloud migrate for a new database"
        ) from error
    if len(secret) != size:
        raise ConfigError(f"{file} is not {size} bytes in hex")
    return secret


def make_secret(file: Path, size: int) -> bool:
    """A new one unless there is one; whether it was made."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as out:
        out.write(os.urandom(size).hex() + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True
