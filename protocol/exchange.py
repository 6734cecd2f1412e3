"""A question under way, as the reader sees it (protocol/README.md 5.4).

Pure: the caller keeps the value, reads the clock, sends, and puts the answer back
in. A question ends with a fitting answer or at its deadline, never by a PUBACK.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Self

from protocol.codec import decode_body, decode_request
from protocol.codes import Decision
from protocol.messages import (
    Answer,
    Asked,
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    RegistrationRequest,
    Request,
    VerificationAnswer,
    VerificationRequest,
)

FIRST_PAUSE_MS: Final = 1_000
LONGEST_PAUSE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Pending:
    """One request that waits for its answer. Times: Unix ms."""

    request: bytes
    """The message bytes. Each attempt seals them anew; they never change."""
    request_id: str
    deadline_ms: int
    next_at_ms: int
    attempts: int = 0

    @classmethod
    def begin(cls, request: bytes, now_ms: int) -> Self:
        """First attempt at once, deadline as the request says. Raises WireError."""
        asked = asked_of(decode_request(request))
        return cls(request, asked.request_id, asked.expires_at, now_ms)

    def over(self, now_ms: int) -> bool:
        return now_ms >= self.deadline_ms

    def due(self, now_ms: int) -> bool:
        return not self.over(now_ms) and now_ms >= self.next_at_ms

    def sent(self, now_ms: int, jitter: float) -> Self:
        """After an attempt: pause 1, 2, 4 ... 60 s, of which half is `jitter`.

        `jitter` in [0, 1) is drawn by the caller, so that a thousand readers that
        lost the same broker do not come back in the same second.
        """
        if not 0 <= jitter < 1:
            raise ValueError("jitter is from 0 to below 1")
        pause = pause_ms(self.attempts) * (1 + jitter) / 2
        return replace(self, attempts=self.attempts + 1, next_at_ms=now_ms + int(pause))


def pause_ms(attempts_before: int) -> int:
    """The longest pause after an attempt, before jitter."""
    return min(FIRST_PAUSE_MS << min(attempts_before, 6), LONGEST_PAUSE_MS)


def asked_of(request: Request) -> Asked:
    """What every question carries, also where the card signed it. Raises WireError."""
    if isinstance(request, VerificationRequest):
        return decode_body(request.body)
    return request


def request_hash(request: bytes) -> bytes:
    """SHA-256 of the message bytes, as answers quote it."""
    return hashlib.sha256(request).digest()


def fits(answer: Answer, request: bytes) -> bool:
    """Whether this answers exactly these request bytes. Raises WireError for junk."""
    question = decode_request(request)
    asked = asked_of(question)
    return (
        answer.request_id == asked.request_id
        and answer.reader_id == asked.reader_id
        and answer.request_hash == request_hash(request)
        and _kind_fits(answer, question, asked)
    )


def _kind_fits(answer: Answer, question: Request, asked: Asked) -> bool:
    match question, answer:
        case _, Refusal():
            return True
        case VerificationRequest() | RegistrationRequest(), VerificationAnswer():
            return answer.visit_id == asked.visit_id
        case ConsentRequest(), ConsentReceipt():
            return _not_wider(answer, question)
    return False


def _not_wider(receipt: ConsentReceipt, question: ConsentRequest) -> bool:
    """A receipt never grants what the patient did not press."""
    said = {decision.item: decision.decision for decision in question.decisions}
    return all(
        grant.item in said
        and (
            grant.decision is not Decision.GRANTED
            or said[grant.item] is Decision.GRANTED
        )
        for grant in receipt.grants
    )
