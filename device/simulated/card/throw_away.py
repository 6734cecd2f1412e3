"""A persona's card with keys and authorities that nobody keeps: no reader trusts it."""

from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import holder_of
from device.simulated.heads import Head, card_photo
from device.simulated.persona import Persona


def throw_away_card(persona: Persona, now: datetime, today: date) -> CardContents:
    """Takes seconds: the photo is rendered."""
    holder = holder_of(persona, card_photo(Head(persona.head)), today)
    terminal = ec.generate_private_key(ec.SECP256R1())
    issuer = Issuer.found(terminal.public_key(), now)
    return issue(holder, CardKeys.generate(), issuer, now)
