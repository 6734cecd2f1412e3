"""A PC with a generic card reader: eligibility by card and PIN, and nothing else.

資格確認限定型 (V7). No face, no consent, no records: the cloud refuses them to whoever
came in by an activation code, and nothing here could ask for them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from device.card import visit as dialogs
from device.card.algorithms import algorithm_of
from device.card.errors import PinBlockedError
from device.card.signer import check_signer
from device.pin_pad import wipe
from device.ports import CardSlot, PartError
from device.uplink.channel import Channel, Identity
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.codes import CareKind, Method, TerminalProof
from protocol.errors import WireError
from protocol.exchange import fits
from protocol.ids import FacilityCode, ReaderId, RequestId, VisitId, uuid7
from protocol.messages import (
    Answer,
    Refusal,
    VerificationAnswer,
    VerificationBody,
    VerificationRequest,
)
from protocol.notice import Notice

LIVES_MS = 60_000
"""Somebody stands at the counter: a question that waits longer is asked anew."""
PIN_DIGITS = 4


class FacilityLine(Protocol):
    """The facilities' interface, as a device without a certificate uses it."""

    async def ask(self, reader: ReaderId, envelope: bytes) -> bytes:
        """The sealed answer, or a signed notice. Raises PartError."""
        ...


@dataclass(frozen=True, slots=True)
class Bound:
    """What activation gave: who this device is, where, and whom it believes."""

    identity: Identity
    facility: FacilityCode


@dataclass(frozen=True, slots=True)
class Counter:
    bound: Bound
    line: FacilityLine
    now_ms: Callable[[], int]
    entropy: Callable[[int], bytes]

    async def check(self, slot: CardSlot, pin: bytearray) -> VerificationAnswer:
        """Of the card that lies there. The PIN is zeroed, whatever happens.

        Raises PartError: of the card (its codes), of the line, of the cloud's refusal.
        """
        try:
            request = await self._signed(slot, pin)
        finally:
            wipe(pin)
        return await self._asked(encode(request))

    async def _signed(self, slot: CardSlot, pin: bytearray) -> VerificationRequest:
        found = await slot.perform(dialogs.identify())
        if found.tries_left == 0:
            raise PinBlockedError
        now = self.now_ms()
        body = encode(
            VerificationBody(
                request_id=RequestId(uuid7(now, self.entropy(10))),
                visit_id=VisitId(uuid7(now, self.entropy(10))),
                reader_id=self.bound.identity.reader,
                issued_at=now,
                expires_at=now + LIVES_MS,
                method=Method.PIN,
                terminal=TerminalProof.NONE,
                care=CareKind.OUTPATIENT,
                token=found.token,
                certificate=found.certificate,
            )
        )
        digest = sha256(body).digest()
        algorithm = algorithm_of(found.certificate)
        signing = dialogs.sign_with_pin(pin, digest, algorithm)
        signature = await slot.perform(signing)
        # Another card may lie there by now.
        check_signer(found.certificate, digest, signature, algorithm)
        return VerificationRequest(body=body, card_signature=signature)

    async def _asked(self, message: bytes) -> VerificationAnswer:
        channel = Channel(self.bound.identity, self.entropy)
        sealed, envelope = channel.seal(message, self.now_ms())
        said = await self.line.ask(self.bound.identity.reader, sealed)
        try:
            answer = channel.open(said, self.now_ms())
            believed = _believed(answer, message, envelope)
        except WireError as error:
            raise PartError(Code.ANSWER_NOT_TRUSTED, "seal or signature") from error
        if isinstance(answer, Notice | Refusal):
            raise PartError(answer.code, "refused by the cloud")
        if not believed or not isinstance(answer, VerificationAnswer):
            raise PartError(Code.ANSWER_NOT_TRUSTED, "an answer to something else")
        return answer


def pin_of(typed: bytes) -> bytearray:
    """Four digits; PartError D702 for anything else, before the card loses a try."""
    pin = bytearray(typed)
    if len(pin) != PIN_DIGITS or not pin.isdigit():
        wipe(pin)
        raise PartError(Code.CONFIG_WRONG, "the PIN has four digits")
    return pin


def _believed(answer: Answer | Notice, message: bytes, envelope: bytes) -> bool:
    if isinstance(answer, Notice):
        return answer.envelope_id == envelope
    return fits(answer, message)
