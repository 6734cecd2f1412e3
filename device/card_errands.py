"""Errands at the card and the camera: each ends as exactly one event."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.bridge.elements import JST
from device.card import visit as dialogs
from device.card.apdu import Command, Response
from device.card.errors import PinBlockedError, WrongPinError
from device.card.reading import plausible
from device.card.signer import check_signer
from device.card.terminal import TerminalAuthenticator
from device.face.model import FaceSeen, HintSeen
from device.health import Health, Part
from device.part_codes import code_of
from device.pin_pad import wipe
from device.ports import CardSlot, Clock, PartError, PrintedNumber, Sight
from device.requests import Asking, Stamp, verification_body
from device.session.events import (
    CardFailed,
    CardIdentified,
    Event,
    Hinted,
    Looked,
    NumberUnread,
    PhotoRead,
    PinWrong,
    SightFailed,
    Signed,
)
from device.session.state import CardFacts, Ticket
from device.visit import Visit
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.codes import Method, TerminalProof
from protocol.messages import FaceEvidence, VerificationBody, VerificationRequest

T = TypeVar("T")
CHALLENGE_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class CardErrands:
    clock: Clock
    slot: CardSlot
    printed: PrintedNumber
    sight: Sight
    authenticator: TerminalAuthenticator | None
    issuer_keys: Sequence[RSAPublicKey]
    asking: Asking
    random: Callable[[int], bytes]
    health: Health

    def stamp(self) -> Stamp:
        return Stamp(int(self.clock.now().timestamp() * 1000), self.random(10))

    async def identify(self, ticket: Ticket, visit: Visit) -> Event:
        try:
            found = await self._perform(visit, dialogs.identify())
        except PartError as error:
            return CardFailed(ticket, code_of(error, Code.CARD_UNREADABLE))
        # A card that is put back only says who it is; the visit keeps its own.
        if not visit.certificate:
            visit.certificate, visit.token = found.certificate, found.token
        facts = CardFacts(sha256(found.certificate).digest(), found.tries_left)
        # A phone has no photo that the issuer signed.
        printed = found.token != "phone"  # noqa: S105 (which kind of token)
        face = printed and self.health.worth_trying(Part.SIGHT)
        return CardIdentified(ticket, facts, face)

    async def read_photo(self, ticket: Ticket, visit: Visit) -> Event:
        number = await self._printed_number()
        if number is None:
            return NumberUnread(ticket)
        return await self._photo(ticket, visit, number)

    async def read_photo_with(
        self, ticket: Ticket, visit: Visit, typed: bytearray
    ) -> Event:
        """What cannot be such a number costs no try: the card is not asked."""
        try:
            number, today = typed.decode("ascii"), self.clock.now().astimezone(JST)
            if not plausible(number, today.date()):
                return CardFailed(ticket, Code.VERIFICATION_NUMBER_WRONG)
            return await self._photo(ticket, visit, number)
        finally:
            wipe(typed)

    async def _printed_number(self) -> str | None:
        """A camera that failed knows as little as one that is not sure."""
        try:
            number = await self.printed.verification_number_b()
        except PartError as error:
            self.health.lost(Part.NUMBER_B, code_of(error, Code.CAMERA_MISSING))
            return None
        self.health.back(Part.NUMBER_B)
        return number

    async def _photo(self, ticket: Ticket, visit: Visit, number: str) -> Event:
        try:
            dialog = dialogs.read_photo(
                number, self.random(CHALLENGE_BYTES), self.issuer_keys
            )
            visit.photo = (await self._perform(visit, dialog)).jp2
        except PartError as error:
            return CardFailed(ticket, code_of(error, Code.CARD_UNREADABLE))
        except ValueError:
            # Not fourteen digits: misread, and the card was not asked.
            return CardFailed(ticket, Code.VERIFICATION_NUMBER_WRONG)
        return PhotoRead(ticket)

    async def look(
        self, ticket: Ticket, visit: Visit, tell: Callable[[Event], None]
    ) -> Event:
        """Hints go to `tell` while the camera is on; the end is the event."""
        began = self.clock.monotonic()
        # A look that ends without a word has not seen anybody.
        end: Event = Looked(ticket, matched=False)
        try:
            async for sighting in self.sight.look(visit.photo):
                match sighting:
                    case HintSeen(hint):
                        tell(Hinted(ticket, hint))
                    case FaceSeen():
                        end = self._seen(ticket, visit, sighting)
        except PartError as error:
            code = code_of(error, Code.CAMERA_MISSING)
            self.health.lost(Part.SIGHT, code)
            return SightFailed(ticket, code)
        finally:
            visit.face_s += self.clock.monotonic() - began
        return end

    def _seen(self, ticket: Ticket, visit: Visit, seen: FaceSeen) -> Event:
        self.health.back(Part.SIGHT)
        matched = seen.matched and seen.seen
        if matched:
            visit.face = FaceEvidence(
                pack=seen.pack,
                rule=seen.rule,
                mode="auto" if self.sight.mode == "auto" else "assist",
                matched=True,
            )
        return Looked(ticket, matched)

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
        signature = await self._perform(visit, signing)
        # No transport lets a card be exchanged unseen; this one proves it.
        check_signer(visit.certificate, sha256(encode(body)).digest(), signature)
        visit.verification = body.request_id
        visit.request = VerificationRequest(body=encode(body), card_signature=signature)
        return Signed(ticket)

    async def _perform(
        self, visit: Visit, dialog: Generator[Command, Response, T]
    ) -> T:
        began = self.clock.monotonic()
        try:
            return await self.slot.perform(dialog)
        finally:
            visit.card_s += self.clock.monotonic() - began
