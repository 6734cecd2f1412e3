"""The fictitious patients' cards, made anew for every desk, with rendered photos.

The visitor's card is made too, all but its photo, and is known to the registry by its
certificate: nothing need be registered when somebody prints it.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from device.simulated.card.blank import SUFFIX as BLANK
from device.simulated.card.blank import Blank
from device.simulated.card.contents import SUFFIX, CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import card_of, holder_of
from device.simulated.guest.person import guest
from device.simulated.heads import Head, card_photo
from device.simulated.persona import Persona, everybody


@dataclass(frozen=True, slots=True)
class Made:
    """A patient and the fingerprint that links the card to the registry."""

    persona: Persona
    certificate_sha256: str
    """Hex, over the DER."""


def make(
    folder: Path,
    photos: Path,
    issuer: Issuer,
    *,
    now: datetime,
    today: date,
    count: Callable[[str], None],
) -> tuple[Made, ...]:
    """Write <persona>.card and guest.blank into the folder.

    `photos` keeps rendered photos.
    """
    people = everybody()
    made = [_blank(folder, issuer, now, today)]
    for number, persona in enumerate(people, 1):
        contents = card_of(persona, photo(persona, photos), issuer, now, today)
        contents.save(folder / f"{persona.id}{SUFFIX}")
        made.append(Made(persona, _fingerprint(contents)))
        count(f"{number}/{len(people)}")
    return tuple(made)


def _blank(folder: Path, issuer: Issuer, now: datetime, today: date) -> Made:
    holder = holder_of(guest(), b"", today)
    contents = issue(holder, CardKeys.generate(), issuer, now)
    key = issuer.photo_key.private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    blank = Blank(contents=contents, issuer_key=key)
    blank.save(folder / f"{guest().id}{BLANK}")
    return Made(guest(), _fingerprint(contents))


def photo(persona: Persona, photos: Path) -> bytes:
    """JPEG 2000. Rendering takes seconds, so a photo is kept by its parameters."""
    words = json.dumps(persona.head, sort_keys=True).encode()
    whose = persona.head_of or persona.id
    kept = photos / f"{whose}-{hashlib.sha256(words).hexdigest()[:16]}.jp2"
    if not kept.exists():
        part = kept.with_suffix(".part")
        part.write_bytes(card_photo(Head(persona.head)))
        part.replace(kept)
    return kept.read_bytes()


def _fingerprint(contents: CardContents) -> str:
    certificate = x509.load_der_x509_certificate(contents.certificate)
    return certificate.fingerprint(SHA256()).hex()
