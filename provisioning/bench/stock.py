"""Requests made beforehand, so that the load costs the machine little while it runs.

The card's signature (1 ms each) is made once per card and request; the envelope, whose
time stamp must be fresh, is sealed right before a step.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from cloud.facilities.model import Reader
from protocol.codec import encode
from protocol.codes import CareKind, Method, TerminalProof
from protocol.envelope import ReaderSession, open_answer, seal_request
from protocol.ids import FacilityCode, ReaderId, RequestId, VisitId, uuid7
from protocol.keys import CloudPublic, SoftwareSigner, key_id, spki
from protocol.messages import VerificationBody, VerificationRequest
from provisioning.bench.deck import Card

FACILITY = FacilityCode("0110113719")
LIFETIME_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Box:
    """One reader's identity and its session with the cloud."""

    name: ReaderId
    key: ec.EllipticCurvePrivateKey
    session: ReaderSession
    cloud: CloudPublic

    @classmethod
    def make(cls, number: int, cloud: CloudPublic, now_ms: int) -> "Box":
        return cls(
            ReaderId(f"bench-{number:03}"),
            ec.generate_private_key(ec.SECP256R1()),
            ReaderSession.begin(os.urandom(32), cloud, now_ms),
            cloud,
        )

    @property
    def enrolled(self) -> Reader:
        public = self.key.public_key()
        return Reader(self.name, FACILITY, key_id(public), spki(public), b"")

    def seal(self, message: bytes, now_ms: int) -> bytes:
        return seal_request(
            message,
            session=self.session,
            reader_id=self.name,
            signer=SoftwareSigner(self.key),
            sent_at_ms=now_ms,
            iv=os.urandom(12),
        )

    def open(self, sealed: bytes, now_ms: int) -> bytes:
        return open_answer(
            sealed,
            session=self.session,
            reader_id=self.name,
            cloud=self.cloud,
            now_ms=now_ms,
        )


@dataclass(frozen=True, slots=True)
class Question:
    box: Box
    request_id: RequestId
    message: bytes


def questions(
    cards: tuple[Card, ...], boxes: tuple[Box, ...], count: int, now_ms: int
) -> Iterator[Question]:
    """`count` verification requests; cards and readers take turns."""
    for number in range(count):
        card, box = cards[number % len(cards)], boxes[number % len(boxes)]
        # Their ids ascend, as those of requests made one after the other do.
        request_id = RequestId(uuid7(now_ms - count + number, os.urandom(10)))
        body = encode(_body(card, box, request_id, now_ms))
        request = VerificationRequest(body=body, card_signature=card.sign(body))
        yield Question(box, request_id, encode(request))


def _body(card: Card, box: Box, request_id: RequestId, now_ms: int) -> VerificationBody:
    return VerificationBody(
        request_id=request_id,
        visit_id=VisitId(request_id),
        reader_id=box.name,
        issued_at=now_ms,
        expires_at=now_ms + LIFETIME_MS,
        method=Method.PIN,
        terminal=TerminalProof.NONE,
        care=CareKind.OUTPATIENT,
        token="card",  # noqa: S106 - the kind of token, not a secret
        certificate=card.certificate,
    )
