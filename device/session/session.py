"""The session: one reader's present visit as a frozen value, and how it moves.

It holds no person: the card is a fingerprint, the answer is its outcome and the
items it asks about. What belongs to a person stays in the runtime's folder.
"""

from dataclasses import dataclass, replace

from device.face.model import Hint
from device.session.policy import Policy
from device.session.state import (
    TOLD,
    UNHURRIED,
    Ask,
    CardFacts,
    Decisions,
    Ending,
    Renewal,
    Service,
    State,
    TakeAlong,
    Ticket,
)
from protocol.catalogue import Code
from protocol.codes import Decision, Method
from ui_eink.views import Lang


@dataclass(frozen=True, slots=True)
class Session:
    policy: Policy = Policy()  # noqa: RUF009 (frozen)
    state: State = State.READY
    ticket: Ticket = Ticket()  # noqa: RUF009 (frozen)
    deadline: float | None = None
    """Monotonic seconds; when it passes, the state ends in a refusal or an abort. Where
    a person decides, they are warned first."""
    since: float = 0.0
    """Monotonic seconds; when this wait began."""
    warned: bool = False
    """ "Do you need more time?" lies over the state's own screen."""
    extensions: int = 0
    """How often this wait was given anew."""
    pace: float = 1.0
    """How much longer than usual this visit's person is waited for."""
    listening: bool = False
    """Headphones are in."""
    alarm_at: float | None = None
    """Monotonic seconds; the next alarm, while a card lies that should be taken."""
    alarms: int = 0
    """How many have sounded for it."""
    lang: Lang = Lang.JA
    choosing_language: bool = False
    """The choice lies over the state's own screen; the visit goes on under it."""
    service: Service = Service()  # noqa: RUF009 (frozen)
    card_on: bool = False

    card: CardFacts | None = None
    face: bool = False
    """Face is offered."""
    photo: bool = False
    """The photo of this tap has been read."""
    typed: bool = False
    """The photo is opened with the number that somebody typed."""
    numbers: int = 0
    """How often 照合番号B was typed to the end."""
    reads: int = 0
    attempts: int = 0
    hint: Hint | None = None
    supported: bool = False
    """Assist mode: the face matched, and somebody must still confirm it."""
    digits: int = 0
    wrong_before: bool = False
    method: Method | None = None

    asked: Ticket | None = None
    """The question to the cloud that is still open."""
    reachable: bool = True
    registering: bool = False
    asks: tuple[Ask, ...] = ()
    decisions: Decisions = ()
    changing: bool = False
    """The patient wants to answer everything anew."""
    helping: bool = False
    """The question's item is being explained."""
    renewal: Renewal | None = None
    withheld: bool = False
    page: TakeAlong | None = None
    """Only from the receipt to the end of the last screen."""

    resume: State | None = None
    """Where the same card goes on; only while it is away."""
    keep_until: float = 0.0
    seconds_left: int = 0
    released: bool = False
    """The card left after identity: nothing on the reader belongs to this visit."""

    ending: Ending | None = None
    code: Code | None = None

    @property
    def tap(self) -> int:
        return self.ticket.tap

    @property
    def pin(self) -> bool:
        """The PIN is offered: the card has one and it is not blocked."""
        return self.card is not None and self.card.tries_left > 0

    @property
    def tries_left(self) -> int | None:
        """The PIN tries left, once fewer than all are."""
        if self.card is None:
            return None
        few = 0 < self.card.tries_left < self.policy.pin_tries
        return self.card.tries_left if few else None

    @property
    def attempts_left(self) -> int:
        left = self.policy.face_attempts - self.attempts
        return max(0, left) if self.face else 0

    @property
    def due(self) -> float | None:
        """When the machine wants to be called, whatever happens until then."""
        times = [at for at in (self.deadline, self.alarm_at) if at is not None]
        return min(times, default=None)

    @property
    def stretch(self) -> float:
        """By how much a person's wait that begins now is longer than usual."""
        least = self.policy.listening_pace if self.listening else 1.0
        return min(max(self.pace, least), self.policy.pace_most)

    def wait_s(self, state: State) -> float | None:
        """How long the visit may rest there; None: as long as it takes."""
        wait = self.policy.waits_s.get(state)
        if state is State.THANK_YOU and self.page:
            wait = self.policy.page_wait_s
        at_ones_pace = state in UNHURRIED or state in TOLD
        return wait * self.stretch if wait is not None and at_ones_pace else wait

    def enter(self, state: State, now: float) -> "Session":
        """Come to rest in a state, with its deadline."""
        wait = self.wait_s(state)
        deadline = None if wait is None else now + wait
        return replace(
            self,
            state=state,
            deadline=deadline,
            since=now,
            warned=False,
            extensions=0,
        )

    def errand(self) -> "Session":
        """The next ticket: answers to every earlier one are stale from here on."""
        return replace(self, ticket=Ticket(self.tap, self.ticket.step + 1))

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        """What is asked now: only what has no answer from last time, unless the
        patient wants to change those too."""
        if self.changing:
            return self.asks
        return tuple(ask for ask in self.asks if not ask.answered)

    @property
    def question(self) -> int | None:
        """Which of `open_asks` is on the screen; None: all are answered, confirm."""
        at = len(self.decisions)
        return at if at < len(self.open_asks) else None

    @property
    def confirmed(self) -> Decisions:
        """What a yes to the confirmation says: what was pressed, and as last time."""
        given = dict(self.decisions)
        told = ((ask.item, given.get(ask.item, ask.standing)) for ask in self.asks)
        return tuple((item, said) for item, said in told if said is not None)

    def unanswered(self) -> Decisions:
        """Every item with its decision; what nobody pressed is unanswered."""
        given = dict(self.decisions)
        return tuple(
            (ask.item, given.get(ask.item, Decision.UNANSWERED)) for ask in self.asks
        )
