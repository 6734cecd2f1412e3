"""The lock-out: five failures lock, and nothing but lived time opens again."""

from hypothesis import given
from hypothesis import strategies as st

from device.face.lockout import (
    FAILURES_MOST,
    LOCKED_S,
    REMEMBERED_S,
    Book,
    begun,
    lived,
    locked,
    passed,
)

CARD, OTHER = b"card", b"other"


def failed(times: int, book: Book | None = None) -> Book:
    found: Book = book or {}
    for _ in range(times):
        found = begun(found, CARD)
    return found


def test_five_failures_lock_the_card_and_four_do_not() -> None:
    assert not locked(failed(4), CARD)
    assert locked(failed(5), CARD)


def test_a_stranger_locks_out_nobody_else() -> None:
    assert not locked(failed(9), OTHER)


def test_a_turn_that_was_seen_starts_afresh() -> None:
    assert not locked(failed(4, passed(failed(4), CARD)), CARD)


def test_a_lock_opens_after_half_an_hour_of_life() -> None:
    book = failed(5)
    assert locked(lived(book, LOCKED_S - 1), CARD)
    assert not locked(lived(book, LOCKED_S), CARD)


def test_trying_does_not_make_a_lock_longer() -> None:
    book = begun(lived(failed(5), LOCKED_S - 1), CARD)
    assert not locked(lived(book, 1), CARD)


def test_single_failures_are_forgotten_after_an_hour() -> None:
    assert lived(failed(4), REMEMBERED_S) == {}


EVENTS = st.lists(
    st.one_of(st.just("try"), st.just("pass"), st.floats(0, 4000)), max_size=60
)


@given(EVENTS)
def test_no_history_gets_past_five_failures(history: list[str | float]) -> None:
    """A locked card stays locked until so much time was lived, whatever is tried."""
    book: Book = {}
    failures, since = 0, 0.0
    for event in history:
        before = locked(book, CARD)
        if event == "try" and not before:
            book = begun(book, CARD)
            failures, since = failures + 1, 0.0
        elif event == "pass" and not before:
            book, failures = passed(book, CARD), 0
        elif isinstance(event, float):
            book, since = lived(book, event), since + event
            if failures and since >= (LOCKED_S if before else REMEMBERED_S):
                failures = 0
        assert locked(book, CARD) == (failures >= FAILURES_MOST)
