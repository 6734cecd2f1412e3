"""A facility's client certificates: whose, from when, until when; and their notices.

A fingerprint is the SHA-256 of the certificate (DER). Pure.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from cloud.facilities.day import day_of
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


def due(
    certificates: Iterable[ClientCertificate],
    told: Collection[tuple[bytes, int]],
    now_ms: int,
) -> Iterator[ExpiryNotice]:
    """What is to be told now: of each certificate the most urgent step that was not.

    Steps that were slept through are not told any more; a later one says it better.
    `told` has (fingerprint, days). One that is revoked or planned to be has been
    dealt with.
    """
    today = day_of(now_ms)
    for one in certificates:
        left = one.days_left(today)
        if one.revoked_at is not None or not one.living(now_ms):
            continue
        reached = [days for days in NOTICE_DAYS if left <= days]
        if reached and (one.fingerprint, reached[-1]) not in told:
            yield ExpiryNotice(one.facility, one.fingerprint, reached[-1], now_ms)
