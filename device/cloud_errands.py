"""Errands to the cloud and the facility: questions out, answers in, results on.

An answer nobody waits for any more still belongs to the facility. So every question
keeps its ticket until it is answered, and a result stays here until it is delivered.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from device.bridge.face_file import for_facility
from device.health import Health, Part
from device.part_codes import code_of
from device.ports import Clock, FacilityDesk, PartError, Uplink
from device.renewal import renewal_of
from device.requests import Asking, Stamp, consent_request, registration_request
from device.session.events import (
    Answered,
    AskFailed,
    AskKept,
    AskRefused,
    ConsentRecorded,
    DeliveryFailed,
    Event,
)
from device.session.state import Ask, Decisions, TakeAlong, Ticket
from device.visit import Visit
from protocol.catalogue import Code
from protocol.codes import Decision
from protocol.ids import RequestId
from protocol.messages import (
    ConsentReceipt,
    ConsentRequest,
    Refusal,
    RegistrationRequest,
    VerificationAnswer,
    VerificationRequest,
)

_log = structlog.get_logger(__name__)
SET_ASIDE = 64
REMEMBERED = 1024
"""Questions and answers kept in mind; an older answer is delivered all the same."""


@dataclass(frozen=True, slots=True)
class _Open:
    ticket: Ticket
    visit: Visit
    asked_at: float
    consent: bool


@dataclass(frozen=True, slots=True)
class _Consenting:
    asked_at: float
    settled: asyncio.Event


@dataclass(slots=True, kw_only=True)
class CloudErrands:
    clock: Clock
    uplink: Uplink
    desk: FacilityDesk
    asking: Asking
    health: Health
    stamp: Callable[[], Stamp]
    earlier: Callable[[VerificationAnswer], Visit]
    """A folder for an answer to a question from before the reader was switched on."""
    deliver_again_s: float = 10.0
    consent_wait_s: float = 8.0
    """How long a result waits for its consents: the facility wants one file."""
    _open: dict[RequestId, _Open] = field(default_factory=dict)
    _answered: deque[RequestId] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED)
    )
    _results: asyncio.Queue[Visit] = field(default_factory=asyncio.Queue)
    _consenting: dict[int, _Consenting] = field(default_factory=dict)
    """Taps whose consents are on their way to the cloud."""
    _set_aside: dict[RequestId, _Open] = field(default_factory=dict)
    """Consents refused by a notice, which may be recorded all the same: the uplink
    asks again until their time is over."""
    _waiting: set[int] = field(default_factory=set)
    """Taps whose result is on its way to the facility."""

    async def verify(self, ticket: Ticket, visit: Visit) -> Event:
        request = visit.request
        if request is None or visit.verification is None:
            return self._cannot(ticket, visit)
        return await self._ask(ticket, visit, visit.verification, request)

    async def register(self, ticket: Ticket, visit: Visit) -> Event:
        if visit.verification is None:
            return self._cannot(ticket, visit)
        request = registration_request(
            self.asking, visit, self.stamp(), visit.verification
        )
        return await self._ask(ticket, visit, request.request_id, request)

    async def consent(
        self, ticket: Ticket, visit: Visit, decisions: Decisions
    ) -> Event:
        if visit.verification is None:
            return self._cannot(ticket, visit)
        visit.granted = frozenset(
            item for item, decision in decisions if decision is Decision.GRANTED
        )
        request = consent_request(
            self.asking, visit, self.stamp(), visit.verification, decisions
        )
        now = self.clock.monotonic()
        self._consenting[visit.tap] = _Consenting(now, asyncio.Event())
        return await self._ask(ticket, visit, request.request_id, request)

    def _cannot(self, ticket: Ticket, visit: Visit) -> Event:
        visit.open_asks -= 1
        return AskFailed(ticket, Code.UNKNOWN_VERIFICATION)

    async def _ask(
        self,
        ticket: Ticket,
        visit: Visit,
        request_id: RequestId,
        request: VerificationRequest | ConsentRequest | RegistrationRequest,
    ) -> Event:
        # Before the wait: the answer may be here before `ask` returns.
        self._open[request_id] = _Open(
            ticket,
            visit,
            self.clock.monotonic(),
            consent=isinstance(request, ConsentRequest),
        )
        try:
            await self.uplink.ask(request)
        except PartError as error:
            self._close(request_id)
            return AskFailed(ticket, code_of(error, Code.DISK_FULL))
        reachable = self.uplink.reachable
        if not reachable:
            self.health.lost(Part.CLOUD, Code.BROKER_UNREACHABLE)
        return AskKept(ticket, reachable)

    def _close(self, request_id: RequestId) -> _Open | None:
        asked = self._open.pop(request_id, None)
        if asked is not None:
            asked.visit.open_asks -= 1
            consenting = self._consenting.pop(asked.visit.tap, None)
            if consenting is not None:
                consenting.settled.set()
        return asked

    async def hear(self) -> Event | None:
        """Wait for one answer. None: it changes nothing (a repeat, or too late)."""
        answer = await self.uplink.answer()
        if answer.request_id in self._answered:
            return None
        if not isinstance(answer, Refusal):
            # A refusal may come from a notice, and the question still be answered.
            self._answered.append(answer.request_id)
        asked = self._close(answer.request_id)
        if asked is not None:
            waited = self.clock.monotonic() - asked.asked_at
            asked.visit.round_trip_s += waited
        match answer:
            case VerificationAnswer():
                return self._verified(asked, answer)
            case ConsentReceipt():
                return self._recorded(asked, answer)
            case Refusal():
                return self._refused(asked, answer)

    def _verified(self, asked: _Open | None, answer: VerificationAnswer) -> Event:
        visit = self.earlier(answer) if asked is None else asked.visit
        ticket = Ticket(visit.tap) if asked is None else asked.ticket
        visit.answer = answer
        visit.verification = answer.request_id
        return Answered(
            ticket,
            answer.outcome,
            _cloud_code(answer.code),
            tuple(Ask(ask.item, ask.standing) for ask in answer.consent_asks),
            answer.records_withheld,
            renewal_of(answer, self.clock.now()),
        )

    def _recorded(self, asked: _Open | None, receipt: ConsentReceipt) -> Event | None:
        late = self._set_aside.pop(receipt.request_id, None)
        asked = asked or late
        if asked is None:
            # The answer it completes was delivered before the reader restarted.
            return None
        granted = {
            grant.item for grant in receipt.grants if grant.decision is Decision.GRANTED
        }
        if not granted <= asked.visit.granted:
            _log.error("receipt grants more than was pressed", tap=asked.ticket.tap)
            return AskRefused(asked.ticket, Code.ANSWER_NOT_TRUSTED)
        page = receipt.patient_page
        # The link is the patient's: the facility's folder never sees it.
        asked.visit.receipt = receipt.model_copy(update={"patient_page": None})
        if late is not None:
            # Its visit may be over and tidied away; the facility is told all the same.
            self.deliver(asked.visit)
        along = TakeAlong(page.url, page.word) if page else None
        return ConsentRecorded(asked.ticket, along)

    def _refused(self, asked: _Open | None, refusal: Refusal) -> Event | None:
        code = _cloud_code(refusal.code) or Code.MALFORMED
        _log.warning("request refused", code=code.value)
        if asked is None:
            return None
        if asked.consent:
            while len(self._set_aside) >= SET_ASIDE:
                self._set_aside.pop(next(iter(self._set_aside)))
            self._set_aside[refusal.request_id] = asked
        return AskRefused(asked.ticket, code)

    def deliver(self, visit: Visit) -> None:
        """Queue what is known of a visit for the facility's computer, once."""
        known = (visit.answer, visit.receipt)
        if visit.answer is None or not for_facility(visit.answer):
            return
        if visit.tap in self._waiting or visit.told == known:
            return
        visit.undelivered += 1
        self._waiting.add(visit.tap)
        self._results.put_nowait(visit)

    async def deliveries(
        self, tell: Callable[[Event], None], done: Callable[[], None]
    ) -> None:
        """Each result when its consents are settled, and until the folder takes it."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                visit = await self._results.get()
                tasks.create_task(self._deliver(visit, tell, done))

    async def _deliver(
        self, visit: Visit, tell: Callable[[Event], None], done: Callable[[], None]
    ) -> None:
        await self._consents_settled(visit.tap)
        # What becomes known while a file is written goes into the next one.
        while (answer := visit.answer) and visit.told != (answer, visit.receipt):
            if not await self._delivered(visit, answer, tell):
                await asyncio.sleep(self.deliver_again_s)
        self._waiting.discard(visit.tap)
        visit.undelivered -= 1
        done()

    async def _consents_settled(self, tap: int) -> None:
        consenting = self._consenting.get(tap)
        if consenting is None:
            return
        until = consenting.asked_at + self.consent_wait_s
        with suppress(TimeoutError):
            async with asyncio.timeout(until - self.clock.monotonic()):
                await consenting.settled.wait()

    async def _delivered(
        self, visit: Visit, answer: VerificationAnswer, tell: Callable[[Event], None]
    ) -> bool:
        receipt = visit.receipt
        try:
            await self.desk.deliver(answer, receipt)
        except PartError as error:
            code = code_of(error, Code.FACILITY_FOLDER)
            self.health.lost(Part.FACILITY, code)
            tell(DeliveryFailed(visit.tap, code))
            return False
        visit.told = (answer, receipt)
        self.health.back(Part.FACILITY)
        return True


def _cloud_code(text: str) -> Code | None:
    """The catalogue code; one that this version does not know is a strange answer."""
    if not text:
        return None
    try:
        return Code(text)
    except ValueError:
        return Code.ANSWER_NOT_TRUSTED
