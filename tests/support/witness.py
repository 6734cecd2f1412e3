"""Watches a visit through any history of events, and objects to what must not be."""

from dataclasses import dataclass, field, replace

from device.ports import Key, Sound
from device.session.effects import (
    AskRegistration,
    AskVerification,
    Deliver,
    Effect,
    LookWithNumber,
    Play,
    Record,
    SendConsent,
    SetLight,
    Show,
    SignWithPin,
    SignWithTerminal,
)
from device.session.events import (
    Answered,
    CardIdentified,
    CardPut,
    ConsentRecorded,
    DeadlinePassed,
    Event,
    KeyPressed,
    Looked,
    NumberTyped,
    PhotoRead,
    PinTyped,
    Signed,
)
from device.session.machine import handle
from device.session.session import Session
from device.session.state import ENDED, TO_TAKE, TOLD, UNHURRIED, Ending, State
from protocol.codes import Decision, Method, Outcome
from tests.support.matrix import RENEWAL, events
from tests.support.visits import CARD, RETURNING

LANGUAGE = KeyPressed(Key.LANGUAGE)
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
    vouched: set[int] = field(default_factory=set)
    alarms: list[float] = field(default_factory=list)
    """When one sounded."""

    def step(self, event: Event, after: float) -> None:
        self.now += after
        was = self.session
        met = self._met(was)
        self._remember(met, event)
        self.session, effects = handle(was, event, self.now)
        self._taken_back(met, event)
        for effect in effects:
            self._judge(met, event, effect)
            if effect == Play(Sound.ALARM):
                self.alarms.append(self.now)
        self._rest()
        self._time(met)
        if met.warned:
            self._warned(met, event, effects)
        if isinstance(event, DeadlinePassed) and not self._overdue(was):
            assert (self.session, effects) == (was, ())
        if isinstance(event, Answered | ConsentRecorded):
            self._late(met, event, effects)

    def _overdue(self, was: Session) -> bool:
        return was.due is not None and self.now >= was.due

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
        covered = met.choosing_language or met.warned
        return met.state is State.CONSENTING and not covered

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
            case SignWithTerminal(ticket, method):
                staff = event == KeyPressed(Key.STAFF)
                match_now = event == Looked(met.ticket, matched=True)
                assert staff or (match_now and met.policy.mode == "auto")
                assert staff == (method is Method.VISUAL)
                assert met.policy.terminal
                assert ticket.tap == met.tap
                # The staff key vouches once, for the card that lies there.
                assert not staff or (met.card_on and met.tap not in self.vouched)
                self.vouched |= {met.tap} if staff else set()
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

    def _time(self, met: Session) -> None:
        """How long is waited: for a person at their pace, for a machine as written."""
        session = self.session
        policy, state = session.policy, session.state
        assert 1.0 <= session.pace <= policy.pace_most
        assert not session.warned or state in UNHURRIED
        assert not (session.warned and session.choosing_language)
        assert session.extensions <= policy.most_extensions
        if session.tap != met.tap or state is State.READY:
            assert (session.pace, session.warned, session.alarms) == (1.0, False, 0)
        lies = session.card_on and state in TO_TAKE
        assert not lies or session.alarm_at is not None
        assert bool(session.alarms) <= session.card_on
        left = state is State.AWAY and met.state not in {State.AWAY, State.RECOGNISING}
        assert not left or session.keep_until == self.now + policy.resume_window_s
        if session.deadline is None or state is State.READY:
            return
        most = policy.waits_s.get(state, policy.countdown_step_s)
        if state is State.THANK_YOU:
            most = max(most, policy.page_wait_s)
        if state in UNHURRIED | TOLD:
            most = most * policy.pace_most
        if state is State.PROBLEM:
            # A card that goes at the last moment leaves time to read.
            most += policy.gone_pace_s
        if session.warned:
            assert session.deadline <= self.now + policy.warning_s + 1e-6
        else:
            assert session.deadline - session.since <= most + 1e-6

    def _warned(self, met: Session, event: Event, effects: tuple[Effect, ...]) -> None:
        """A key there gives time and says nothing else."""
        key = isinstance(event, KeyPressed | PinTyped | NumberTyped)
        if not key or event in {KeyPressed(Key.CANCEL), KeyPressed(Key.STAFF)}:
            return
        session = self.session
        assert not session.warned
        assert session.extensions == met.extensions + 1
        assert session == replace(
            met,
            choosing_language=event == LANGUAGE,
            warned=False,
            deadline=session.deadline,
            since=self.now,
            extensions=session.extensions,
            pace=session.pace,
        )
        assert session.deadline == self.now + (session.wait_s(session.state) or 0)
        assert all(isinstance(one, Show | SetLight | Play) for one in effects)

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
