"""What holds after any history of events, in any order, at any pace."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from device.session.events import CardGone, DeadlinePassed
from device.session.machine import start
from device.session.policy import Policy
from device.session.screens import screen
from device.session.state import State
from protocol.codes import Decision
from tests.support.witness import Witness
from ui_eink.views import ConfirmConsent

POLICIES = (Policy(), Policy(mode="assist"), Policy(terminal=False))
PACE = st.sampled_from((0.0, 0.1, 0.1, 0.1, 2.0, 9.0, 31.0, 61.0, 130.0))
STEP = st.tuples(st.integers(0, 10_000), PACE, st.integers(0, 3))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(POLICIES), st.booleans(), st.lists(STEP, max_size=60))
def test_nothing_but_the_patient_and_the_cloud_says_yes(
    policy: Policy, again: bool, steps: list[tuple[int, float, int]]
) -> None:
    witness = Witness(start(policy)[0])
    if again:
        witness.comes_again()
    for number, after, kind in steps:
        choices = witness.choices(kind)
        witness.step(choices[number % len(choices)], after)


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, max_size=40))
def test_every_history_ends_at_ready_once_the_card_is_gone(
    steps: list[tuple[int, float, int]],
) -> None:
    witness = Witness(start(Policy())[0])
    for number, after, kind in steps:
        choices = witness.choices(kind)
        witness.step(choices[number % len(choices)], after)
    if witness.session.card_on:
        witness.step(CardGone(), 0.0)
    for _ in range(40):
        if witness.session.state is State.READY:
            break
        deadline = witness.session.deadline
        assert deadline is not None
        witness.step(DeadlinePassed(), max(0.0, deadline - witness.now))
    assert witness.session.state is State.READY


def test_the_witness_reaches_the_far_states() -> None:
    """The histories above are not all short: a fixed one goes through consent."""
    witness = Witness(start(Policy())[0])
    random = Random(1)  # noqa: S311 (a fixed walk)
    seen = set()
    confirmed = extended = 0
    for _ in range(3000):
        if witness.session.state is State.READY:
            witness.comes_again()
        choices = witness.choices(random.randrange(4))
        slow = random.random() < 0.02
        witness.step(random.choice(choices), 61.0 if slow else 0.1)
        extended += bool(witness.session.extensions)
        seen.add(witness.session.state)
        confirmed += isinstance(screen(witness.session), ConfirmConsent)
    assert {State.CONSENTING, State.SENDING_CONSENT, State.AWAY} <= seen
    assert State.RENEWAL in seen
    assert confirmed
    assert extended
    assert witness.vouched
    assert witness.alarms
    assert Decision.GRANTED in witness.pressed.values()
