"""The cloud, as the visit sees it (device.ports.Uplink).

A request is on the disk before `ask` returns, is sealed afresh and sent until the
cloud's signed answer to exactly this request is here, and only then forgotten. The
broker's acknowledgement ends nothing.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from device.ports import Clock, Outbox, OutboxRecord, PartError, Transport
from device.uplink.at_rest import AtRest
from device.uplink.channel import Channel
from device.uplink.pending import Pending, Waiting
from protocol import exchange
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.errors import MismatchError, WireError
from protocol.ids import RequestId
from protocol.messages import (
    Answer,
    ConsentRequest,
    Refusal,
    RegistrationRequest,
    Request,
    VerificationRequest,
)
from protocol.notice import Notice

PUBLISH_S = 5.0
"""How long the broker may take to acknowledge before the attempt counts as lost."""
REST_S = 0.25
"""The longest rest while something waits: how soon a broker's return is noticed."""
IDLE_S = 30.0
# The next attempt may well succeed: nothing for the visit to hear of.
_PASSING = {Code.BUSY.value, Code.REPLAYED.value}
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Counts:
    """What happened since the start, for the self-test and the fleet's health."""

    attempts: int = 0
    unsent: int = 0
    answers: int = 0
    not_trusted: int = 0
    not_awaited: int = 0
    notices: int = 0
    expired: int = 0


class CloudUplink:
    """Satisfies device.ports.Uplink while `run` runs."""

    def __init__(
        self,
        channel: Channel,
        at_rest: AtRest,
        outbox: Outbox,
        transport: Transport,
        clock: Clock,
        *,
        chance: Callable[[], float],
    ) -> None:
        """`chance` gives numbers in [0, 1) for the jitter of retries.

        Takes up what the outbox kept. PartError D704 when it cannot be opened.
        """
        self.counts = Counts()
        self._channel = channel
        self._at_rest = at_rest
        self._outbox = outbox
        self._transport = transport
        self._clock = clock
        self._chance = chance
        self._pending = Pending()
        self._was_connected = False
        self._wake = asyncio.Event()
        # At most one answer per pending request: the outbox bounds this queue.
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        for record in outbox.pending():
            at_rest.unlock(record)
            self._pending.add(record, clock.monotonic())

    @property
    def reachable(self) -> bool:
        return self._transport.connected

    async def turned(self) -> None:
        await self._transport.turned()

    @property
    def waiting(self) -> int:
        """Requests without an answer yet."""
        return len(self._pending)

    async def ask(
        self, request: VerificationRequest | ConsentRequest | RegistrationRequest
    ) -> None:
        """Durable when it returns. PartError D701, N304; M409 for a used id."""
        record = self._record(request)
        await asyncio.to_thread(self._outbox.put, record)
        self._pending.add(record, self._clock.monotonic())
        self._wake.set()

    async def answer(self) -> Answer:
        return await self._answers.get()

    async def run(self) -> None:
        """Send and receive until cancelled."""
        if self._pending:
            _log.info("requests taken up again", waiting=len(self._pending))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send_on())
            tasks.create_task(self._receive_on())

    # -- out ---------------------------------------------------------------------

    async def _send_on(self) -> None:
        while True:
            rest_s = await self.step()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest_s):
                    await self._wake.wait()
            self._wake.clear()

    async def step(self) -> float:
        """Do what is due; returns how many seconds may pass until the next step."""
        await self._close_expired()
        self._notice_connection()
        if self._transport.connected:
            while waiting := self._pending.due(self._clock.monotonic()):
                await self._attempt(waiting)
        return self._rest_s()

    def _notice_connection(self) -> None:
        if self._transport.connected and not self._was_connected:
            self._pending.hurry(self._clock.monotonic())
        self._was_connected = self._transport.connected

    def _rest_s(self) -> float:
        due_s = self._pending.next_due_s()
        if due_s is None:
            return IDLE_S
        return min(REST_S, max(0.0, due_s - self._clock.monotonic()) or REST_S)

    async def _attempt(self, waiting: Waiting) -> None:
        sealed, envelope_id = self._channel.seal(
            self._at_rest.unlock(waiting.record), self._now_ms()
        )
        waiting.tried(envelope_id, self._clock.monotonic(), self._chance())
        self.counts.attempts += 1
        try:
            async with asyncio.timeout(PUBLISH_S):
                await self._transport.publish(sealed)
        except (PartError, TimeoutError):
            # The transport has logged the loss; the next attempt is already due.
            self.counts.unsent += 1

    async def _close_expired(self) -> None:
        for waiting in self._pending.expired(self._now_ms()):
            self.counts.expired += 1
            record = waiting.record
            _log.warning(
                "request expired without an answer",
                code=Code.CLOUD_SILENT,
                request=record.request_id,
                visit=record.visit_id,
                kind=record.kind,
                attempts=waiting.attempts,
            )
            await self._forget(record.request_id)

    # -- in ----------------------------------------------------------------------

    async def _receive_on(self) -> None:
        while True:
            await self.take(await self._transport.incoming())

    async def take(self, data: bytes) -> None:
        """One message from the answer topic; what is not genuine changes nothing."""
        try:
            heard = self._channel.open(data, self._now_ms())
            if isinstance(heard, Notice):
                self._noticed(heard)
            else:
                await self._answered(heard)
        except WireError as error:
            self.counts.not_trusted += 1
            _log.warning(
                "answer not trusted", code=Code.ANSWER_NOT_TRUSTED, why=error.code
            )

    async def _answered(self, answer: Answer) -> None:
        waiting = self._pending.get(answer.request_id)
        if waiting is None:
            # A second answer to one request: at least once means sometimes twice.
            self.counts.not_awaited += 1
            return
        if not self._fits(answer, waiting):
            raise MismatchError("an answer to another question")
        if isinstance(answer, Refusal) and answer.code in _PASSING:
            return
        self.counts.answers += 1
        # First told, then forgotten: a cut in between means being told again.
        self._answers.put_nowait(answer)
        await self._forget(answer.request_id)

    def _fits(self, answer: Answer, waiting: Waiting) -> bool:
        message = self._at_rest.unlock(waiting.record)
        return exchange.fits(answer, message)

    def _noticed(self, notice: Notice) -> None:
        """The cloud refused an envelope. The request stays: a later one may do."""
        self.counts.notices += 1
        waiting = self._pending.in_envelope(notice.envelope_id)
        if waiting is None:
            return
        request_id = RequestId(waiting.record.request_id)
        _log.warning("envelope refused", code=notice.code, request=request_id)
        if waiting.told or notice.code.value in _PASSING:
            return
        waiting.told = True
        message = self._at_rest.unlock(waiting.record)
        refusal = Refusal(
            request_id=request_id,
            request_hash=exchange.request_hash(message),
            reader_id=self._channel.reader,
            answered_at=notice.at_ms,
            code=notice.code.value,
        )
        self._answers.put_nowait(refusal)

    # -- both --------------------------------------------------------------------

    async def _forget(self, request_id: str) -> None:
        self._pending.remove(request_id)
        try:
            await asyncio.to_thread(self._outbox.forget, request_id)
        except PartError as error:
            # It is asked again after a restart, and answered the same.
            _log.warning("outbox cannot forget", code=error.code, request=request_id)

    def _record(self, request: Request) -> OutboxRecord:
        asked = exchange.asked_of(request)
        return OutboxRecord(
            request_id=asked.request_id,
            kind=request.kind,
            sealed=self._at_rest.lock(asked.request_id, encode(request)),
            created_ms=self._now_ms(),
            expires_ms=asked.expires_at,
            visit_id=asked.visit_id,
        )

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)
