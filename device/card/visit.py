"""The four dialogs of a visit. Each stands alone: it selects what it needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card import card_face, jpki, number_b, visual
from device.card.algorithms import Algorithm
from device.card.apdu import Dialog
from device.card.terminal import TerminalAuthenticator

KEEP_TRIES = 3
"""Tries of 照合番号B that stay with the patient; using them is a person's decision."""


@dataclass(frozen=True, slots=True)
class CardIdentity:
    token: Literal["card", "phone"]
    tries_left: int
    """Of the authentication PIN, 0 (blocked) to 3."""
    certificate: bytes = field(repr=False)
    """X.509 DER, as read; nothing about it has been checked."""


@dataclass(frozen=True, slots=True)
class CardPhoto:
    """A photo that the issuer signed, from the chip it was issued on."""

    jp2: bytes = field(repr=False)
    birth: date = field(repr=False)
    expiry: date
    """As the card says it; the issuer's signature does not cover this one."""


def identify() -> Dialog[CardIdentity]:
    """Raises NotMyNumberCardError, NoCertificateError, MalformedCardError."""
    yield from jpki.select()
    token = yield from jpki.token()
    tries = yield from jpki.pin_tries()
    certificate = yield from jpki.certificate()
    kind: Literal["card", "phone"] = "card" if token is jpki.Token.CARD else "phone"
    return CardIdentity(kind, tries, certificate)


def read_photo(
    number: str,
    challenge: bytes,
    issuer_keys: Sequence[RSAPublicKey],
    keep_tries: int = KEEP_TRIES,
) -> Dialog[CardPhoto]:
    """Open with 照合番号B, read, and believe only what was signed.

    `challenge`: fresh random bytes, 16 at least. `issuer_keys`: the keys that certify
    card issuers. Raises ValueError before the card hears anything, then
    VerificationNumberError, PhotoNotAuthenticError, MalformedCardError.
    """
    digits = number_b.check(number)
    if len(challenge) < 16:
        raise ValueError("a challenge has 16 bytes at least")
    yield from visual.open_with(digits, keep_tries)
    face = card_face.parse_face((yield from visual.card_face()))
    issuer = card_face.parse_issuer_certificate(
        (yield from visual.issuer_certificate())
    )
    answer = yield from visual.answer_challenge(challenge)
    card_face.check_photo(face, issuer, issuer_keys)
    card_face.check_not_copied(face, challenge, answer)
    return CardPhoto(face.photo, face.birth, face.expiry)


def sign_with_pin(
    pin: bytearray, digest: bytes, algorithm: Algorithm = Algorithm.RSA_SHA256
) -> Dialog[bytes]:
    """The authentication key's signature over `digest`, as `algorithm` has it.

    `algorithm_of(certificate)` (algorithms.py) names the one of a card.

    The PIN is in exactly one command. Whoever made the bytearray zeroes it. Raises
    WrongPinError, PinBlockedError; ValueError for what is no PIN, before sending.
    """
    return (yield from jpki.sign_with_pin(bytes(pin), digest, algorithm))


def sign_with_terminal(
    authenticator: TerminalAuthenticator,
    digest: bytes,
    algorithm: Algorithm = Algorithm.RSA_SHA256,
) -> Dialog[bytes]:
    """The same signature without a PIN. Raises TerminalRefusedError."""
    return (yield from jpki.sign_with_terminal(authenticator, digest, algorithm))
