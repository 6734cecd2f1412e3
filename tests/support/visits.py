"""Plays a visit against the machine alone: events in, effects and screens out."""

from dataclasses import dataclass, field

from device.ports import Key
from device.session.effects import Effect, Show
from device.session.events import (
    Answered,
    CardIdentified,
    CardPut,
    DeadlinePassed,
    Event,
    KeyPressed,
    Looked,
    NumberTyped,
    NumberUnread,
    PhotoRead,
    PinTyped,
    Signed,
)
from device.session.machine import handle, start
from device.session.policy import Policy
from device.session.screens import screen
from device.session.session import Session
from device.session.state import Ask, CardFacts, Renewal, State
from protocol.codes import Decision, Outcome
from ui_eink.views import MoreTime, Problem, TakeCard, View

CARD = CardFacts(b"A" * 32, 3)
OTHER_CARD = CardFacts(b"B" * 32, 3)
ASKS = (
    Ask("diagnosis_and_drugs", Decision.UNANSWERED),
    Ask("operation"),
    Ask("checkup"),
)
RETURNING = (
    Ask("diagnosis_and_drugs", Decision.GRANTED),
    Ask("operation", Decision.REFUSED),
    Ask("checkup"),
)
"""Two answers stand from last time."""


@dataclass(slots=True)
class Play:
    policy: Policy = field(default_factory=Policy)
    now: float = 1000.0
    session: Session = field(init=False)
    effects: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session, _ = start(self.policy)

    def __call__(self, event: Event, after: float = 0.1) -> tuple[Effect, ...]:
        self.now += after
        self.session, effects = handle(self.session, event, self.now)
        self.effects.extend(effects)
        return effects

    def state(self) -> State:
        return self.session.state

    def view(self) -> View:
        return screen(self.session)

    def problem(self) -> str:
        view = self.view()
        assert isinstance(view, Problem)
        return view.code

    def pending(self) -> bool:
        view = self.view()
        assert isinstance(view, TakeCard)
        return view.pending

    def keys(self, *keys: Key) -> tuple[Effect, ...]:
        last: tuple[Effect, ...] = ()
        for key in keys:
            last = self(KeyPressed(key))
        return last

    def wait(self) -> tuple[Effect, ...]:
        """In silence until the wait is over, and not a moment longer."""
        effects = self.until_deadline()
        return self.until_deadline() if self.session.warned else effects

    def until_deadline(self) -> tuple[Effect, ...]:
        """Where a person decides, that is the warning."""
        assert self.session.deadline is not None
        self.now = self.session.deadline
        return self(DeadlinePassed(), after=0.0)

    def until_warned(self) -> "Play":
        self.until_deadline()
        assert self.view() == MoreTime()
        return self

    def shown(self) -> list[str]:
        return [type(e.view).__name__ for e in self.effects if isinstance(e, Show)]

    def all_of(self, kind: type[Effect]) -> list[Effect]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    # -- the usual way ---------------------------------------------------------
    def to_choosing(self, card: CardFacts = CARD) -> "Play":
        self(CardPut())
        self(CardIdentified(self.session.ticket, card, face=True))
        assert self.state() is State.CHOOSING
        return self

    def to_entering_number(self, digits: int = 14) -> "Play":
        """Nothing could read the card's face; so many digits are typed already."""
        self.to_choosing().keys(Key.K1)
        self(NumberUnread(self.session.ticket))
        assert self.state() is State.ENTERING_NUMBER
        for typed in range(1, digits + 1):
            self(NumberTyped(typed))
        return self

    def to_looking(self, card: CardFacts = CARD) -> "Play":
        self.to_choosing(card).keys(Key.K1)
        self(PhotoRead(self.session.ticket))
        assert self.state() is State.LOOKING
        return self

    def to_signing_by_face(self) -> "Play":
        self.to_looking()(Looked(self.session.ticket, matched=True))
        assert self.state() is State.SIGNING
        return self

    def type_pin(self) -> tuple[Effect, ...]:
        for digits in range(1, 5):
            self(PinTyped(digits))
        return self.keys(Key.ENTER)

    def to_checking(self) -> "Play":
        self.to_signing_by_face()(Signed(self.session.ticket))
        assert self.state() is State.CHECKING
        return self

    def answer(
        self,
        outcome: Outcome = Outcome.ACCEPTED,
        asks: tuple[Ask, ...] = ASKS,
        *,
        withheld: bool = False,
        renewal: Renewal | None = None,
    ) -> tuple[Effect, ...]:
        """The cloud's answer to the question that is open."""
        assert self.session.asked is not None
        accepted = outcome is Outcome.ACCEPTED
        told = asks if accepted and not withheld else ()
        return self(
            Answered(self.session.asked, outcome, None, told, withheld, renewal)
        )

    def to_consenting(self, asks: tuple[Ask, ...] = ASKS) -> "Play":
        self.to_checking().answer(asks=asks)
        assert self.state() is State.CONSENTING
        return self
