"""How the card's contents lie in its applications: files, secrets, keys, access.

A card without a signing certificate has none of its four files, as a child's card.
There is no individual number: its two files exist and nothing can ever open them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from device.card import jpki, visual
from device.simulated.card.contents import CardContents

PROFILE_AID = bytes.fromhex("D3921000310001010408")
SIGN_CERTIFICATE, SIGN_CA, SIGN_KEY, SIGN_PASSWORD = 0x0001, 0x0002, 0x001A, 0x001B
"""署名用: the product never touches them; other software on the same card does."""
PASSWORD_TRIES = 5
FILLER = b"\xff" * 64
"""Real files are longer than their object; what follows it is FF."""


@dataclass(frozen=True, slots=True)
class DataFile:
    content: bytes = field(repr=False)
    opened_by: frozenset[int] | None = None
    """Secrets any one of which opens it; None: free; empty: nothing does."""


@dataclass(frozen=True, slots=True)
class Secret:
    value: bytes | None = field(repr=False)
    """None: no value is right."""
    full: int
    left: int


@dataclass(frozen=True, slots=True)
class PrivateKey:
    der: bytes = field(repr=False)
    opened_by: frozenset[int] | None = None
    terminal: bool = False
    """A proven terminal may use it, too (特定機関認証)."""


Element = DataFile | Secret | PrivateKey


@dataclass(frozen=True, slots=True)
class Application:
    aid: bytes
    elements: Mapping[int, Element]
    own_key: PrivateKey | None = None
    """Signs for anybody with P2 00: how a reader tells a chip from its copy."""


def applications(card: CardContents) -> dict[bytes, Application]:
    """By AID. A phone has the JPKI application only, another kind of card none."""
    if not card.token_info:
        return {}
    found = [_jpki(card)]
    if card.card_face:
        found += [_visual(card), _profile(card)]
    return {one.aid: one for one in found}


def _jpki(card: CardContents) -> Application:
    pin = frozenset({jpki.AUTH_PIN})
    elements: dict[int, Element] = {
        jpki.TOKEN_INFO: DataFile(card.token_info),
        jpki.AUTH_CA: DataFile(card.ca_certificate + FILLER),
        jpki.TERMINAL_CA: DataFile(card.terminal_ca + FILLER),
        jpki.AUTH_PIN: Secret(card.pin, jpki.PIN_TRIES, card.pin_tries),
        jpki.AUTH_CERTIFICATE: DataFile(card.certificate + FILLER),
    }
    if card.certificate:
        key = PrivateKey(card.authentication_key, pin, terminal=True)
        elements[jpki.AUTH_KEY] = key
    if card.signing_certificate:
        elements |= _signing(card)
    return Application(jpki.AID, elements)


def _signing(card: CardContents) -> dict[int, Element]:
    """Certificate and key open with the password; the certificate names a person."""
    password = frozenset({SIGN_PASSWORD})
    return {
        SIGN_CERTIFICATE: DataFile(card.signing_certificate + FILLER, password),
        SIGN_CA: DataFile(card.signing_ca_certificate + FILLER),
        SIGN_KEY: PrivateKey(card.signing_key, password),
        SIGN_PASSWORD: Secret(card.password, PASSWORD_TRIES, card.password_tries),
    }


def _visual(card: CardContents) -> Application:
    birth, b, a = 0x0011, visual.NUMBER_B, 0x0013
    elements: dict[int, Element] = {
        0x0001: DataFile(FILLER, frozenset({birth})),
        visual.CARD_FACE: DataFile(card.card_face + FILLER, frozenset({a, b})),
        0x0003: DataFile(FILLER),
        visual.ISSUER_CERTIFICATE: DataFile(card.issuer_certificate + FILLER),
        0x0005: DataFile(FILLER, frozenset()),
        birth: Secret(card.birth_digits, 10, 10),
        b: Secret(card.number_b, visual.NUMBER_B_TRIES, visual.NUMBER_B_TRIES),
        a: Secret(None, 10, 10),
    }
    return Application(visual.AID, elements, PrivateKey(card.card_key))


def _profile(card: CardContents) -> Application:
    pin, a, b = 0x0011, 0x0014, 0x0015
    elements: dict[int, Element] = {
        0x0001: DataFile(FILLER, frozenset()),
        0x0002: DataFile(card.profile + FILLER, frozenset({pin, b})),
        pin: Secret(card.pin, 3, card.pin_tries),
        a: Secret(None, 10, 10),
        b: Secret(card.number_b, 10, 10),
    }
    return Application(PROFILE_AID, elements, PrivateKey(card.card_key))
