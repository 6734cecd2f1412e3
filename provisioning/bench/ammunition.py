"""What is shot at a service, and how its answers are told apart afterwards."""

import time
from collections.abc import Sequence
from typing import Protocol

from protocol.codec import decode_answer
from protocol.codes import Outcome
from protocol.ids import RequestId
from protocol.messages import VerificationAnswer
from protocol.notice import is_notice
from provisioning.bench.load import Heard, Shot
from provisioning.bench.stock import Box, Question


class WrongAnswerError(Exception):
    """A figure would be about answers that are not answers."""


class Ammunition(Protocol):
    def shots(self, times: Sequence[float]) -> list[Shot]:
        """Fresh messages for these times."""
        ...

    def rest(self) -> list[Shot]:
        """All that is left, without times."""
        ...

    def latencies_ms(
        self, shots: Sequence[Shot], heard: Sequence[Heard]
    ) -> list[float]:
        """From the time of each shot to its answer. Raises WrongAnswerError."""
        ...


class Stock:
    """Questions are taken in order, and sealed when they are taken."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._left = list(reversed(questions))
        self.asked: dict[bytes, Question] = {}

    def shots(self, times: Sequence[float]) -> list[Shot]:
        return [self._shot(self._left.pop(), at) for at in times]

    def rest(self) -> list[Shot]:
        return self.shots([0.0] * len(self._left))

    def _shot(self, question: Question, at: float) -> Shot:
        sealed = question.box.seal(question.message, time.time_ns() // 1_000_000)
        self.asked[sealed] = question
        return Shot(question.box.name, sealed, at)


class Echo(Stock):
    """The same messages, expected back as they are."""

    def latencies_ms(
        self, shots: Sequence[Shot], heard: Sequence[Heard]
    ) -> list[float]:
        sent = {shot.payload: shot.after_s for shot in shots}
        return [(one.after_s - sent[one.payload]) * 1000 for one in heard]


class Verifications(Stock):
    """Answers are opened, verified and matched after the step, not during it."""

    def latencies_ms(
        self, shots: Sequence[Shot], heard: Sequence[Heard]
    ) -> list[float]:
        sent = {self.asked[shot.payload].request_id: shot.after_s for shot in shots}
        boxes = {question.box.name: question.box for question in self.asked.values()}
        answers = [(self._request(boxes[one.reader], one), one) for one in heard]
        return [(one.after_s - sent[request]) * 1000 for request, one in answers]

    @staticmethod
    def _request(box: Box, heard: Heard) -> RequestId:
        if is_notice(heard.payload):
            raise WrongAnswerError("the cloud refused an envelope")
        now_ms = time.time_ns() // 1_000_000
        answer = decode_answer(box.open(heard.payload, now_ms))
        if not isinstance(answer, VerificationAnswer):
            raise WrongAnswerError(f"the cloud refused a request: {answer.kind}")
        if answer.outcome is Outcome.REFUSED and answer.code not in _OF_THE_SEED:
            raise WrongAnswerError(f"the cloud refused a card: {answer.code}")
        return answer.request_id


_OF_THE_SEED = frozenset({"R602", "R604"})
"""Some fictitious persons have lost their insurance, or are on hold."""
