"""A persona's card with keys and authorities that nobody keeps: no reader trusts it."""

from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric import ec

from device.simulated.card.contents import CardContents
from device.simulated.card.issue import CardKeys, Issuer, issue
from device.simulated.card.persona_card import holder_of
from device.simulated.card.situations import Situation, situation_card
from device.simulated.heads import Head, card_photo
from device.simulated.persona import Persona


def throw_away_card(persona: Persona, now: datetime, today: date) -> CardContents:
    """Takes seconds: the photo is rendered."""
    holder = holder_of(persona, card_photo(Head(persona.head)), today)
    return issue(holder, CardKeys.generate(), _nobody(now), now)


def throw_away_situation(situation: Situation, now: datetime) -> CardContents:
    return situation_card(situation, _nobody(now), now)


def _nobody(now: datetime) -> Issuer:
    terminal = ec.generate_private_key(ec.SECP256R1())
    return Issuer.found(terminal.public_key(), now)
