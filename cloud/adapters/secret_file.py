"""The audit secret in a file of its own: 32 bytes as hex, readable by its user only.

Lost, nobody in the log can be found again; so it is never made anew by itself where a
log exists already, and it belongs into the backup, apart from the database's.
"""

import os
from pathlib import Path

from cloud.audit.model import SECRET_BYTES
from cloud.errors import ConfigError


def read_secret(file: Path) -> bytes:
    """Raises ConfigError."""
    try:
        secret = bytes.fromhex(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"audit.secret: {file} is not readable; put it back from its backup,"
            " or run shikaku-cloud migrate for a new database"
        ) from error
    if len(secret) != SECRET_BYTES:
        raise ConfigError(f"audit.secret: {file} is not {SECRET_BYTES} bytes in hex")
    return secret


def make_secret(file: Path) -> bool:
    """A new one unless there is one; whether it was made."""
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as out:
        out.write(os.urandom(SECRET_BYTES).hex() + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True
