"""Fixed keys and messages for the wire tests. Fictitious, and public by intent."""

import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol.codec import encode
from protocol.codes import CareKind, Decision, Method, Outcome, Sex, TerminalProof
from protocol.envelope import (
    CloudKeys,
    Opened,
    ReaderSession,
    SessionCache,
    open_request,
    seal_request,
)
from protocol.ids import KeyId, ReaderId, RequestId, VisitId, reader_id, uuid7
from protocol.keys import ReaderKey, SoftwareSigner
from protocol.messages import (
    ConsentDecision,
    ConsentGrant,
    ConsentReceipt,
    ConsentRequest,
    FaceEvidence,
    Patient,
    PatientLink,
    RegistrationRequest,
    VerificationAnswer,
    VerificationBody,
    VerificationRequest,
)

NOW = 1_790_000_000_000
READER = reader_id("reader-tokyo-01")
OTHER_READER = reader_id("reader-osaka-02")
IV = bytes(range(12))


def secret_key(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


READER_SECRET = secret_key(0x5EED0001)
OTHER_SECRET = secret_key(0x5EED0002)
CLOUD_SECRET = secret_key(0x5EED0003)
CLOUD_AGREEMENT = bytes([0x41]) * 32
EPHEMERAL_SECRET = bytes([0x42]) * 32


def request_id(number: int = 1) -> RequestId:
    return RequestId(uuid7(NOW, number.to_bytes(10, "big")))


VISIT = VisitId(uuid7(NOW, bytes(9) + b"\x77"))


def body(reader: ReaderId = READER) -> VerificationBody:
    return VerificationBody(
        request_id=request_id(),
        visit_id=VISIT,
        reader_id=reader,
        issued_at=NOW,
        expires_at=NOW + 60_000,
        method=Method.FACE,
        terminal=TerminalProof.FICTITIOUS,
        face=FaceEvidence(pack="pack-1", rule="rule-1", mode="auto", matched=True),
        care=CareKind.OUTPATIENT,
        token="card",
        certificate=b"not a real certificate",
    )


def verification(reader: ReaderId = READER) -> VerificationRequest:
    return VerificationRequest(body=encode(body(reader)), card_signature=bytes(256))


def consent() -> ConsentRequest:
    return ConsentRequest(
        request_id=request_id(2),
        visit_id=VISIT,
        reader_id=READER,
        issued_at=NOW,
        expires_at=NOW + 60_000,
        verification=request_id(),
        decisions=(
            ConsentDecision(item="operation", decision=Decision.GRANTED),
            ConsentDecision(item="checkup", decision=Decision.UNANSWERED),
        ),
    )


def registration() -> RegistrationRequest:
    return RegistrationRequest(
        request_id=request_id(3),
        visit_id=VISIT,
        reader_id=READER,
        issued_at=NOW,
        expires_at=NOW + 60_000,
        verification=request_id(),
        agreed=True,
    )


def answer(request: bytes, number: int = 1) -> VerificationAnswer:
    return VerificationAnswer(
        request_id=request_id(number),
        request_hash=hashlib.sha256(request).digest(),
        reader_id=READER,
        answered_at=NOW + 300,
        visit_id=VISIT,
        outcome=Outcome.ACCEPTED,
        patient=Patient(
            name="資格　花子",
            name_kana="シカク　ハナコ",
            birth_date="1948-02-29",
            sex=Sex.FEMALE,
        ),
    )


def receipt(request: bytes) -> ConsentReceipt:
    return ConsentReceipt(
        request_id=request_id(2),
        request_hash=hashlib.sha256(request).digest(),
        reader_id=READER,
        answered_at=NOW + 300,
        grants=(
            ConsentGrant(
                item="operation",
                decision=Decision.GRANTED,
                decided_at=NOW + 300,
                available_until=NOW + 300 + 24 * 60 * 60 * 1000,
            ),
        ),
        patient_page=PatientLink(
            url="HTTPS://PAGE.EXAMPLE/R/0123456789ABCDEFGHJKMNPQRS",
            word="042917",
            until=NOW + 300 + 24 * 60 * 60 * 1000,
        ),
    )


def reader_key(**changes: bool | int) -> ReaderKey:
    values = {"not_before": NOW - 10**9, "not_after": NOW + 10**10, "revoked": False}
    values |= changes
    return ReaderKey(
        reader=READER,
        public=READER_SECRET.public_key(),
        not_before=int(values["not_before"]),
        not_after=int(values["not_after"]),
        revoked=bool(values["revoked"]),
    )


def other_key() -> ReaderKey:
    public = OTHER_SECRET.public_key()
    return ReaderKey(OTHER_READER, public, NOW - 10**9, NOW + 10**10)


def cloud_keys() -> CloudKeys:
    return CloudKeys(
        agreements=(X25519PrivateKey.from_private_bytes(CLOUD_AGREEMENT),),
        signing=CLOUD_SECRET,
        cache=SessionCache(64),
    )


@dataclass
class Wire:
    """Both ends, with everything that a test may want to change."""

    keys: CloudKeys = field(default_factory=cloud_keys)
    fleet: list[ReaderKey] = field(default_factory=lambda: [reader_key(), other_key()])
    signer: SoftwareSigner = field(
        default_factory=lambda: SoftwareSigner(READER_SECRET, repeatable=True)
    )

    def __post_init__(self) -> None:
        self.session = ReaderSession.begin(EPHEMERAL_SECRET, self.keys.public, NOW)

    def find(self, wanted: KeyId) -> ReaderKey | None:
        return next((key for key in self.fleet if key.key_id == wanted), None)

    def seal(self, message: bytes, sent_at_ms: int = NOW, iv: bytes = IV) -> bytes:
        return seal_request(
            message,
            session=self.session,
            reader_id=READER,
            signer=self.signer,
            sent_at_ms=sent_at_ms,
            iv=iv,
        )

    def open(
        self, sealed: bytes, topic: ReaderId = READER, now_ms: int = NOW
    ) -> Opened:
        return open_request(
            sealed, topic_reader=topic, keys=self.keys, readers=self.find, now_ms=now_ms
        )
