"""What a technician may see of the card on the reader, and nothing else.

No serial, no subject, no number: the authentication certificate carries no name, so
there are no initials to mask either, and the PIN is neither asked for nor tried.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card.errors import MalformedCardError
from device.card.visit import CardIdentity

NAME = "not on this certificate"
_LONGEST_ISSUER = 200


@dataclass(frozen=True, slots=True)
class Shown:
    transport: str
    token: Literal["card", "phone"]
    name: str
    """The holder's, masked; today's certificates have none."""
    valid_from: str
    valid_until: str
    """YYYY-MM-DD, UTC."""
    valid_now: bool
    pin_tries_left: int
    key: str
    issuer: str

    def lines(self) -> tuple[str, ...]:
        state = "valid" if self.valid_now else "NOT VALID NOW"
        tries = f"{self.pin_tries_left}" if self.pin_tries_left else "0, blocked"
        return (
            f"transport    {self.transport}",
            f"token        {self.token}",
            f"name         {self.name}",
            f"certificate  {self.valid_from} to {self.valid_until}, {state}",
            f"issuer       {self.issuer}",
            f"key          {self.key}",
            f"PIN tries    {tries}",
        )


def shown(transport: str, found: CardIdentity, now: datetime) -> Shown:
    """Raises MalformedCardError for what is no certificate."""
    try:
        certificate = x509.load_der_x509_certificate(found.certificate)
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        return Shown(
            transport=transport,
            token=found.token,
            name=NAME,
            valid_from=f"{start:%Y-%m-%d}",
            valid_until=f"{end:%Y-%m-%d}",
            valid_now=start <= now <= end,
            pin_tries_left=found.tries_left,
            key=_key(certificate),
            issuer=_printable(certificate.issuer.rfc4514_string()),
        )
    except ValueError as error:
        # The parser's own words may quote the certificate.
        raise MalformedCardError("EF 000A holds no X.509 certificate") from error


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm:
        return "of a kind this reader does not know"
    match key:
        case RSAPublicKey():
            return f"RSA, {key.key_size} bits"
        case EllipticCurvePublicKey():
            return f"EC {key.curve.name}, {key.key_size} bits"
        case _:
            return "of a kind this reader does not know"


def _printable(text: str) -> str:
    """A card may be anybody's: nothing it says moves the terminal's cursor."""
    clean = "".join(one if one.isprintable() else "?" for one in text)
    return clean[:_LONGEST_ISSUER]
