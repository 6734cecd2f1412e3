"""Time after any history, as a punctual shell keeps it: pace, bounds and the alarm."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from device.session.events import CardGone, DeadlinePassed, Event
from device.session.machine import start
from device.session.policy import Policy
from device.session.state import ENDED, TO_TAKE, UNHURRIED, State
from tests.support.witness import Witness

POLICY = Policy()
LONGEST_S = max(
    wait * (POLICY.pace_most if state in UNHURRIED else 1)
    for state, wait in POLICY.waits_s.items()
)
"""A call for staff by somebody slow: six minutes."""
BOUND_S = (
    LONGEST_S
    + POLICY.warning_s
    + max(wait for state, wait in POLICY.waits_s.items() if state not in UNHURRIED)
)
"""One wait of a person with its warning, and a machine's: about seven minutes."""


@dataclass(slots=True)
class Punctual:
    """Calls the machine when it wants to be called, and notes how long a card lies."""

    witness: Witness
    lying: list[tuple[float, float, float]] = field(default_factory=list)
    """From when to when a card was asked for, and seconds to its first alarm."""
    _since: float | None = None
    _first: float = 0.0

    def until(self, end: float) -> None:
        while (due := self.witness.session.due) is not None and due <= end:
            self._step(DeadlinePassed(), due)

    def step(self, event: Event, after: float) -> None:
        at = self.witness.now + after
        self.until(at)
        self._step(event, at)

    def _step(self, event: Event, at: float) -> None:
        witness = self.witness
        witness.step(event, max(0.0, at - witness.now))
        state, on = witness.session.state, witness.session.card_on
        asked = state in TO_TAKE or (state is State.PROBLEM and self._since is not None)
        if on and asked and self._since is None:
            self._since = witness.now
            left = state is State.CARD_LEFT
            self._first = 0.0 if left else POLICY.alarm_after_s
        elif not (on and asked) and self._since is not None:
            self.lying.append((self._since, witness.now, self._first))
            self._since = None

    def expected(self) -> list[float]:
        """Every alarm that should have been heard."""
        now, found = self.witness.now, [*self.lying]
        if self._since is not None:
            found.append((self._since, now, self._first))
        times = []
        for since, taken, first in found:
            at = since + first
            while at <= taken + 1e-6:
                times.append(at)
                at += POLICY.alarm_every_s
        return times


AFTER = st.sampled_from((0.1, 0.3, 0.5, 2.0, 7.0, 19.0, 33.0, 70.0))
STEP = st.tuples(st.integers(0, 10_000), AFTER, st.integers(0, 3))


def walked(steps: list[tuple[int, float, int]], *, again: bool) -> Punctual:
    shell = Punctual(Witness(start(POLICY)[0]))
    if again:
        shell.witness.comes_again()
    for number, after, kind in steps:
        choices = shell.witness.choices(kind)
        shell.step(choices[number % len(choices)], after)
    return shell


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=50), st.booleans())
def test_a_card_left_behind_sounds_within_three_seconds_and_every_fifteen(
    steps: list[tuple[int, float, int]], again: bool
) -> None:
    shell = walked(steps, again=again)
    shell.until(shell.witness.now + 50.0)
    heard = [round(at, 3) for at in shell.witness.alarms]
    assert heard == [round(at, 3) for at in shell.expected()]


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=50), st.booleans(), st.booleans())
def test_a_visit_that_falls_silent_is_decided_in_about_seven_minutes(
    steps: list[tuple[int, float, int]], again: bool, taken: bool
) -> None:
    shell = walked(steps, again=again)
    if taken and shell.witness.session.card_on:
        shell.step(CardGone(), 0.0)
    tap = shell.witness.session.tap
    shell.until(shell.witness.now + BOUND_S)
    session = shell.witness.session
    over = session.state is State.READY or session.state in ENDED
    assert over or session.tap != tap
    assert BOUND_S <= 425.0
