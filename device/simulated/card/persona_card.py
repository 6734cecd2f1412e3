"""The card of a shipped persona: what the file leaves open, decided once, here."""

import hashlib
from datetime import date, datetime

from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Holder, Issuer, issue
from device.simulated.card.situations import Situation, situation
from device.simulated.persona import Persona

_VALID_YEARS = 6
_ORDINARY = Situation(id="", ja="", en="")
_SIGNS_FROM = 15
"""Age from which a card carries a signing certificate."""


def holder_of(persona: Persona, photo: bytes, today: date) -> Holder:
    """The same person gives the same card on the same day; `photo` is JP2."""
    birth = persona.born(today)
    digest = hashlib.sha256(b"fictitious card of " + persona.id.encode()).digest()
    return Holder(
        label=persona.id,
        name=persona.name,
        address=persona.address,
        birth=birth,
        sex=persona.sex,
        expiry=_birthday(birth, birth.year + persona.age + _VALID_YEARS),
        security_code=persona.security_code,
        pin=persona.pin,
        pin_tries=persona.pin_tries_left,
        photo=photo,
        serial=int.from_bytes(digest[:7], "big") | 1,
        certificate_expired_days=persona.certificate_expired_days,
        signing_password=_password(persona),
    )


def card_of(
    persona: Persona, photo: bytes, issuer: Issuer, now: datetime, today: date
) -> CardContents:
    """A new card with new keys, in the persona's situation."""
    special = situation(persona.situation) or _ORDINARY
    holder = special.holder(holder_of(persona, photo, today))
    return special.contents(issue(holder, CardKeys.generate(), issuer, now))


def _password(persona: Persona) -> str | None:
    return f"SHIKAKU{persona.pin}" if persona.age >= _SIGNS_FROM else None


def _birthday(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return birth.replace(year=year, day=28)
