"""公的個人認証AP: the authentication certificate, its PIN and its key."""

from enum import Enum

from device.card import iso, tlv
from device.card.algorithms import Algorithm, to_be_signed
from device.card.apdu import Dialog
from device.card.errors import (
    CardRefusedError,
    MalformedCardError,
    NoCertificateError,
    NotMyNumberCardError,
    PinBlockedError,
    TerminalRefusedError,
    WrongPinError,
)
from device.card.long_reads import CHUNK
from device.card.status_words import NOT_FOUND
from device.card.terminal import TerminalAuthenticator

AID = bytes.fromhex("D392F000260100000001")
TOKEN_INFO = 0x0006
AUTH_CERTIFICATE = 0x000A
AUTH_CA = 0x000B
TERMINAL_CA = 0x0016
AUTH_KEY = 0x0017
AUTH_PIN = 0x0018
PIN_TRIES = 3
SELECTED_KEY = 0x80


class Token(Enum):
    """What carries the certificate, by the label of EF 0006."""

    CARD = "card"
    PHONE = "phone"


_LABELS = {
    b"JPKIAPICCTOKEN2": Token.CARD,
    b"JPKIAPGPSETOKEN": Token.PHONE,
    b"JPKIAPIOSTOKEN": Token.PHONE,
}
"""JPKIAPICCTOKEN, without the 2, is the old 住基カード: no longer accepted."""


def select() -> Dialog[None]:
    """Raises NotMyNumberCardError, whatever word a foreign card finds for it."""
    try:
        yield from iso.select_application(AID)
    except CardRefusedError as refused:
        raise NotMyNumberCardError(f"SW={refused.sw:04X}") from refused


def token() -> Dialog[Token]:
    try:
        yield from iso.select_file(TOKEN_INFO)
    except CardRefusedError as refused:
        raise NotMyNumberCardError("no token information") from refused
    label = (yield from iso.read_start(32)).rstrip(b" \0\xff")
    if label not in _LABELS:
        raise NotMyNumberCardError("unknown token")
    return _LABELS[label]


def pin_tries() -> Dialog[int]:
    """Tries left of the authentication PIN, 0 to 3; spends none."""
    yield from _select_or_none(AUTH_PIN)
    return (yield from iso.tries(PIN_TRIES))


def certificate() -> Dialog[bytes]:
    """The authentication certificate (X.509 DER). Raises NoCertificateError."""
    yield from _select_or_none(AUTH_CERTIFICATE)
    der = yield from iso.read_object(first=CHUNK)
    if not der:
        raise NoCertificateError("the file is empty")
    if tlv.header(der).tag != 0x30:
        raise MalformedCardError("EF 000A holds no certificate")
    return der


def sign_with_pin(
    pin: bytes, digest: bytes, algorithm: Algorithm = Algorithm.RSA_SHA256
) -> Dialog[bytes]:
    """VERIFY and at once the signature. Raises WrongPinError, PinBlockedError."""
    if not (len(pin) == 4 and pin.isdigit()):
        raise ValueError("the authentication PIN has four digits")
    data = to_be_signed(algorithm, digest)
    yield from select()
    yield from _select_or_none(AUTH_PIN)
    left = yield from iso.verify(pin)
    if left is not None:
        raise WrongPinError(left) if left else PinBlockedError()
    yield from _select_or_none(AUTH_KEY)
    return (yield from iso.compute_signature(data, SELECTED_KEY))


def sign_with_terminal(
    authenticator: TerminalAuthenticator,
    digest: bytes,
    algorithm: Algorithm = Algorithm.RSA_SHA256,
) -> Dialog[bytes]:
    """The signature after 特定機関認証. Raises TerminalRefusedError."""
    data = to_be_signed(algorithm, digest)
    yield from select()
    try:
        yield from authenticator.authenticate()
        yield from _select_or_none(AUTH_KEY)
        return (yield from iso.compute_signature(data, SELECTED_KEY))
    except CardRefusedError as refused:
        raise TerminalRefusedError(refused.sw) from refused


def _select_or_none(ef: int) -> Dialog[None]:
    try:
        yield from iso.select_file(ef)
    except CardRefusedError as refused:
        if refused.sw != NOT_FOUND:
            raise
        raise NoCertificateError(f"no EF {ef:04X}") from refused
