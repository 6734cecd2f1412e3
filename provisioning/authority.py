"""Certificate authorities: the fleet's own, and the test authority for cards.

Keys are made by the caller, so that a ceremony can make them elsewhere; time is an
argument. What the demo makes with this is throw-away and says so in its names.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AuthorityKey = EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and the key that signs below it."""

    certificate: x509.Certificate
    key: AuthorityKey


def found(
    name: str, key: AuthorityKey, *, now: datetime, lifetime: timedelta
) -> Authority:
    """A self-signed root with the name; path length 0: it issues leaves only."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _dated(now, lifetime)
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    return Authority(certificate, key)


def issue_client(
    authority: Authority,
    name: str,
    public_key: EllipticCurvePublicKey,
    *,
    now: datetime,
    lifetime: timedelta,
) -> x509.Certificate:
    """A TLS client certificate; `name` (CN) is what the broker calls the client."""
    return _leaf(
        authority, name, public_key, ExtendedKeyUsageOID.CLIENT_AUTH, now, lifetime
    ).sign(authority.key, hashes.SHA256())


def issue_server(
    authority: Authority,
    hosts: tuple[str, ...],
    public_key: EllipticCurvePublicKey,
    *,
    now: datetime,
    lifetime: timedelta,
) -> x509.Certificate:
    """A TLS server certificate for these names and addresses."""
    builder = _leaf(
        authority, hosts[0], public_key, ExtendedKeyUsageOID.SERVER_AUTH, now, lifetime
    )
    names = x509.SubjectAlternativeName([_host(host) for host in hosts])
    return builder.add_extension(names, critical=False).sign(
        authority.key, hashes.SHA256()
    )


def _leaf(
    authority: Authority,
    name: str,
    public_key: EllipticCurvePublicKey,
    purpose: x509.ObjectIdentifier,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    return (
        _dated(now, lifetime)
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(authority.certificate.subject)
        .public_key(public_key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                authority.key.public_key()
            ),
            critical=False,
        )
    )


def _dated(now: datetime, lifetime: timedelta) -> x509.CertificateBuilder:
    # Five minutes back: a reader whose clock is a little slow must accept it.
    return (
        x509.CertificateBuilder()
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + lifetime)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)
