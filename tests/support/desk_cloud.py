"""The other end of an uplink, on the desk: a broker in memory and a cloud with keys.

The cloud here opens and seals as the real one does (protocol.envelope); what it
answers is up to the test.
"""

import asyncio
import random
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from device.ports import PartError
from device.uplink.channel import Identity
from protocol.catalogue import Code
from protocol.codec import decode_request, encode
from protocol.codes import Outcome, Validity
from protocol.envelope import Opened, open_request, seal_answer
from protocol.exchange import asked_of, request_hash
from protocol.ids import ReaderId, RequestId, VisitId, uuid7
from protocol.keys import ReaderKey, SoftwareSigner
from protocol.messages import Answer, RegistrationRequest, VerificationAnswer
from protocol.notice import sign_notice
from protocol.sessions import CloudKeys, SessionCache

READER = ReaderId("rd-tokyo-1")
READER_KEY = ec.derive_private_key(7, ec.SECP256R1())
CLOUD_KEY = ec.derive_private_key(11, ec.SECP256R1())
AGREEMENT = X25519PrivateKey.from_private_bytes(bytes([3] * 32))


class MemoryTransport:
    """Satisfies device.ports.Transport; keeps what was published."""

    def __init__(self) -> None:
        self.published: list[bytes] = []
        self.connected = True
        self.acknowledges = True
        self.used = asyncio.Event()
        self._turned = asyncio.Event()
        self._incoming: asyncio.Queue[bytes] = asyncio.Queue()

    async def publish(self, payload: bytes) -> None:
        if not self.connected:
            raise PartError(Code.BROKER_UNREACHABLE)
        self.published.append(payload)
        self.used.set()
        if not self.acknowledges:
            raise PartError(Code.BROKER_UNREACHABLE, "no acknowledgement")

    def turn(self, *, connected: bool) -> None:
        self.connected = connected
        self._turned.set()

    async def turned(self) -> None:
        await self._turned.wait()
        self._turned.clear()

    async def incoming(self) -> bytes:
        return await self._incoming.get()

    def arrive(self, payload: bytes) -> None:
        self._incoming.put_nowait(payload)


@dataclass(slots=True)
class DeskCloud:
    keys: CloudKeys = field(
        default_factory=lambda: CloudKeys(
            agreements=(AGREEMENT,), signing=CLOUD_KEY, cache=SessionCache()
        )
    )

    @property
    def identity(self) -> Identity:
        return Identity(READER, SoftwareSigner(READER_KEY), self.keys.public)

    def open(self, sealed: bytes, now_ms: int) -> Opened:
        known = ReaderKey(READER, READER_KEY.public_key(), 0, 1 << 52)
        readers = {known.key_id: known}
        return open_request(
            sealed,
            topic_reader=READER,
            keys=self.keys,
            readers=readers.get,
            now_ms=now_ms,
        )

    def seal(self, answer: Answer, opened: Opened, now_ms: int) -> bytes:
        return seal_answer(
            encode(answer),
            session=opened.session,
            reader_id=READER,
            signer=self.keys.signer,
            sent_at_ms=now_ms,
            iv=random.randbytes(12),  # noqa: S311  a test's envelope
        )

    def accept(self, sealed: bytes, now_ms: int) -> bytes:
        """Open the request and answer it as accepted."""
        opened = self.open(sealed, now_ms)
        return self.seal(accepted(opened.message, now_ms), opened, now_ms)

    def notice(self, code: Code, sealed: bytes, now_ms: int) -> bytes:
        return sign_notice(
            code,
            sha256(sealed).digest(),
            reader_id=READER,
            at_ms=now_ms,
            signer=self.keys.signer,
        )


def accepted(message: bytes, now_ms: int) -> VerificationAnswer:
    """The answer to these request bytes."""
    asked = asked_of(decode_request(message))
    return VerificationAnswer(
        request_id=asked.request_id,
        request_hash=request_hash(message),
        reader_id=asked.reader_id,
        answered_at=now_ms,
        visit_id=asked.visit_id,
        outcome=Outcome.ACCEPTED,
        validity=Validity.VALID,
    )


def question(number: int, now_ms: int, lives_s: int = 600) -> RegistrationRequest:
    """The smallest question there is; `number` makes it one of its own."""
    noise = number.to_bytes(10, "big")
    return RegistrationRequest(
        request_id=RequestId(uuid7(now_ms, noise)),
        visit_id=VisitId(uuid7(now_ms, noise)),
        reader_id=READER,
        issued_at=now_ms,
        expires_at=now_ms + lives_s * 1000,
        verification=RequestId(uuid7(now_ms - 1, noise)),
        agreed=True,
    )
