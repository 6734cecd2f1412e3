"""A facility's client certificates: whose, from when, until when; and their notices.

A fingerprint is the SHA-256 of the certificate (DER). Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from cloud.facilities.day import day_of, midnight
from protocol.ids import FacilityCode

FINGERPRINT_BYTES: Final = 32
NOTICE_DAYS: Final = (90, 60, 30, 15, 7, 6, 5, 4, 3, 2, 1, 0)
"""Days left; from seven on every day, 0 is its last one (MPKI, domain 2.7)."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    fingerprint: bytes
    facility: FacilityCode
    not_before: int
    not_after: int
    """Unix ms; it is good up to and with this moment (RFC 5280 4.1.2.5)."""
    registered_at: int
    revoked_at: int | None = None
    """From then on it is refused; may be planned, while a new one is brought in."""

    def living(self, now_ms: int) -> bool:
        revoked = self.revoked_at is not None and self.revoked_at <= now_ms
        return self.not_before <= now_ms <= self.not_after and not revoked

    def days_left(self, today: date) -> int:
        """Until its last day in Japan; negative when that is over."""
        return (day_of(self.not_after) - today).days


@dataclass(frozen=True, slots=True)
class ExpiryNotice:
    """It ends in so many days. Each number of days is told once."""

    facility: FacilityCode
    fingerprint: bytes
    days: int
    at: int


def read(data: bytes, facility: FacilityCode, now_ms: int) -> ClientCertificate:
    """From a certificate's file, PEM or DER. Raises ValueError."""
    pem = data.lstrip().startswith(b"-----BEGIN")
    load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
    try:
        found = load(data)
    except ValueError as error:
        raise ValueError("not a readable certificate (PEM or DER)") from error
    return ClientCertificate(
        found.fingerprint(SHA256()),
        facility,
        int(found.not_valid_before_utc.timestamp()) * 1000,
        # It names the last second: all of it counts.
        int(found.not_valid_after_utc.timestamp()) * 1000 + 999,
        now_ms,
    )


@dataclass(frozen=True, slots=True)
class Band:
    """Certificates that end between the two (Unix ms) are told of by these days."""

    days: int
    begins: int
    ends: int
    """The first moment that is no more in it."""


def bands(now_ms: int) -> Iterator[Band]:
    """Of every step the certificates for which it is the most urgent one reached.

    They do not overlap: a step that was slept through is not told any more, a later
    one says it better.
    """
    today = day_of(now_ms)
    for days, nearer in zip(NOTICE_DAYS, (*NOTICE_DAYS[1:], -1), strict=True):
        begins = midnight(today + timedelta(days=nearer + 1))
        yield Band(days, begins, midnight(today + timedelta(days=days + 1)))
