"""Issue a fictitious card: a person, keys and a day in; what the card holds out."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from device.card.number_b import era_year, number_b
from device.simulated.card.contents import CardContents
from device.simulated.card.face_file import (
    Face,
    face_file,
    issuer_file,
    profile_file,
)
from device.simulated.card.printing import text_image

LIFETIME = timedelta(days=5 * 365)
"""Of the authentication certificate, to the fifth birthday on real cards."""
LEFT = timedelta(days=3 * 365)
_LABELS = {"card": b"JPKIAPICCTOKEN2", "phone": b"JPKIAPGPSETOKEN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person who does not exist, and how the card came out."""

    label: str
    name: str = field(repr=False)
    address: str = field(repr=False)
    birth: date = field(repr=False)
    sex: str
    expiry: date
    """Of the card; the year is part of 照合番号B."""
    security_code: str = field(repr=False)
    pin: str = field(repr=False)
    pin_tries: int = 3
    photo: bytes = field(repr=False)
    """JP2."""
    serial: int
    """Of the certificate; also its only name, as on real ones."""
    certificate_expired_days: int | None = None
    """Days since the certificate expired; None: it is good for three more years."""
    has_certificate: bool = True
    signing_password: str | None = field(repr=False, default=None)
    """6 to 16 of A-Z and 0-9; None: no signing certificate (children under 15)."""
    carrier: Literal["card", "phone"] = "card"

    @property
    def number_b(self) -> str:
        """照合番号B, as printed on this card."""
        return number_b(self.birth, self.expiry.year, self.security_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The fictitious authorities behind a set of test cards."""

    ca: x509.Certificate
    ca_key: RSAPrivateKey = field(repr=False)
    signing_ca: x509.Certificate
    """Another authority certifies signing keys, as in the real JPKI."""
    signing_ca_key: RSAPrivateKey = field(repr=False)
    photo_key: RSAPrivateKey = field(repr=False)
    """Certifies itself as the card issuer: two real keys in one."""
    terminal: EllipticCurvePublicKey
    """Who may prove to be a terminal on these cards."""

    @classmethod
    def found(cls, terminal: EllipticCurvePublicKey, now: datetime) -> "Issuer":
        """New throw-away authorities, older than any card they issue."""
        ca_key, signing_ca_key, photo_key = (
            generate_private_key(65537, 2048) for _ in range(3)
        )
        return cls(
            ca=_authority("Fictitious JPKI test CA", ca_key, now),
            ca_key=ca_key,
            signing_ca=_authority("Fictitious JPKI signing CA", signing_ca_key, now),
            signing_ca_key=signing_ca_key,
            photo_key=photo_key,
            terminal=terminal,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKeys:
    authentication: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)
    chip: RSAPrivateKey = field(repr=False)
    """Answers challenges; its public half stands in the signed card face."""
    signing: RSAPrivateKey = field(repr=False)
    """Unused on a card without a signing certificate."""

    @classmethod
    def generate(cls) -> "CardKeys":
        return cls(
            authentication=generate_private_key(65537, 2048),
            chip=generate_private_key(65537, 2048),
            signing=generate_private_key(65537, 2048),
        )


def issue(
    holder: Holder,
    keys: CardKeys,
    issuer: Issuer,
    now: datetime,
    font: Path | None = None,
) -> CardContents:
    """Everything on the card, signed. `font`: a file with Japanese letters."""
    phone = holder.carrier == "phone"
    certificate = authentication_certificate(holder, keys, issuer, now)
    b = holder.number_b
    contents = CardContents(
        label=holder.label,
        token_info=_LABELS[holder.carrier].ljust(32).ljust(160, b"\0"),
        certificate=certificate if holder.has_certificate else b"",
        ca_certificate=issuer.ca.public_bytes(Encoding.DER),
        authentication_key=_private(keys.authentication),
        terminal_ca=issuer.terminal.public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        ),
        pin=holder.pin.encode("ascii"),
        pin_tries=holder.pin_tries,
        number_b=b.encode("ascii"),
        birth_digits=f"{era_year(holder.birth):02}{holder.birth:%m%d}".encode(),
        card_face=b"" if phone else _face(holder, keys, issuer, font),
        issuer_certificate=issuer_file(
            issuer.photo_key.public_key(), _private(issuer.photo_key)
        ),
        card_key=_private(keys.chip),
        profile=profile_file(holder.name, holder.address, holder.birth, holder.sex),
    )
    if holder.signing_password is None:
        return contents
    return replace(
        contents,
        signing_certificate=signing_certificate(holder, keys, issuer, now),
        signing_ca_certificate=issuer.signing_ca.public_bytes(Encoding.DER),
        signing_key=_private(keys.signing),
        password=holder.signing_password.encode("ascii"),
    )


def authentication_certificate(
    holder: Holder, keys: CardKeys, issuer: Issuer, now: datetime
) -> bytes:
    """X.509 DER without the person's name in it, as JPKI's authentication ones."""
    public = keys.authentication.public_key()
    draft = _leaf(holder, public, now).issuer_name(issuer.ca.subject)
    draft = draft.add_extension(_usage(), critical=True)
    return draft.sign(issuer.ca_key, hashes.SHA256()).public_bytes(Encoding.DER)


def signing_certificate(
    holder: Holder, keys: CardKeys, issuer: Issuer, now: datetime
) -> bytes:
    """X.509 DER. The real ones carry name and address, too; this one does not."""
    public = keys.signing.public_key()
    draft = _leaf(holder, public, now).issuer_name(issuer.signing_ca.subject)
    draft = draft.add_extension(_usage(commits=True), critical=True)
    return draft.sign(issuer.signing_ca_key, hashes.SHA256()).public_bytes(Encoding.DER)


def _leaf(
    holder: Holder, public: RSAPublicKey | EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    expired = holder.certificate_expired_days
    end = now + LEFT if expired is None else now - timedelta(days=expired)
    subject = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fictitious JPKI test"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"{holder.serial:016X}"),
    ]
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name(subject))
        .public_key(public)
        .serial_number(holder.serial)
        .not_valid_before(end - LIFETIME)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
    )


def _authority(name: str, key: RSAPrivateKey, now: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - 2 * LIFETIME)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_usage(signs_certificates=True), True)
        .sign(key, hashes.SHA256())
    )


def _usage(*, signs_certificates: bool = False, commits: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=commits,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _face(holder: Holder, keys: CardKeys, issuer: Issuer, font: Path | None) -> bytes:
    face = Face(
        birth=holder.birth,
        expiry=holder.expiry,
        sex=holder.sex,
        name_image=text_image(holder.name, font),
        address_image=text_image(holder.address, font),
        code_image=text_image(holder.security_code, None),
        photo=holder.photo,
    )
    return face_file(face, keys.chip.public_key(), _private(issuer.photo_key))


def _private(key: RSAPrivateKey | EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
