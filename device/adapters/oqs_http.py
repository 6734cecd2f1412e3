"""Requests to the facilities' interface over mutual TLS (device.bridge.conveyor)."""

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from device.bridge.conveyor import NotConveyedError, RefusedError
from device.bridge.disk import MODE
from device.ports import PartError
from protocol.catalogue import Code

PATH: Final = "/v1/oqs"
CHUNK: Final = 1 << 16
LARGEST: Final = 1 << 30
"""Bytes of an answer; what is larger is no answer."""
_MEDIA: Final = {"xml": "application/xml", "zip": "application/zip"}
_ANSWERS: Final = {
    "application/xml": "xml",
    "application/zip": "zip",
    "application/pdf": "pdf",
}
_NEVER: Final = frozenset({400, 413, 415, 422})
"""Statuses that stay so however often the same file is sent."""
_LIMITS: Final = aiohttp.ClientTimeout(
    total=None, connect=15, sock_connect=15, sock_read=60
)


@dataclass(frozen=True, slots=True)
class CloudAddress:
    url: str
    """https://host:port of the facilities' interface."""
    ca: Path
    certificate: Path
    """The facility's own, with its key: it is who asks."""
    key: Path
    token: Path | None = None
    """A file with the token of a signed-in member of staff; read for each request."""


class HttpConveyor:
    """Satisfies device.bridge.conveyor.Conveyor."""

    def __init__(self, session: aiohttp.ClientSession, address: CloudAddress) -> None:
        self._session = session
        self._address = address

    async def convey(
        self, name: str, file: Path, key: str, into: Path
    ) -> tuple[str, str]:
        headers = {
            "Content-Type": _MEDIA[name.rpartition(".")[2].lower()],
            "X-Shikaku-File": name,
            "Idempotency-Key": key,
        }
        signed_in = self._authorization()
        try:
            return await self._sent(file, {**headers, **signed_in}, into)
        except NotConveyedError as error:
            if not signed_in or error.code is not Code.SIGN_IN_NEEDED:
                raise
        # The session is over. What needs none must not wait for the next one.
        return await self._sent(file, headers, into)

    async def _sent(
        self, file: Path, headers: dict[str, str], into: Path
    ) -> tuple[str, str]:
        url = self._address.url.rstrip("/") + PATH
        try:
            with file.open("rb") as body:
                async with self._session.post(url, data=body, headers=headers) as got:
                    return await self._taken(got, into)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotConveyedError(Code.OQS_WAITING) from error

    async def _taken(self, got: aiohttp.ClientResponse, into: Path) -> tuple[str, str]:
        if got.status != 200:
            raise _no(got.status, await _code(got))
        extension = _ANSWERS.get(got.content_type)
        if extension is None:
            raise NotConveyedError(Code.ANSWER_NOT_TRUSTED)
        await _stored(got, into)
        return extension, got.headers.get("X-Shikaku-Code", "")

    def _authorization(self) -> dict[str, str]:
        """None where nobody is signed in: then records are refused, in a file."""
        if self._address.token is None:
            return {}
        try:
            token = self._address.token.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return {}
        return {"Authorization": f"Bearer {token}"} if token else {}


@asynccontextmanager
async def http_conveyor(address: CloudAddress) -> AsyncIterator[HttpConveyor]:
    """Raises PartError D702 for certificates that cannot be used."""
    try:
        context = ssl.create_default_context(cafile=address.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(address.certificate, address.key)
    except OSError as error:  # ssl.SSLError is one
        detail = f"bridge: certificate, key or ca: {error.strerror or 'unusable'}"
        raise PartError(Code.CONFIG_WRONG, detail) from error
    connector = aiohttp.TCPConnector(ssl=context, limit=8)
    async with aiohttp.ClientSession(connector=connector, timeout=_LIMITS) as session:
        yield HttpConveyor(session, address)


async def _stored(got: aiohttp.ClientResponse, into: Path) -> None:
    size = 0
    with open(into, "wb", opener=_ours) as out:  # noqa: ASYNC230  a local disk
        async for part in got.content.iter_chunked(CHUNK):
            size += len(part)
            if size > LARGEST:
                raise NotConveyedError(Code.ANSWER_NOT_TRUSTED)
            await asyncio.to_thread(out.write, part)


def _ours(path: str, flags: int) -> int:
    return os.open(path, flags, MODE)


async def _code(got: aiohttp.ClientResponse) -> Code:
    """What the problem document says; else what its status means."""
    try:
        told = await got.json(content_type=None)
        return Code(told["code"])
    except (ValueError, KeyError, TypeError, aiohttp.ClientError):
        return Code.OQS_WAITING


def _no(status: int, code: Code) -> NotConveyedError | RefusedError:
    return RefusedError(code) if status in _NEVER else NotConveyedError(code)
