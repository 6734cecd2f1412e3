"""The facilities' interface over HTTPS (device.counter.FacilityLine), and activation.

What is asked is sealed end to end; TLS is what activation rests on, because it brings
the keys that are believed from then on. So nothing but HTTPS leaves this machine.
"""

import base64
import binascii
import json
import ssl
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import aiohttp

from device.ports import PartError
from protocol.activation import ask_to_sign
from protocol.catalogue import Code
from protocol.envelope import MAX_SEALED
from protocol.ids import FacilityCode, ReaderId, reader_id
from protocol.keys import CloudPublic, Signer

PATIENCE_S: Final = 20.0
LONGEST: Final = 4 * MAX_SEALED
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class CounterHttp:
    def __init__(self, url: str, ca: Path | None = None) -> None:
        """PartError D702 for an address without TLS, or an unreadable authority.

        `ca`: whom the server's certificate comes from; None: the machine's own list.
        """
        parts = urlsplit(url)
        plain = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not plain and (parts.scheme != "https" or not parts.hostname):
            raise PartError(Code.CONFIG_WRONG, "--cloud: an https:// address")
        self._url = url.rstrip("/")
        try:
            self._tls = ssl.create_default_context(cafile=ca)
        except OSError as error:  # ssl.SSLError is one
            raise PartError(Code.CONFIG_WRONG, f"--ca: {ca}") from error
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        limit = aiohttp.ClientTimeout(PATIENCE_S)
        self._session = aiohttp.ClientSession(timeout=limit)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def ask(self, reader: ReaderId, envelope: bytes) -> bytes:
        body = {"envelope": base64.b64encode(envelope).decode()}
        said = await self._post(f"/v1/devices/{reader}/ask", body)
        try:
            return base64.b64decode(said["envelope"], validate=True)
        except (KeyError, TypeError, binascii.Error) as error:
            raise PartError(Code.ANSWER_NOT_TRUSTED, "not an envelope") from error

    async def activate(
        self, facility: FacilityCode, code: str, public_key: bytes, signer: Signer
    ) -> tuple[ReaderId, CloudPublic]:
        """Who this key is from now on, and whose answers to believe.

        Raises PartError E406 when the code is not taken.
        """
        proof = signer.sign(ask_to_sign(code, facility, public_key))
        body = {
            "facility": facility,
            "code": code,
            "public_key": base64.b64encode(public_key).decode(),
            "signature": base64.b64encode(proof).decode(),
        }
        said = await self._post("/v1/devices/activation", body)
        try:
            return reader_id(said["reader"]), CloudPublic.from_dict(said["cloud"])
        except (KeyError, TypeError, ValueError) as error:
            raise PartError(Code.ANSWER_NOT_TRUSTED, "not an activation") from error

    async def _post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        if self._session is None:
            raise RuntimeError("the line is not open")
        try:
            # No redirect: it might lead to another host, or out of TLS.
            async with self._session.post(
                self._url + path, json=body, ssl=self._tls, allow_redirects=False
            ) as got:
                raw = await got.content.read(LONGEST)
                status = got.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            detail = f"{urlsplit(self._url).netloc}: {type(error).__name__}"
            raise PartError(Code.CLOUD_SILENT, detail) from error
        said = _object(raw)
        if status >= 400:
            raise PartError(_code(said), f"HTTP {status}")
        return said


def _object(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _code(problem: dict[str, Any]) -> Code:
    """The catalogue's, as problem details carry it."""
    try:
        return Code(problem.get("code", ""))
    except ValueError:
        return Code.CLOUD_SILENT
