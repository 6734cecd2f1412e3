"""FICTITIOUS 特定機関認証: a stand-in handshake between virtual card and test terminal.

Only its first command resembles the real one (80 A2 00 C1, checked against EF 0016).
How real terminals prove themselves is known to designated bodies only; no real card
accepts any of this, and no key here is worth anything.

    80 A2 00 C1  certificate: terminal key (65 B, P-256 point) || authority's signature
    00 84 00 00  challenge, 32 B
    00 82 00 00  the terminal's signature over LABEL || challenge
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from device.card import iso
from device.card.apdu import Command, Dialog, Response
from device.card.status_words import (
    CONDITIONS,
    OK,
    SECURITY_NOT_SATISFIED,
    WRONG_DATA,
    WRONG_LENGTH,
    WRONG_P1_P2,
)
from protocol.codes import TerminalProof

LABEL = b"SHIKAKU FICTITIOUS TERMINAL PROOF"
_POINT = 65
_CHALLENGE = 32
_ECDSA = ec.ECDSA(SHA256())


@dataclass(frozen=True, slots=True)
class FictitiousTerminal:
    """A TerminalAuthenticator that virtual cards accept, and no other card."""

    key: bytes = field(repr=False)
    """PKCS#8 DER, P-256."""
    certificate: bytes = field(repr=False)

    @classmethod
    def of(cls, key: ec.EllipticCurvePrivateKey) -> "FictitiousTerminal":
        """A terminal that is its own authority, for cards issued to trust `key`."""
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return cls(der, certify_terminal(key, key.public_key()))

    @property
    def proof(self) -> TerminalProof:
        return TerminalProof.FICTITIOUS

    def authenticate(self) -> Dialog[None]:
        yield from iso.demand(Command(0x80, 0xA2, 0x00, 0xC1, self.certificate))
        challenge = yield from iso.demand(Command(0x00, 0x84, le=_CHALLENGE))
        signature = _private(self.key).sign(LABEL + challenge, _ECDSA)
        yield from iso.demand(Command(0x00, 0x82, data=signature, once=True))


def certify_terminal(
    authority: ec.EllipticCurvePrivateKey, terminal: ec.EllipticCurvePublicKey
) -> bytes:
    point = _point(terminal)
    return point + authority.sign(LABEL + point, _ECDSA)


class TerminalCheck:
    """The card's half; lives for one field."""

    def __init__(self, authority: bytes, random: Callable[[int], bytes]) -> None:
        self.proven = False
        self._authority = authority
        self._random = random
        self._terminal: ec.EllipticCurvePublicKey | None = None
        self._challenge = b""

    def answer(self, command: Command) -> Response:
        match command.ins:
            case 0xA2:
                return Response(b"", self._certificate(command))
            case 0x84:
                return self._ask(command)
            case _:
                return Response(b"", self._proof(command))

    def _certificate(self, command: Command) -> int:
        self.proven, self._terminal, self._challenge = False, None, b""
        if (command.p1, command.p2) != (0x00, 0xC1):
            return WRONG_P1_P2
        point, signature = command.data[:_POINT], command.data[_POINT:]
        if not _good(_public(self._authority), LABEL + point, signature):
            return WRONG_DATA
        self._terminal = ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), point
        )
        return OK

    def _ask(self, command: Command) -> Response:
        if command.le != _CHALLENGE:
            return Response(b"", WRONG_LENGTH)
        self._challenge = self._random(_CHALLENGE)
        return Response(self._challenge, OK)

    def _proof(self, command: Command) -> int:
        challenge, self._challenge = self._challenge, b""
        if self._terminal is None or not challenge:
            return CONDITIONS
        self.proven = _good(self._terminal, LABEL + challenge, command.data)
        return OK if self.proven else SECURITY_NOT_SATISFIED


def _good(key: ec.EllipticCurvePublicKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, message, _ECDSA)
    except InvalidSignature:
        return False
    return True


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _public(der: bytes) -> ec.EllipticCurvePublicKey:
    key = load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("the terminal authority's key is P-256")
    return key


def _private(der: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_der_private_key(der, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a terminal's key is P-256")
    return key
