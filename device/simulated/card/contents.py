"""Everything one fictitious card holds, and its file.

The file carries throw-away private keys of a person who does not exist. It says so in
its first bytes, is readable by its owner only, and no real card can be put into one.
"""

import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import cbor2

HEADER = b"SHIKAKU FICTITIOUS TEST CARD - NOT A REAL MY NUMBER CARD\n"
SUFFIX = ".card"


class ContentsError(ValueError):
    """A file that is not one of our test cards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContents:
    """Immutable; counters and security status live in VirtualCard."""

    label: str
    """Whose card the tray shows, e.g. a persona's id."""
    token_info: bytes
    """EF 0006, 160 bytes."""
    certificate: bytes = field(repr=False)
    """Authentication certificate, X.509 DER; empty: the card has none."""
    ca_certificate: bytes = field(repr=False)
    authentication_key: bytes = field(repr=False)
    """PKCS#8 DER, RSA-2048."""
    terminal_ca: bytes = field(repr=False)
    """EF 0016: public key of the fictitious terminal authority (SPKI DER, P-256)."""
    pin: bytes = field(repr=False)
    pin_tries: int = 3
    """Tries left when the card is first put on a reader."""
    number_b: bytes = field(repr=False)
    birth_digits: bytes = field(repr=False)
    """Key 0011 of the visual application: YYMMDD, era year."""
    card_face: bytes = field(repr=False)
    """EF 0002 of the visual application; empty: no card face (a phone)."""
    issuer_certificate: bytes = field(repr=False)
    """EF 0004: card-verifiable certificate of the issuer."""
    card_key: bytes = field(repr=False)
    """PKCS#8 DER of the key that answers challenges without a PIN."""
    profile: bytes = field(repr=False)
    """EF 0002 of the profile application: name, address, birth date, sex."""
    signing_certificate: bytes = field(repr=False, default=b"")
    """EF 0001; empty: the card has none, nor key and password (a child's card)."""
    signing_ca_certificate: bytes = field(repr=False, default=b"")
    signing_key: bytes = field(repr=False, default=b"")
    """PKCS#8 DER, RSA-2048."""
    password: bytes = field(repr=False, default=b"")
    """Of the signing key: 6 to 16 of A-Z and 0-9, upper case only."""
    password_tries: int = 5

    def to_bytes(self) -> bytes:
        return HEADER + cbor2.dumps(asdict(self), canonical=True)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "CardContents":
        """Strict: every field, of its type, and none besides. Raises ContentsError."""
        if not raw.startswith(HEADER):
            raise ContentsError("not a fictitious test card of this product")
        try:
            values: Any = cbor2.loads(raw[len(HEADER) :])
        except (cbor2.CBORDecodeError, ValueError) as error:
            raise ContentsError("a broken test card") from error
        kinds = {one.name: one.type for one in fields(cls)}
        if not isinstance(values, dict) or set(values) != set(kinds):
            raise ContentsError("a test card of another version")
        if any(type(values[name]) is not kind for name, kind in kinds.items()):
            raise ContentsError("a test card with a field of another type")
        return cls(**values)

    def save(self, path: Path) -> None:
        """Write the file with mode 0600, whole or not at all."""
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self.to_bytes())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "CardContents":
        """Raises OSError, ContentsError."""
        return cls.from_bytes(path.read_bytes())
