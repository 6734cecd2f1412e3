"""Download one file so that an interruption costs only what had not yet come.

What came stands in `NAME.part`; the next try asks the server for the rest (HTTP Range,
RFC 9110 section 14) and starts over where the server does not know how. Nothing here is
trusted: the caller checks the hash of the whole.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from socket import getaddrinfo
from threading import Thread
from typing import BinaryIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

Say = Callable[[str], None]

TRIES = 3
_CHUNK = 64 * 1024
_STEP = 10
"""Progress is said in steps of so many per cent."""
_RANGE_NOT_SATISFIABLE = 416
_PARTIAL = 206
_SERVER_TROUBLE = 500


class FetchError(Exception):
    """One line that says which file, why not, and what to do."""


class _BrokenError(Exception):
    """The connection ended early; another try may bring the rest."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Times of a download, in seconds."""

    silence_s: float = 5.0
    """A server that says nothing for so long is given up."""
    whole_s: float = 120.0
    """One run takes no longer than this, however slowly it drips."""


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    url: str
    longest: int
    """More bytes than this are never kept."""
    length: int | None = None
    """Where it is known beforehand."""


def download(
    wanted: Wanted, part: Path, digest: str, say: Say, patience: Patience
) -> None:
    """Fill `part` with the file whose SHA-256 is `digest`.

    Raises FetchError; what came is kept, unless it is another file. Plain http is
    allowed, because the content is pinned.
    """
    begun = part.exists() and part.stat().st_size > 0
    if begun and file_sha256(part) == digest:
        return
    _fill(wanted, part, say, patience)
    if begun and file_sha256(part) != digest:
        say(f"{wanted.name}: what had come before does not fit; starting over")
        part.unlink()
        _fill(wanted, part, say, patience)
    if file_sha256(part) != digest:
        part.unlink()
        raise FetchError(
            f"{wanted.name}: SHA-256 differs from the pinned one; not used"
        )


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _fill(wanted: Wanted, part: Path, say: Say, patience: Patience) -> None:
    where = urlsplit(wanted.url)
    if where.scheme not in ("https", "http") or not where.hostname:
        raise FetchError(f"{wanted.name}: not a web address; give http(s)://")
    say(f"{wanted.name}: asking {where.hostname}")
    part.parent.mkdir(parents=True, exist_ok=True)
    run = _Run(wanted, where.hostname, say, patience)
    with _alone(part, wanted.name) as file:
        for left in reversed(range(TRIES)):
            try:
                run.attempt(file)
            except _BrokenError as error:
                if not left:
                    raise FetchError(
                        f"{wanted.name}: {error}; run it again, what came is kept"
                    ) from error
            else:
                return


@contextmanager
def _alone(part: Path, name: str) -> Iterator[BinaryIO]:
    with part.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FetchError(
                f"{name}: another installation fetches it; wait for it"
            ) from error
        yield file


class _Run:
    def __init__(self, wanted: Wanted, host: str, say: Say, patience: Patience) -> None:
        self._wanted, self._host, self._say = wanted, host, say
        self._patience = patience
        self._deadline = time.monotonic() + patience.whole_s
        self._said = -1

    def attempt(self, file: BinaryIO) -> None:
        """One request. Raises _BrokenError where another one may help."""
        have = file.seek(0, 2)
        if have == self._wanted.length:
            return
        _resolve(self._host, self._wanted.name, self._patience.silence_s)
        headers = {"User-Agent": "shikaku"}
        if have:
            headers["Range"] = f"bytes={have}-"
        request = Request(self._wanted.url, headers=headers)  # noqa: S310 - see above
        try:
            with urlopen(request, timeout=self._patience.silence_s) as answer:  # noqa: S310 - see above
                self._receive(answer, file, have)
        except HTTPError as error:
            error.close()
            self._refused(error.code, file, have)
        except (OSError, HTTPException) as error:
            if file.seek(0, 2) > have:
                raise _BrokenError(f"{self._host} broke off") from error
            raise FetchError(
                f"{self._wanted.name}: {self._host} cannot be reached; "
                "check the network and run it again"
            ) from error

    def _receive(self, answer: HTTPResponse, file: BinaryIO, have: int) -> None:
        if have and answer.status == _PARTIAL and _begins_at(answer, have):
            self._say(f"{self._wanted.name}: going on after {have} bytes")
        elif have:
            self._say(f"{self._wanted.name}: {self._host} sends it from the start")
            file.truncate(0)
            have = 0
        announced = answer.headers.get("Content-Length")
        end = have + int(announced) if announced and announced.isdigit() else None
        # read1 gives what is here; read would wait for a whole chunk that drips.
        while chunk := answer.read1(_CHUNK):
            have += len(chunk)
            if have > self._wanted.longest:
                file.truncate(0)
                raise FetchError(
                    f"{self._wanted.name}: longer than it may be; not used"
                )
            file.write(chunk)
            file.flush()
            self._progress(have, self._wanted.length or end)
            if time.monotonic() > self._deadline:
                raise FetchError(
                    f"{self._wanted.name}: {self._host} is too slow; "
                    "run it again, what came is kept"
                )
        if end is not None and have < end:
            raise _BrokenError(f"{self._host} broke off after {have} bytes")

    def _refused(self, status: int, file: BinaryIO, have: int) -> None:
        if status == _RANGE_NOT_SATISFIABLE and have:
            if self._wanted.length is None:
                return  # we may have all of it; the hash will say
            file.truncate(0)
            raise _BrokenError(f"{self._host} has a shorter file")
        if status >= _SERVER_TROUBLE:
            raise _BrokenError(f"{self._host} answers {status}")
        raise FetchError(
            f"{self._wanted.name}: {self._host} answers {status}; check the address"
        )

    def _progress(self, have: int, end: int | None) -> None:
        if not end:
            return
        now = 100 * have // end // _STEP * _STEP
        if now != self._said:
            self._said = now
            self._say(f"{self._wanted.name}: {now} %")


def _begins_at(answer: HTTPResponse, have: int) -> bool:
    span = answer.headers.get("Content-Range", "")
    return span.startswith(f"bytes {have}-")


def _resolve(host: str, name: str, silence_s: float) -> None:
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
        raise FetchError(f"{name}: {host} is not known here; check the network")
