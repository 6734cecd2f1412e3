"""One look as an errand: the camera looks while the card is read."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from device.card import visit as dialogs
from device.card.reading import plausible
from device.card_errands import CardErrands
from device.face.model import FaceSeen, HintSeen, TurnBegun
from device.health import Health, Part
from device.part_codes import code_of
from device.pin_pad import wipe
from device.ports import CardPhoto, Lockout, PartError, PrintedNumber, Sight
from device.session.events import (
    CardFailed,
    Event,
    Hinted,
    Looked,
    NumberUnread,
    PhotoRead,
    SightFailed,
)
from device.session.state import Ticket
from device.visit import Visit
from protocol.catalogue import Code
from protocol.messages import FaceEvidence
from protocol.oqs.values import JST

CHALLENGE_BYTES = 16
Tell = Callable[[Event], None]


class _BrokenOffError(Exception):
    """The card's part of a look failed: `end` is how the errand ends."""

    def __init__(self, end: Event) -> None:
        super().__init__("the photo cannot be had")
        self.end = end


@dataclass(frozen=True, slots=True, kw_only=True)
class LookErrands:
    card: CardErrands
    printed: PrintedNumber
    sight: Sight
    issuer_keys: Sequence[RSAPublicKey]
    health: Health
    lockout: Lockout

    async def look(
        self, ticket: Ticket, visit: Visit, tell: Tell, typed: bytearray | None = None
    ) -> Event:
        """Ends as one event; `tell` hears hints, and that the photo was read.

        `typed` are the digits of 照合番号B that somebody typed; zeroed at the end.
        """
        if (barred := self._barred(visit)) is not None:
            wipe(typed or bytearray())
            return SightFailed(ticket, barred)
        began = self.card.clock.monotonic()
        reading = asyncio.create_task(self._photo(ticket, visit, tell, typed))
        try:
            # Where the number is typed, that is known at once: no camera before it.
            await asyncio.sleep(0)
            return await self._looking(ticket, visit, tell, reading)
        except _BrokenOffError as broken:
            return broken.end
        finally:
            await _ended(reading)
            wipe(typed or bytearray())
            visit.face_s += self.card.clock.monotonic() - began

    def _barred(self, visit: Visit) -> Code | None:
        """Default is no: a lock-out that cannot be kept counts as a lock."""
        try:
            locked = self.lockout.locked(sha256(visit.certificate).digest())
        except PartError as error:
            code = code_of(error, Code.DISK_FULL)
            self.health.lost(Part.SIGHT, code)
            return code
        return Code.FACE_ATTEMPTS_USED if locked else None

    async def _looking(
        self, ticket: Ticket, visit: Visit, tell: Tell, reading: asyncio.Task[CardPhoto]
    ) -> Event:
        # A look that ends without a word has not seen anybody.
        end: Event = Looked(ticket, matched=False)
        try:
            async for sighting in self.sight.look(reading):
                match sighting:
                    case HintSeen(hint):
                        tell(Hinted(ticket, hint))
                    case TurnBegun():
                        # Kept before anything is asked: no power cut takes it back.
                        self.lockout.begun(sha256(visit.certificate).digest())
                    case FaceSeen():
                        end = self._seen(ticket, visit, sighting)
        except PartError as error:
            code = code_of(error, Code.CAMERA_MISSING)
            self.health.lost(Part.SIGHT, code)
            return SightFailed(ticket, code)
        return end

    def _seen(self, ticket: Ticket, visit: Visit, seen: FaceSeen) -> Event:
        self.health.back(Part.SIGHT)
        matched = seen.matched and seen.seen and seen.live is not False
        if seen.live:
            self.lockout.passed(sha256(visit.certificate).digest())
        if matched:
            visit.face = FaceEvidence(
                pack=seen.pack,
                rule=seen.rule,
                mode="auto" if self.sight.mode == "auto" else "assist",
                matched=True,
            )
        return Looked(ticket, matched)

    async def _photo(
        self, ticket: Ticket, visit: Visit, tell: Tell, typed: bytearray | None
    ) -> CardPhoto:
        """From the visit's folder, or from the card. Raises _BrokenOffError."""
        if not visit.photo:
            number = await self._number(ticket, typed)
            challenge = self.card.random(CHALLENGE_BYTES)
            dialog = dialogs.read_photo(number, challenge, self.issuer_keys)
            try:
                read = await self.card.perform(visit, dialog)
                visit.photo = bytearray(read.jp2)
            except PartError as error:
                code = code_of(error, Code.CARD_UNREADABLE)
                raise _BrokenOffError(CardFailed(ticket, code)) from error
            except ValueError as error:
                # Not fourteen digits: misread, and the card was not asked.
                raise _wrong_number(ticket) from error
        tell(PhotoRead(ticket))
        return visit.photo

    async def _number(self, ticket: Ticket, typed: bytearray | None) -> str:
        if typed is None:
            number = await self._printed_number()
            if number is None:
                raise _BrokenOffError(NumberUnread(ticket))
            return number
        # What cannot be such a number costs no try: the card is not asked.
        number, today = typed.decode("ascii"), self.card.clock.now().astimezone(JST)
        if not plausible(number, today.date()):
            raise _wrong_number(ticket)
        return number

    async def _printed_number(self) -> str | None:
        """A camera that failed knows as little as one that is not sure."""
        try:
            number = await self.printed.verification_number_b()
        except PartError as error:
            self.health.lost(Part.NUMBER_B, code_of(error, Code.CAMERA_MISSING))
            return None
        self.health.back(Part.NUMBER_B)
        return number


def _wrong_number(ticket: Ticket) -> _BrokenOffError:
    return _BrokenOffError(CardFailed(ticket, Code.VERIFICATION_NUMBER_WRONG))


async def _ended(reading: asyncio.Task[CardPhoto]) -> None:
    """The card is left alone before the next errand, however the look ended."""
    reading.cancel()
    with suppress(asyncio.CancelledError, _BrokenOffError):
        await reading
