"""A card that lacks only its photo, and the issuer who signs it once there is one.

The file carries a throw-away signing key; its first line says that nothing of it is
real, and only its owner can read it.
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cbor2

from device.simulated.card.contents import CardContents, ContentsError
from device.simulated.card.face_file import resigned

HEADER = b"SHIKAKU FICTITIOUS BLANK CARD - NOT A REAL MY NUMBER CARD\n"
SUFFIX = ".blank"
LONGEST_PHOTO = 16 * 1024
_JP2 = b"\x00\x00\x00\x0cjP  "


class PhotoError(ValueError):
    """Nothing that could stand on a card as its photo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blank:
    contents: CardContents
    """Everything but the photo, signed as it is."""
    issuer_key: bytes = field(repr=False)
    """PKCS#8 DER, RSA-2048."""

    def printed(self, photo: bytes) -> CardContents:
        """The same card with this photo (JP2), signed as persona cards are.

        Raises PhotoError.
        """
        if not photo.startswith(_JP2) or len(photo) > LONGEST_PHOTO:
            raise PhotoError(f"a photo is JPEG 2000 of at most {LONGEST_PHOTO} bytes")
        face = resigned(self.contents.card_face, photo, self.issuer_key)
        return replace(self.contents, card_face=face)

    def save(self, path: Path) -> None:
        """Write the file with mode 0600."""
        body = {"contents": self.contents.to_bytes(), "issuer_key": self.issuer_key}
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(HEADER + cbor2.dumps(body, canonical=True))

    @classmethod
    def load(cls, path: Path) -> "Blank":
        """Raises OSError, ContentsError."""
        raw = path.read_bytes()
        if not raw.startswith(HEADER):
            raise ContentsError("not a fictitious blank card of this product")
        try:
            body: Any = cbor2.loads(raw[len(HEADER) :])
        except (cbor2.CBORDecodeError, ValueError) as error:
            raise ContentsError("a broken blank card") from error
        match body:
            case {"contents": bytes(card), "issuer_key": bytes(key), **rest} if (
                not rest
            ):
                return cls(contents=CardContents.from_bytes(card), issuer_key=key)
        raise ContentsError("a blank card of another version")
