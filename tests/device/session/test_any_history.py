"""What holds after any history of events, in any order, at any pace."""

from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from device.ports import Key
from device.session.effects import (
    AskRegistration,
    AskVerification,
    Deliver,
    Effect,
    LookWithNumber,
    Record,
    SendConsent,
    SignWithPin,
    SignWithTerminal,
)
from device.session.events import (
    Answered,
    CardGone,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    Event,
    KeyPressed,
    Looked,
    PhotoRead,
    Signed,
)
from device.session.machine import handle, start
from device.session.policy import Policy
from device.session.screens import screen
from device.session.session import Session
from device.session.state import ENDED, Ending, State
from protocol.codes import Decision, Outcome
from tests.support.matrix import RENEWAL, events
from tests.support.visits import CARD, RETURNING
from ui_eink.views import ConfirmConsent

POLICIES = (Policy(), Policy(mode="assist"), Policy(terminal=False))
UNTIMED = {State.READY, State.CARD_LEFT}


@dataclass(slots=True)
class Witness:
    """Remembers what was pressed and answered, and objects to everything else."""

    session: Session
    now: float = 100.0
    accepted: set[int] = field(default_factory=set)
    pressed: dict[tuple[int, str], Decision] = field(default_factory=dict)
    signed: set[int] = field(default_factory=set)
    recorded: set[int] = field(default_factory=set)

    def step(self, event: Event, after: float) -> None:
        self.now += after
        was = self.session
        met = self._met(was)
        self._remember(met, event)
        self.session, effects = handle(was, event, self.now)
        self._taken_back(met, event)
        for effect in effects:
            self._judge(met, event, effect)
        self._rest()
        if isinstance(event, DeadlinePassed) and not self._overdue(was):
            assert (self.session, effects) == (was, ())
        if isinstance(event, Answered | ConsentRecorded):
            self._late(met, event, effects)

    def _overdue(self, was: Session) -> bool:
        return was.deadline is not None and self.now >= was.deadline

    def _met(self, was: Session) -> Session:
        """The session that an event of this moment really meets."""
        if self._overdue(was):
            return handle(was, DeadlinePassed(), self.now)[0]
        return was

    def _remember(self, met: Session, event: Event) -> None:
        match event:
            case Answered(met.asked, Outcome.ACCEPTED):
                self.accepted.add(met.tap)
            case Signed(met.ticket) if met.state is State.SIGNING:
                self.signed.add(met.tap)
            case KeyPressed(Key.K1 | Key.ENTER) if self._confirming(met):
                for ask in met.asks:
                    if ask.item not in dict(met.decisions) and ask.standing:
                        self.pressed[met.tap, ask.item] = ask.standing
            case KeyPressed(Key.K1 | Key.K3) if self._asking(met):
                item = met.open_asks[len(met.decisions)].item
                yes = event.key is Key.K1
                said = Decision.GRANTED if yes else Decision.REFUSED
                self.pressed[met.tap, item] = said

    def _confirming(self, met: Session) -> bool:
        return self._consenting(met) and met.question is None

    def _asking(self, met: Session) -> bool:
        return self._consenting(met) and met.question is not None

    def _consenting(self, met: Session) -> bool:
        return met.state is State.CONSENTING and not met.choosing_language

    def _taken_back(self, met: Session, event: Event) -> None:
        """What was answered goes only when the patient says so."""
        if self.session.tap != met.tap or self.session.state is State.READY:
            return
        gone = dict(met.decisions).keys() - dict(self.session.decisions).keys()
        if gone:
            back = event == KeyPressed(Key.CLEAR)
            assert back or (event == KeyPressed(Key.K3) and self._confirming(met))
        for item in gone:
            del self.pressed[met.tap, item]

    def _judge(self, met: Session, event: Event, effect: Effect) -> None:
        match effect:
            case SendConsent(ticket, decisions):
                assert ticket.tap in self.accepted
                for item, decision in decisions:
                    said = self.pressed.get((ticket.tap, item), Decision.UNANSWERED)
                    assert decision is said
            case SignWithPin():
                assert event == KeyPressed(Key.ENTER)
                assert met.digits == met.policy.pin_digits
            case LookWithNumber():
                again = met.state is State.LOOKING and met.typed
                assert again or (event, met.digits) == (KeyPressed(Key.ENTER), 14)
            case SignWithTerminal():
                staff = event == KeyPressed(Key.STAFF)
                match_now = event == Looked(met.ticket, matched=True)
                assert staff or (match_now and met.policy.mode == "auto")
                assert met.policy.terminal
            case AskVerification(ticket):
                assert ticket.tap in self.signed
            case AskRegistration():
                assert event == KeyPressed(Key.K1)
            case Record(tap, ending):
                assert tap not in self.recorded
                self.recorded.add(tap)
                assert ending is not Ending.ACCEPTED or tap in self.accepted
            case _:
                pass

    def _rest(self) -> None:
        session = self.session
        chosen = session.lang is not session.policy.lang or session.choosing_language
        waits = session.state is State.READY and chosen
        untimed = session.state in UNTIMED and not waits
        assert (session.deadline is None) == untimed
        if session.state is State.READY:
            assert session.service.open <= (not session.card_on)
        if session.ending is Ending.ACCEPTED or session.state is State.CONSENTING:
            assert session.tap in self.accepted
        for item, decision in session.decisions:
            said = self.pressed.get((session.tap, item), Decision.UNANSWERED)
            assert decision is said

    def _late(
        self,
        met: Session,
        event: Answered | ConsentRecorded,
        effects: tuple[Effect, ...],
    ) -> None:
        if event.ticket.tap != met.tap:
            assert self.session == met
            assert effects[-1] == Deliver(event.ticket.tap)

    def comes_again(self) -> None:
        """By face to the questions, of which two were answered last time."""
        for event in (CardPut(), "identified", KeyPressed(Key.K1), "photo", "looked"):
            self.step(self._answer(event), 0.1)
        if self.session.state is not State.SIGNING:
            return
        self.step(Signed(self.session.ticket), 0.1)
        asked = self.session.asked or self.session.ticket
        outcome = Outcome.ACCEPTED
        told = Answered(asked, outcome, None, RETURNING, renewal=RENEWAL)
        self.step(told, 0.1)

    def _answer(self, event: Event | str) -> Event:
        ticket = self.session.ticket
        match event:
            case "identified":
                return CardIdentified(ticket, CARD, face=True)
            case "photo":
                return PhotoRead(ticket)
            case "looked":
                return Looked(ticket, matched=True)
            case str():
                raise ValueError(event)
            case _:
                return event

    def choices(self, kind: int) -> list[Event]:
        """0: all events of the matrix; 1: those that change something now; more:
        those that also lead on, because a blind walk seldom reaches a consent."""
        every = [event for _, event in events(self.session)]
        if kind == 0:
            return every
        after = [(e, handle(self.session, e, self.now)[0]) for e in every]
        ends = ENDED if kind > 1 and self.session.state not in ENDED else frozenset()
        return [
            e
            for e, session in after
            if session != self.session and session.state not in ends and e != LANGUAGE
        ] or every


LANGUAGE = KeyPressed(Key.LANGUAGE)
PACE = st.sampled_from((0.0, 0.1, 0.1, 0.1, 2.0, 9.0, 31.0, 130.0))
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
    confirmed = 0
    for _ in range(3000):
        if witness.session.state is State.READY:
            witness.comes_again()
        choices = witness.choices(random.randrange(4))
        witness.step(random.choice(choices), 0.1)
        seen.add(witness.session.state)
        confirmed += isinstance(screen(witness.session), ConfirmConsent)
    assert {State.CONSENTING, State.SENDING_CONSENT, State.AWAY} <= seen
    assert State.RENEWAL in seen
    assert confirmed
    assert Decision.GRANTED in witness.pressed.values()
