"""Envelopes of this reader: sealed afresh for every attempt, answers opened.

The session key lives in memory for at most one hour. The session before it is kept
as long, because an answer may still be on its way when a new one begins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from protocol.codec import decode_answer
from protocol.envelope import ephemeral_of, open_answer, seal_request
from protocol.errors import SignatureError
from protocol.ids import ReaderId
from protocol.keys import CloudPublic, Signer
from protocol.messages import Answer
from protocol.notice import Notice, is_notice, open_notice
from protocol.sessions import ReaderSession

IV_BYTES = 12
EPHEMERAL_BYTES = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this reader is, and whose answers it believes."""

    reader: ReaderId
    signer: Signer
    cloud: CloudPublic


class Channel:
    def __init__(self, identity: Identity, entropy: Callable[[int], bytes]) -> None:
        """`entropy(n)`: n fresh random bytes."""
        self._identity = identity
        self._entropy = entropy
        self._sessions: list[ReaderSession] = []

    @property
    def reader(self) -> ReaderId:
        return self._identity.reader

    def seal(self, message: bytes, now_ms: int) -> tuple[bytes, bytes]:
        """A new envelope around the message, and the envelope's id."""
        sealed = seal_request(
            message,
            session=self._session(now_ms),
            reader_id=self._identity.reader,
            signer=self._identity.signer,
            sent_at_ms=now_ms,
            iv=self._entropy(IV_BYTES),
        )
        return sealed, sha256(sealed).digest()

    def open(self, data: bytes, now_ms: int) -> Answer | Notice:
        """What the cloud said to this reader, now. Raises WireError."""
        who = self._identity
        if is_notice(data):
            return open_notice(
                data, reader_id=who.reader, cloud=who.cloud, now_ms=now_ms
            )
        session = self._session_of(ephemeral_of(data))
        message = open_answer(
            data,
            session=session,
            reader_id=who.reader,
            cloud=who.cloud,
            now_ms=now_ms,
        )
        return decode_answer(message)

    def _session(self, now_ms: int) -> ReaderSession:
        if not self._sessions or self._sessions[0].expired(now_ms):
            begun = ReaderSession.begin(
                self._entropy(EPHEMERAL_BYTES), self._identity.cloud, now_ms
            )
            self._sessions = [begun, *self._sessions[:1]]
        return self._sessions[0]

    def _session_of(self, ephemeral: bytes) -> ReaderSession:
        for session in self._sessions:
            if session.ephemeral == ephemeral:
                return session
        raise SignatureError("sealed for a session that is not ours")
