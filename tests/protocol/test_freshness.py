"""Too old, too early, or here before: each is refused, and nothing is forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import BusyError, ReplayedError, StaleError, WrongReaderError
from protocol.freshness import (
    MAX_LIFETIME_MS,
    WINDOW_MS,
    ReplayWindow,
    check_asker,
    check_lifetime,
    check_sent_at,
)
from protocol.messages import ConsentRequest
from tests.protocol import samples
from tests.protocol.samples import NOW


def asked(issued_at: int, expires_at: int) -> ConsentRequest:
    times = {"issued_at": issued_at, "expires_at": expires_at}
    return samples.consent().model_copy(update=times)


def test_a_second_time_is_a_replay() -> None:
    window = ReplayWindow()
    window.first_time(b"a" * 32, NOW)
    for later in (0, 1, WINDOW_MS, 2 * WINDOW_MS):
        with pytest.raises(ReplayedError):
            window.first_time(b"a" * 32, NOW + later)


def accept(window: ReplayWindow, sent_at: int, now: int) -> None:
    check_sent_at(sent_at, now)
    window.first_time(b"mine", now)


@given(
    st.integers(-WINDOW_MS, WINDOW_MS),
    st.lists(st.integers(0, 60_000), max_size=20),
    st.integers(0, 3 * WINDOW_MS),
)
def test_no_history_lets_an_envelope_in_twice(
    skew: int, others: list[int], later: int
) -> None:
    """Replay memory and time window together: one of them always refuses."""
    window, now, sent_at = ReplayWindow(), NOW, NOW + skew
    window.first_time(b"mine", now)
    for number, pause in enumerate(others):
        now += pause
        window.first_time(number.to_bytes(4, "big"), now)
    with pytest.raises((ReplayedError, StaleError)):
        accept(window, sent_at, now + later)


def test_the_memory_forgets_what_the_time_window_refuses() -> None:
    window = ReplayWindow()
    for number in range(100):
        window.first_time(number.to_bytes(4, "big"), NOW + number)
    window.first_time(b"later", NOW + 2 * WINDOW_MS + 100)
    assert len(window) == 1


def test_a_full_memory_refuses_instead_of_forgetting() -> None:
    window = ReplayWindow(2)
    window.first_time(b"a", NOW)
    window.first_time(b"b", NOW)
    with pytest.raises(BusyError):
        window.first_time(b"c", NOW)
    with pytest.raises(ReplayedError):
        window.first_time(b"a", NOW)
    window.first_time(b"c", NOW + 2 * WINDOW_MS + 1)


def test_a_lifetime_that_is_over_too_long_or_of_the_future_is_stale() -> None:
    for stale in (
        asked(NOW - 60_000, NOW),
        asked(NOW - 10, NOW - 1),
        asked(NOW, NOW + MAX_LIFETIME_MS + 1),
        asked(NOW + WINDOW_MS + 1, NOW + WINDOW_MS + 2),
    ):
        with pytest.raises(StaleError):
            check_lifetime(stale, NOW)


def test_a_request_kept_over_a_long_outage_is_still_taken() -> None:
    check_lifetime(asked(NOW - MAX_LIFETIME_MS + 1, NOW + 1), NOW)
    check_lifetime(asked(NOW + WINDOW_MS, NOW + WINDOW_MS + 1), NOW)


def test_a_message_that_names_another_reader_is_refused() -> None:
    with pytest.raises(WrongReaderError):
        check_asker(samples.consent(), samples.OTHER_READER)
    check_asker(samples.consent(), samples.READER)
