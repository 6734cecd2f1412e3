"""Errands at the card: each ends as exactly one event."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from device.card import visit as dialogs
from device.card.apdu import Command, Response
from device.card.errors import PinBlockedError, WrongPinError
from device.card.signer import check_signer
from device.card.terminal import TerminalAuthenticator
from device.health import Health, Part
from device.part_codes import code_of
from device.pin_pad import wipe
from device.ports import CardSlot, Clock, Lockout, PartError
from device.requests import Asking, Stamp, verification_body
from device.session.events import (
    CardFailed,
    CardIdentified,
    Event,
    PinWrong,
    Signed,
)
from device.session.state import CardFacts, Ticket
from device.visit import Visit
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.codes import Method, TerminalProof
from protocol.messages import VerificationBody, VerificationRequest

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CardErrands:
    clock: Clock
    slot: CardSlot
    authenticator: TerminalAuthenticator | None
    asking: Asking
    random: Callable[[int], bytes]
    health: Health
    lockout: Lockout

    def stamp(self) -> Stamp:
        return Stamp(int(self.clock.now().timestamp() * 1000), self.random(10))

    async def identify(self, ticket: Ticket, visit: Visit) -> Event:
        try:
            found = await self.perform(visit, dialogs.identify())
        except PartError as error:
            return CardFailed(ticket, code_of(error, Code.CARD_UNREADABLE))
        # A card that is put back only says who it is; the visit keeps its own.
        if not visit.certificate:
            visit.certificate, visit.token = found.certificate, found.token
        facts = CardFacts(sha256(found.certificate).digest(), found.tries_left)
        # A phone has no photo that the issuer signed.
        printed = found.token != "phone"  # noqa: S105 (which kind of token)
        face = printed and self.health.worth_trying(Part.SIGHT)
        return CardIdentified(ticket, facts, face and not self._locked(facts))

    def _locked(self, facts: CardFacts) -> bool:
        """Default is no: a lock-out that cannot be kept counts as a lock."""
        try:
            return self.lockout.locked(facts.fingerprint)
        except PartError as error:
            self.health.lost(Part.SIGHT, code_of(error, Code.DISK_FULL))
            return True

    async def sign_with_pin(
        self, ticket: Ticket, visit: Visit, pin: bytearray
    ) -> Event:
        try:
            body = verification_body(
                self.asking,
                visit,
                self.stamp(),
                method=Method.PIN,
                terminal=TerminalProof.NONE,
            )
            signing = dialogs.sign_with_pin(pin, sha256(encode(body)).digest())
            return await self._signed(ticket, visit, body, signing)
        except WrongPinError as error:
            return PinWrong(ticket, error.tries_left)
        except PinBlockedError:
            return PinWrong(ticket, 0)
        except PartError as error:
            return CardFailed(ticket, code_of(error, Code.CARD_UNREADABLE))
        finally:
            wipe(pin)

    async def sign_with_terminal(
        self, ticket: Ticket, visit: Visit, method: Method, reason: str
    ) -> Event:
        if self.authenticator is None:
            return CardFailed(ticket, Code.TERMINAL_PROOF_REFUSED)
        body = verification_body(
            self.asking,
            visit,
            self.stamp(),
            method=method,
            terminal=self.authenticator.proof,
            reason=reason,
        )
        signing = dialogs.sign_with_terminal(
            self.authenticator, sha256(encode(body)).digest()
        )
        try:
            return await self._signed(ticket, visit, body, signing)
        except PartError as error:
            return CardFailed(ticket, code_of(error, Code.CARD_UNREADABLE))

    async def _signed(
        self,
        ticket: Ticket,
        visit: Visit,
        body: VerificationBody,
        signing: Generator[Command, Response, bytes],
    ) -> Event:
        signature = await self.perform(visit, signing)
        # No transport lets a card be exchanged unseen; this one proves it.
        check_signer(visit.certificate, sha256(encode(body)).digest(), signature)
        visit.verification = body.request_id
        visit.request = VerificationRequest(body=encode(body), card_signature=signature)
        return Signed(ticket)

    async def perform(self, visit: Visit, dialog: Generator[Command, Response, T]) -> T:
        """At the card that lies there; its time is the visit's."""
        began = self.clock.monotonic()
        try:
            return await self.slot.perform(dialog)
        finally:
            visit.card_s += self.clock.monotonic() - began
