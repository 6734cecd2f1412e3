"""Get a publisher's file, from a local folder or its address; nothing unchecked."""

import time
from collections.abc import Callable
from hashlib import sha256, sha384
from http.client import HTTPException
from pathlib import Path
from socket import getaddrinfo
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from device.face.pack import Source

Say = Callable[[str], None]

SILENCE_S = 5.0
"""A server that says nothing for so long is given up."""
WHOLE_S = 120.0
"""One file takes no longer than this, however slowly it drips."""
_CHUNK = 64 * 1024


class FetchError(Exception):
    """One line that says which file, and why not."""


def local_folder(base: Path, pack_id: str, sources: tuple[Source, ...]) -> Path | None:
    """Where `base` holds the pack: base/PACK, base/packs/PACK, or base itself."""
    for folder in (base / pack_id, base / "packs" / pack_id, base):
        if all((folder / each.name).is_file() for each in sources):
            return folder
    return None


def from_folder(folder: Path, source: Source) -> bytes:
    path = folder / source.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FetchError(f"{path} cannot be read") from error
    return checked(content, source)


def from_publisher(source: Source, say: Say, silence_s: float = SILENCE_S) -> bytes:
    """Raises FetchError when the address is silent, short, long, or other than pinned.

    Plain http is allowed: the content is pinned by two hashes.
    """
    where = urlsplit(source.url)
    if where.scheme not in ("https", "http"):
        raise FetchError(f"{source.name}: not a web address")
    host = where.hostname or ""
    say(f"{source.name}: asking {host}")
    _resolve(host, source, silence_s)
    request = Request(source.url, headers={"User-Agent": "shikaku"})  # noqa: S310
    deadline = time.monotonic() + WHOLE_S
    content = bytearray()
    try:
        with urlopen(request, timeout=silence_s) as answer:  # noqa: S310 - see above
            while chunk := answer.read(_CHUNK):
                content += chunk
                if len(content) > source.bytes:
                    raise FetchError(f"{source.name}: longer than published")
                if time.monotonic() > deadline:
                    raise FetchError(f"{source.name}: {host} is too slow")
                say(f"{source.name}: {100 * len(content) // source.bytes} %")
    except HTTPError as error:
        raise FetchError(f"{source.name}: {host} answers {error.code}") from error
    except (OSError, HTTPException) as error:
        raise FetchError(f"{source.name}: {host} cannot be reached") from error
    return checked(bytes(content), source)


def _resolve(host: str, source: Source, silence_s: float) -> None:
    """The resolver has no time limit of its own, and can take half a minute."""
    found: list[bool] = []

    def ask() -> None:
        try:
            getaddrinfo(host, None)
        except OSError:
            found.append(False)
        else:
            found.append(True)

    asking = Thread(target=ask, daemon=True)
    asking.start()
    asking.join(silence_s)
    if found != [True]:
        raise FetchError(f"{source.name}: {host} is not known here")


def checked(content: bytes, source: Source) -> bytes:
    """The content if length, SHA-256 and the publisher's SHA-384 agree."""
    if len(content) != source.bytes:
        raise FetchError(
            f"{source.name}: {len(content)} bytes instead of {source.bytes}"
        )
    if sha256(content).hexdigest() != source.sha256:
        raise FetchError(f"{source.name}: SHA-256 differs from the pinned one")
    if sha384(content).hexdigest() != source.sha384:
        raise FetchError(f"{source.name}: SHA-384 differs from the publisher's")
    return content
