"""Readers do not come back all in the same second."""

from hypothesis import given
from hypothesis import strategies as st

from device.adapters.backoff import LIMIT_S, Backoff


def test_the_first_attempt_does_not_wait() -> None:
    assert Backoff(lambda: 0.99).next_s() == 0.0


def test_a_lost_connection_waits_before_the_next() -> None:
    backoff = Backoff(lambda: 0.5)
    backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0.5


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_the_wait_doubles_up_to_its_limit(failures: int, chance: float) -> None:
    backoff = Backoff(lambda: chance)
    waits = [backoff.next_s() for _ in range(failures + 1)]
    assert waits[1:] == [
        chance * min(LIMIT_S, 2.0 ** min(n, 16)) for n in range(failures)
    ]
