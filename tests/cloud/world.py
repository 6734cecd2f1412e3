"""A small world for the cloud's tests: a card authority, cards, a reader, a cloud.

Real keys and certificates, fixed time, no network.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cloud.access.certificate import CardAuthorities
from cloud.adapters.memory import (
    MemoryFacilities,
    MemoryLedger,
    MemoryRegistry,
)
from cloud.adapters.memory_accounts import MemoryAccounts
from cloud.adapters.memory_audit import MemoryAudit
from cloud.adapters.memory_bulk import MemoryBulk
from cloud.adapters.memory_changes import MemoryLastSeen
from cloud.adapters.memory_consents import MemoryConsents
from cloud.adapters.memory_eligibility import MemoryEligibility
from cloud.adapters.memory_life import MemoryLife
from cloud.adapters.memory_modes import MemoryModes
from cloud.adapters.memory_page import MemoryPage
from cloud.adapters.memory_records import MemoryRecords
from cloud.adapters.memory_references import MemoryReferences
from cloud.facilities.model import Policy, Reader
from cloud.intake.line import Arrival
from cloud.intake.listener import Listener
from cloud.main import Stores, listener
from cloud.registry.model import CertificateLink, Insurance, LinkKind, Person
from cloud.registry.service import Record
from protocol import topics
from protocol.codec import decode_answer, encode
from protocol.codes import CareKind, Method, Relationship, Sex, TerminalProof
from protocol.envelope import (
    CloudKeys,
    ReaderSession,
    SessionCache,
    open_answer,
    seal_request,
)
from protocol.ids import FacilityCode, ReaderId, RequestId, uuid7
from protocol.keys import SoftwareSigner, key_id, spki
from protocol.messages import (
    Answer,
    FaceEvidence,
    StaffEvidence,
    VerificationBody,
    VerificationRequest,
)
from protocol.notice import Notice, is_notice, open_notice

NOON = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
"""12:00 on 15 June 2026 in Japan."""
TODAY = date(2026, 6, 15)
FACILITY = FacilityCode("1310000008")
READER = ReaderId("reader-one")
DAY_MS = 24 * 60 * 60 * 1000
AUDIT_SECRET = bytes(range(32))
_numbers = count(1)


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def request_id(at_ms: int) -> RequestId:
    return RequestId(uuid7(at_ms, next(_numbers).to_bytes(10, "big")))


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key per name and run: RSA keys are slow to make."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def authority(
    name: str = "Test JPKI CA",
    *,
    key: str = "ca",
    start: datetime = NOON - timedelta(days=3650),
    end: datetime = NOON + timedelta(days=3650),
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(end)
        .public_key(rsa_key(key).public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs=False, certifies=True), critical=True)
        .sign(rsa_key(key), hashes.SHA256())
    )


def usage(
    *, signs: bool = True, certifies: bool = False, commits: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=commits,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Card:
    """The authentication certificate and its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def link(self) -> CertificateLink:
        digest = hashlib.sha256(self.der).digest()
        return CertificateLink(LinkKind.CERTIFICATE, digest)

    def sign(self, body: bytes) -> bytes:
        return self.key.sign(body, padding.PKCS1v15(), hashes.SHA256())


def card(
    *,
    ends: datetime = NOON + timedelta(days=400),
    starts: datetime = NOON - timedelta(days=1400),
    key: str = "card",
    ca: str = "Test JPKI CA",
    ca_key: str = "ca",
    key_usage: x509.KeyUsage | None = None,
) -> Card:
    own = rsa_key(key)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ca)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "00000000000000T")])
        )
        .issuer_name(issuer)
        .serial_number(next(_numbers))
        .not_valid_before(starts)
        .not_valid_after(ends)
        .public_key(own.public_key())
        .add_extension(key_usage or usage(), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False
        )
        .sign(rsa_key(ca_key), hashes.SHA256())
    )
    return Card(certificate, own)


def insurance(
    starts: date = date(2025, 4, 1), ends: date | None = None, **more: object
) -> Insurance:
    values: dict[str, object] = {
        "card_classification": "01",
        "insurer_number": "99130015",
        "insurer_name": "架空健康保険組合13",
        "relationship": Relationship.INSURED,
        "valid_from": starts,
        "valid_until": ends,
        "number": "1",
        "copayment_ratio": "030",
    }
    return Insurance(**{**values, **more})  # type: ignore[arg-type]


def person(
    *,
    born: date = date(1970, 1, 2),
    registered: bool = True,
    hold: bool = False,
    insurances: tuple[Insurance, ...] | None = None,
) -> Person:
    return Person(
        "試験　花子",
        "シケン　ハナコ",
        Sex.FEMALE,
        born,
        "架空県見本市1",
        "000-0000",
        registered,
        hold,
        (insurance(),) if insurances is None else insurances,
    )


@dataclass
class Box:
    """A reader as the cloud's tests need it: seals questions, opens answers."""

    cloud: CloudKeys
    name: ReaderId = READER
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    session: ReaderSession = field(init=False)

    def __post_init__(self) -> None:
        self.session = self._session(ms(NOON))

    def _session(self, at_ms: int) -> ReaderSession:
        seed = hashlib.sha256(f"{self.name} {at_ms}".encode()).digest()
        return ReaderSession.begin(seed, self.cloud.public, at_ms)

    @property
    def enrolled(self) -> Reader:
        public = self.key.public_key()
        return Reader(self.name, FACILITY, key_id(public), spki(public), b"")

    def seal(self, message: bytes, at_ms: int) -> bytes:
        if self.session.expired(at_ms):
            self.session = self._session(at_ms)
        return seal_request(
            message,
            session=self.session,
            reader_id=self.name,
            signer=SoftwareSigner(self.key),
            sent_at_ms=at_ms,
            iv=next(_numbers).to_bytes(12, "big"),
        )

    def open(self, sealed: bytes, at_ms: int) -> Answer | Notice:
        if is_notice(sealed):
            return open_notice(
                sealed, reader_id=self.name, cloud=self.cloud.public, now_ms=at_ms
            )
        message = open_answer(
            sealed,
            session=self.session,
            reader_id=self.name,
            cloud=self.cloud.public,
            now_ms=at_ms,
        )
        return decode_answer(message)


class DeskLine:
    """A line without a network: remembers what left, in order."""

    def __init__(self) -> None:
        self.waiting: list[Arrival] = []
        self.left: list[tuple[str, bytes]] = []
        self.acknowledged: list[int] = []
        self.flushed = 0

    def receive(self, timeout_s: float, limit: int) -> list[Arrival]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return taken

    def publish(self, topic: str, payload: bytes) -> None:
        self.left.append((topic, payload))

    def acknowledge(self, arrival: Arrival) -> None:
        self.acknowledged.append(arrival.ticket)

    def flush(self) -> None:
        self.flushed += 1


def memory_stores() -> Stores:
    registry, consents = MemoryRegistry(), MemoryConsents()
    eligibility, facilities = MemoryEligibility(), MemoryFacilities()
    audit = MemoryAudit(AUDIT_SECRET)
    page = MemoryPage(consents)
    ledger = MemoryLedger(registry, consents, eligibility, audit, page)
    return Stores(
        registry,
        facilities,
        consents,
        eligibility,
        ledger,
        MemoryRecords(),
        audit,
        changes=MemoryLastSeen(),
        bulk=MemoryBulk(registry, consents, eligibility, audit),
        life=MemoryLife(),
        accounts=MemoryAccounts(),
        references=MemoryReferences(),
        modes=MemoryModes(registry, facilities, consents, eligibility, audit),
        page=page,
    )


def cloud_keys() -> CloudKeys:
    return CloudKeys(
        agreements=(X25519PrivateKey.generate(),),
        signing=ec.generate_private_key(ec.SECP256R1()),
        cache=SessionCache(),
    )


@dataclass
class World:
    """One cloud over some stores, and one reader in front of it."""

    stores: Stores = field(default_factory=memory_stores)
    policy: Policy = field(default_factory=Policy)
    now: int = ms(NOON)
    keys: CloudKeys = field(default_factory=cloud_keys)
    line: DeskLine = field(default_factory=DeskLine)
    box: Box = field(init=False)
    listener: Listener = field(init=False)

    def __post_init__(self) -> None:
        self.box = Box(self.keys)
        self.stores.facilities.put_readers([self.box.enrolled])
        self.listener = listener(
            self.stores,
            self.line,
            keys=self.keys,
            authorities=CardAuthorities([authority()]),
            policy=self.policy,
            clock=lambda: self.now,
            random=lambda size: next(_numbers).to_bytes(size, "big"),
        )

    def knows(self, who: Person, *cards: Card) -> None:
        links = tuple(one.link for one in cards)
        reference = links[0].value if links else b"without a card"
        self.stores.registry.put([Record(reference, who, links)])

    # -- questions -----------------------------------------------------------------
    def asked(self, **changes: object) -> dict[str, object]:
        """The fields of every question, as of now."""
        return {
            "request_id": request_id(self.now),
            "visit_id": request_id(self.now),
            "reader_id": self.box.name,
            "issued_at": self.now,
            "expires_at": self.now + 60_000,
            **changes,
        }

    def verification(self, by: Card, **changes: object) -> VerificationRequest:
        return signed(by, body(by, **self.asked(**changes)))

    # -- answers -------------------------------------------------------------------
    def ask(self, question: object) -> Answer | Notice:
        """Seal, serve alone, open the one answer."""
        return self.send(self.box.seal(encode(question), self.now))  # type: ignore[arg-type]

    def send(self, *sealed: bytes) -> Answer | Notice:
        """Serve these as one batch; the last answer."""
        self.serve(*sealed)
        _, payload = self.line.left[-1]
        return self.box.open(payload, self.now)

    def serve(self, *sealed: bytes) -> None:
        topic = topics.request(self.box.name)
        arrivals = [Arrival(topic, one, number) for number, one in enumerate(sealed)]
        self.listener.serve(arrivals)

    def opened(self) -> list[Answer | Notice]:
        return [self.box.open(payload, self.now) for _, payload in self.line.left]


def body(by: Card, **fields: object) -> VerificationBody:
    values: dict[str, object] = {
        "method": Method.PIN,
        "terminal": TerminalProof.NONE,
        "care": CareKind.OUTPATIENT,
        "token": "card",
        "certificate": by.der,
        **fields,
    }
    return VerificationBody(**values)  # type: ignore[arg-type]


def signed(by: Card, what: VerificationBody) -> VerificationRequest:
    content = encode(what)
    return VerificationRequest(body=content, card_signature=by.sign(content))


FACE = FaceEvidence(pack="pack", rule="rule", mode="auto", matched=True)
STAFF = StaffEvidence(staff="s-1", reason="camera broken")
