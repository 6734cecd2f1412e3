"""The card's certificate: whose authority signed it, and how long it is good.

Pure: the time is an argument. What was found about one certificate stays true, so
it is remembered by the certificate's SHA-256 (the chain costs 100 us, a digest 1).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import ExtensionOID

MINIMUM_KEY_BITS = 2048
REMEMBERED = 8192
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.KEY_USAGE,
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
    }
)
_PKCS1 = padding.PKCS1v15()
_SHA256 = hashes.SHA256()


class ChainError(Exception):
    """The certificate is not one that our authorities issue to cards."""


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """A certificate whose chain holds; whether it has expired is not said here."""

    fingerprint: bytes
    subject_key: bytes | None
    public_key: RSAPublicKey
    not_before: datetime
    not_after: datetime
    authority_until: datetime

    def signed(self, signature: bytes, message: bytes) -> bool:
        """RSA PKCS#1 v1.5 over SHA-256(message), the form the card makes."""
        try:
            self.public_key.verify(signature, message, _PKCS1, _SHA256)
        except InvalidSignature:
            return False
        return True


class CardAuthorities:
    """The configured JPKI authorities for user authentication."""

    def __init__(self, certificates: Iterable[x509.Certificate]) -> None:
        self._by_name: dict[bytes, list[x509.Certificate]] = {}
        for certificate in certificates:
            name = certificate.subject.public_bytes()
            self._by_name.setdefault(name, []).append(_authority(certificate))
        self._seen: dict[bytes, CardCertificate] = {}

    def open(self, der: bytes, now: datetime) -> CardCertificate:
        """Check the chain and the purpose. Raises ChainError."""
        fingerprint = hashlib.sha256(der).digest()
        found = self._seen.get(fingerprint)
        if found is None:
            found = self._check(der, fingerprint, now)
            if len(self._seen) >= REMEMBERED:
                self._seen.pop(next(iter(self._seen)))
            self._seen[fingerprint] = found
        if now < found.not_before:
            raise ChainError("not valid yet")
        if min(now, found.not_after) > found.authority_until:
            raise ChainError("its authority has expired")
        return found

    def _check(self, der: bytes, fingerprint: bytes, now: datetime) -> CardCertificate:
        try:
            leaf = x509.load_der_x509_certificate(der)
            extensions = leaf.extensions
        except (ValueError, x509.DuplicateExtension) as error:
            raise ChainError("not a certificate") from error
        expiry = leaf.not_valid_after_utc
        issuer = self._issuer(leaf, min(now, expiry))
        if issuer is None:
            raise ChainError("no trusted authority signed it")
        public_key = _for_authentication(leaf, extensions)
        return CardCertificate(
            fingerprint,
            _subject_key(extensions),
            public_key,
            leaf.not_valid_before_utc,
            expiry,
            issuer.not_valid_after_utc,
        )

    def _issuer(
        self, leaf: x509.Certificate, moment: datetime
    ) -> x509.Certificate | None:
        for authority in self._by_name.get(leaf.issuer.public_bytes(), ()):
            start = authority.not_valid_before_utc
            if not start <= moment <= authority.not_valid_after_utc:
                continue
            try:
                leaf.verify_directly_issued_by(authority)
            except (ValueError, TypeError, InvalidSignature):
                continue
            return authority
        return None


def _authority(certificate: x509.Certificate) -> x509.Certificate:
    """Raises ValueError unless the certificate may sign others."""
    try:
        constraints = certificate.extensions.get_extension_for_class(
            x509.BasicConstraints
        ).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise ValueError("a card authority says that it is one") from error
    if not (constraints.ca and usage.key_cert_sign):
        raise ValueError("not a certificate that may sign others")
    return certificate


def _for_authentication(
    leaf: x509.Certificate, extensions: x509.Extensions
) -> RSAPublicKey:
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise ChainError("no key usage") from error
    # The signature certificate of the same card carries content_commitment: its
    # PIN is another one, and it is never asked for here.
    if not usage.digital_signature or usage.content_commitment or usage.key_cert_sign:
        raise ChainError("not for authentication")
    if any(item.critical and item.oid not in _UNDERSTOOD for item in extensions):
        raise ChainError("a critical extension that we do not understand")
    if _is_authority(extensions):
        raise ChainError("an authority is not a card")
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < MINIMUM_KEY_BITS:
        raise ChainError("not an RSA key of 2048 bits or more")
    return key


def _is_authority(extensions: x509.Extensions) -> bool:
    try:
        return extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _subject_key(extensions: x509.Extensions) -> bytes | None:
    try:
        found = extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return None
    return found.value.digest


def moment(unix_ms: int) -> datetime:
    """Aware UTC."""
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
