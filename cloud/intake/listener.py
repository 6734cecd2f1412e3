"""A batch of arrivals: open each, commit all at once, then answer and acknowledge.

The next batch is whatever arrived while the disk was busy: under load many requests
share one commit, and without load nobody waits for another.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from cloud.access.handler import Handler
from cloud.access.ledger import Audit, Kept, Ledger, LedgerError, Settled
from cloud.access.reused import refusal
from cloud.facilities.service import Facilities
from cloud.intake.line import Arrival, Line
from protocol import topics
from protocol.catalogue import Code
from protocol.codec import encode
from protocol.envelope import CloudKeys, CloudSession, open_request, seal_answer
from protocol.errors import WireError
from protocol.ids import ReaderId
from protocol.notice import sign_notice
from protocol.proof import proven

BATCH = 256
"""More do not make a commit cheaper, and the first would wait for the last."""

log = structlog.get_logger("intake")


@dataclass(frozen=True, slots=True)
class Case:
    """One arrival on its way through a batch."""

    arrival: Arrival
    reader: ReaderId | None = None
    settled: Settled | None = None
    session: CloudSession | None = None
    refused: Code | None = None


class Listener:
    """Serves batches. Holds no state that another worker would need."""

    def __init__(
        self,
        *,
        line: Line,
        handler: Handler,
        facilities: Facilities,
        ledger: Ledger,
        keys: CloudKeys,
        now_ms: Callable[[], int],
        random: Callable[[int], bytes],
    ) -> None:
        self._line = line
        self._handler = handler
        self._facilities = facilities
        self._ledger = ledger
        self._keys = keys
        self._now_ms = now_ms
        self._random = random

    def turn(self, timeout_s: float) -> int:
        """Serve what is there, waiting at most so long; how many arrivals."""
        arrivals = self._line.receive(timeout_s, BATCH)
        if arrivals:
            self.serve(arrivals)
        return len(arrivals)

    def serve(self, arrivals: Sequence[Arrival]) -> None:
        now_ms = self._now_ms()
        cases = [self._open(arrival, now_ms) for arrival in arrivals]
        for case, kept in self._commit(cases, now_ms):
            self._answer(case, kept)
        for arrival in arrivals:
            self._line.acknowledge(arrival)
        self._line.flush()

    def _open(self, arrival: Arrival, now_ms: int) -> Case:
        try:
            reader = topics.reader_of(arrival.topic)
        except ValueError:
            return Case(arrival, refused=Code.MALFORMED)
        try:
            return self._settle(arrival, reader, now_ms)
        except WireError as error:
            log.info("refused", code=error.code.value, topic_reader=reader)
            return Case(arrival, reader, refused=error.code)
        except Exception as error:
            # One request never takes the others down. The type only and no traceback:
            # the text of an error may quote what a person is called.
            log.warning("request failed", reader=reader, error=type(error).__name__)
            return Case(arrival, reader, refused=Code.BUSY)

    def _settle(self, arrival: Arrival, reader: ReaderId, now_ms: int) -> Case:
        opened = open_request(
            arrival.payload,
            topic_reader=reader,
            keys=self._keys,
            readers=partial(self._facilities.key, now_ms=now_ms),
            now_ms=now_ms,
        )
        settled = self._handler.settle(
            opened.message, opened.reader_id, opened.envelope_id, now_ms
        )
        return Case(arrival, reader, settled, opened.session)

    def _commit(self, cases: Sequence[Case], now_ms: int) -> list[tuple[Case, Kept]]:
        """Each case with what stands; a case that could not be kept is left out."""
        settled = [case.settled for case in cases if case.settled]
        audits = [_audit(case, case.refused, now_ms) for case in cases if case.refused]
        try:
            kept = iter(self._ledger.commit(settled, audits))
        except LedgerError as error:
            log.warning("commit failed", cases=len(cases), error=str(error))
            if len(cases) == 1:
                return []
            return [pair for case in cases for pair in self._commit([case], now_ms)]
        return [
            (case, next(kept) if case.settled else Kept(None, case.refused))
            for case in cases
        ]

    def _answer(self, case: Case, kept: Kept) -> None:
        if case.reader is None:
            return
        payload = self._sealed(case, case.reader, kept)
        self._line.publish(topics.answer(case.reader), payload)

    def _sealed(self, case: Case, reader: ReaderId, kept: Kept) -> bytes:
        now_ms = self._now_ms()
        message = kept.answer
        if kept.refused is Code.REQUEST_ID_REUSED and case.settled:
            message = self._reused(case.settled)
        if message is None or case.session is None:
            return sign_notice(
                kept.refused or Code.BUSY,
                hashlib.sha256(case.arrival.payload).digest(),
                reader_id=reader,
                at_ms=now_ms,
                signer=self._keys.signer,
            )
        return seal_answer(
            message,
            session=case.session,
            reader_id=reader,
            signer=self._keys.signer,
            sent_at_ms=now_ms,
            iv=self._random(12),
        )

    def _reused(self, settled: Settled) -> bytes:
        bare, usage = encode(refusal(settled)), settled.usage
        message, _ = proven(bare, usage.facility, usage.at, self._keys.signer)
        return message


def _audit(case: Case, code: Code, now_ms: int) -> Audit:
    # Of a reader that we do not know, not even the name is kept.
    known = code is not Code.READER_UNKNOWN
    return Audit(now_ms, code, (case.reader or "") if known else "")
