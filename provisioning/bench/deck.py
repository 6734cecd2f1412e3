"""Fictitious cards with real keys, and what the registry knows of their holders."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cloud.registry.model import CertificateLink, LinkKind
from cloud.registry.service import Record
from cloud.seed import records
from provisioning.authority import Authority, found

KEYS = 48
LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Card:
    certificate: bytes
    key: rsa.RSAPrivateKey

    def sign(self, body: bytes) -> bytes:
        return self.key.sign(body, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Deck:
    authority: Authority
    cards: tuple[Card, ...]

    def holders(self, today: date) -> Iterator[Record]:
        """A fictitious person for every card, seeded apart from the others."""
        drawn = records(len(self.cards), seed=0, today=today)
        for card, record in zip(self.cards, drawn, strict=True):
            digest = hashlib.sha256(card.certificate).digest()
            link = CertificateLink(LinkKind.CERTIFICATE, digest)
            yield Record(digest, record.person, (link,))


def deal(count: int, now: datetime) -> Deck:
    """`count` cards that share 48 RSA-2048 keys: making a key takes 100 ms."""
    keys = [_key() for _ in range(KEYS)]
    authority = found("Bench JPKI CA (throw-away)", _key(), now=now, lifetime=LIFETIME)
    cards = tuple(
        _card(authority, keys[number % KEYS], number, now) for number in range(count)
    )
    return Deck(authority, cards)


def _card(
    authority: Authority, key: rsa.RSAPrivateKey, number: int, now: datetime
) -> Card:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"BENCH{number:09}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority.certificate.subject)
        .serial_number(number + 1)
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME / 2)
        .public_key(key.public_key())
        .add_extension(_USAGE, critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    return Card(certificate.public_bytes(Encoding.DER), key)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


_USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
