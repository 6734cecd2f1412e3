"""A pending question: repeated until answered, and answered only by its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import encode
from protocol.codes import Decision
from protocol.errors import WireError
from protocol.exchange import Pending, fits, pause_ms, request_hash
from protocol.messages import ConsentGrant, ConsentReceipt, Message, Refusal
from tests.protocol import samples
from tests.protocol.samples import NOW

VERIFICATION = encode(samples.verification())
REGISTRATION = encode(samples.registration())
CONSENT = encode(samples.consent())


def receipt(*granted: str, decision: Decision = Decision.GRANTED) -> ConsentReceipt:
    return ConsentReceipt(
        request_id=samples.request_id(2),
        request_hash=request_hash(CONSENT),
        reader_id=samples.READER,
        answered_at=NOW,
        grants=tuple(
            ConsentGrant(item=item, decision=decision, decided_at=NOW)
            for item in granted
        ),
    )


def refusal(number: int, request: bytes) -> Refusal:
    return Refusal(
        request_id=samples.request_id(number),
        request_hash=request_hash(request),
        reader_id=samples.READER,
        answered_at=NOW,
        code="M404",
    )


def test_an_answer_that_fits_in_all_but_one_thing_does_not_fit() -> None:
    good = samples.answer(VERIFICATION)
    changes: list[dict[str, Any]] = [
        {"request_id": samples.request_id(9)},
        {"request_hash": bytes(32)},
        {"reader_id": samples.OTHER_READER},
        {"visit_id": samples.request_id(9)},
    ]
    for change in changes:
        assert not fits(good.model_copy(update=change), VERIFICATION)
    assert fits(good, VERIFICATION)


def test_the_kind_of_answer_fits_the_kind_of_question() -> None:
    assert not fits(receipt(), VERIFICATION)
    assert not fits(samples.answer(CONSENT, 2), CONSENT)
    assert fits(samples.answer(REGISTRATION, 3), REGISTRATION)
    for number, request in enumerate((VERIFICATION, CONSENT, REGISTRATION), 1):
        assert fits(refusal(number, request), request)


def test_a_receipt_never_grants_what_was_not_pressed() -> None:
    """`operation` was granted, `checkup` left unanswered, the rest not asked."""
    assert not fits(receipt("checkup"), CONSENT)
    assert not fits(receipt("operation", "diagnosis_and_drugs"), CONSENT)
    assert not fits(receipt("diagnosis_and_drugs", decision=Decision.REFUSED), CONSENT)
    assert fits(receipt("checkup", decision=Decision.REFUSED), CONSENT)
    assert fits(receipt("operation", decision=Decision.REFUSED), CONSENT)
    assert fits(receipt("operation"), CONSENT)
    assert fits(receipt(), CONSENT)


def test_the_schedule_doubles_to_a_minute() -> None:
    pauses = [pause_ms(attempt) for attempt in range(9)]
    assert pauses == [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]


@given(st.lists(st.floats(0, 1, exclude_max=True), max_size=30))
def test_attempts_come_in_time_and_never_in_a_hurry(jitters: list[float]) -> None:
    pending, now = Pending.begin(VERIFICATION, NOW), NOW
    assert pending.due(NOW)
    for attempt, jitter in enumerate(jitters):
        again = pending.sent(now, jitter)
        pause = again.next_at_ms - now
        assert pause_ms(attempt) // 2 <= pause <= pause_ms(attempt)
        assert not again.due(again.next_at_ms - 1)
        assert again.request == pending.request
        pending, now = again, again.next_at_ms
        assert pending.due(now) is (now < pending.deadline_ms)


def test_after_the_deadline_nothing_is_sent() -> None:
    pending = Pending.begin(VERIFICATION, NOW)
    assert pending.deadline_ms == NOW + 60_000
    assert pending.over(NOW + 60_000)
    assert not pending.due(NOW + 60_000)


def test_jitter_is_a_fraction() -> None:
    for jitter in (-0.1, 1.0, 7.0):
        with pytest.raises(ValueError, match="jitter"):
            Pending.begin(VERIFICATION, NOW).sent(NOW, jitter)


@pytest.mark.parametrize("request_bytes", [b"", b"\xa0", encode(samples.body())])
def test_what_is_no_request_cannot_wait(request_bytes: bytes) -> None:
    with pytest.raises(WireError):
        Pending.begin(request_bytes, NOW)


def test_every_question_can_wait() -> None:
    questions: list[Message] = [
        samples.verification(),
        samples.consent(),
        samples.registration(),
    ]
    ids = [Pending.begin(encode(one), NOW).request_id for one in questions]
    assert ids == [samples.request_id(number) for number in (1, 2, 3)]
