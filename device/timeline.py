"""What happened in the last visits, to the millisecond: in memory only, nobody in it.

A `Course` is one visit as a value, and `Timeline` keeps the last few. The shell tells
it every step of the machine; the words are those of timeline_words.py and no others.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from device.session.effects import (
    Deliver,
    Effect,
    Play,
    Record,
    SetLight,
    Show,
    StopErrand,
)
from device.session.events import (
    CardGone,
    CardPut,
    DeadlinePassed,
    DeliveryFailed,
    Event,
    KeyPressed,
    ListeningChanged,
    NumberTyped,
    PinTyped,
    ServiceChanged,
)
from device.session.session import Session
from device.session.state import ENDED, PATIENT_THINKS, UNIDENTIFIED, State
from device.timeline_words import Kind, words_of_effect, words_of_event

VISITS = 20
LONGEST = 1000
"""Rows, and steps, that one visit keeps: its last ones."""
PERSONS_TIME = PATIENT_THINKS | ENDED
"""Once a visit is decided, the reader waits for somebody to take a card."""
_NOT_BETWEEN = UNIDENTIFIED | ENDED | {State.READY}
"""Before the card has signed, or after the visit was decided."""


@dataclass(frozen=True, slots=True)
class Row:
    ms: int
    """Since the visit began, with its card."""
    kind: Kind
    name: str
    detail: str
    person: bool
    """It belongs to a person's time, else to the machine's."""


@dataclass(frozen=True, slots=True)
class Step:
    """A state that was entered and left."""

    state: str
    ms: int
    person: bool
    """It was a person's time, else the machine's."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one visit went so far."""

    visit: int
    """The tap: 1 is the first since the reader was switched on."""
    began: float
    """Monotonic seconds."""
    state: State
    since: float
    """When `state` was entered."""
    rows: tuple[Row, ...] = ()
    steps: tuple[Step, ...] = ()
    presses: int = 0
    """From identity, which is the card's signature, until the visit was decided."""

    def with_row(self, line: "Line", now: float) -> "Course":
        row = Row(self._ms(now), line.kind, line.name, line.detail, line.person)
        return replace(self, rows=(*self.rows, row)[-LONGEST:])

    def enter(self, state: State, now: float) -> "Course":
        """READY ends a visit: it is nobody's."""
        if state is self.state:
            return self
        # Rounded where they meet, so that many short steps add up to the whole.
        ms = self._ms(now) - self._ms(self.since)
        left = Step(self.state.value, ms, self.state in PERSONS_TIME)
        steps = (*self.steps, left)[-LONGEST:]
        return replace(self, state=state, since=now, steps=steps)

    def _ms(self, at: float) -> int:
        return round((at - self.began) * 1000)


@dataclass(frozen=True, slots=True)
class Line:
    """A row to be, and whose visit it belongs to."""

    visit: int
    kind: Kind
    name: str
    detail: str
    person: bool


class Timeline:
    """The last visits, oldest first."""

    def __init__(self, size: int = VISITS) -> None:
        self._courses: deque[Course] = deque(maxlen=size)
        self.rows_ever = 0

    @property
    def latest(self) -> Course | None:
        """The present visit, or the last one when nobody is there."""
        return self._courses[-1] if self._courses else None

    def of(self, visit: int) -> Course | None:
        """None: there was none, or it is forgotten."""
        return next((each for each in self._courses if each.visit == visit), None)

    def told(
        self,
        was: Session,
        event: Event,
        session: Session,
        effects: tuple[Effect, ...],
        now: float,
    ) -> None:
        """One step of the machine. What changes nothing is none; a press always is."""
        if session == was and not effects and not is_press(event):
            return
        if session.tap != was.tap:
            self._enter(was.tap, State.READY, now)
            begun = Course(session.tap, now, session.state, now)
            self._courses.append(begun)
        self._enter(session.tap, session.state, now)
        if is_press(event) and was.state not in _NOT_BETWEEN:
            course = self.of(was.tap)
            if course is not None:
                self._keep(replace(course, presses=course.presses + 1))
        for line in lines(was, event, session, effects, now):
            self._add(line, now)

    def _enter(self, visit: int, state: State, now: float) -> None:
        course = self.of(visit)
        if course is not None:
            self._keep(course.enter(state, now))

    def _add(self, line: Line, now: float) -> None:
        course = self.of(line.visit)
        if course is not None:
            self._keep(course.with_row(line, now))
            self.rows_ever += 1

    def _keep(self, course: Course) -> None:
        at = next(i for i, it in enumerate(self._courses) if it.visit == course.visit)
        self._courses[at] = course


def is_press(event: Event) -> bool:
    return isinstance(event, KeyPressed | PinTyped | NumberTyped)


def lines(
    was: Session,
    event: Event,
    session: Session,
    effects: tuple[Effect, ...],
    now: float,
) -> Iterator[Line]:
    """What one step of the machine has to tell: what happened, where it led, and what
    was asked for. Of nobody's visit there is nothing to tell."""
    there = None if was.state is State.READY else was.tap
    begun = None if session.tap == was.tap else session.tap
    after = session.state in PERSONS_TIME
    for visit, happened in _events(was, event, there, begun, now):
        if visit is not None:
            words, person = words_of_event(happened), was.state in PERSONS_TIME
            yield Line(visit, Kind.EVENT, *words, person)
    present = begun if begun is not None else there
    if present is not None and (begun or session.state is not was.state):
        yield Line(present, Kind.STATE, session.state.value, "", after)
    for effect in effects:
        visit = _asked_for(effect, there, present)
        if visit is not None:
            yield Line(visit, *words_of_effect(effect), after)


def _events(
    was: Session, event: Event, there: int | None, begun: int | None, now: float
) -> Iterator[tuple[int | None, Event]]:
    """The event, and before it the deadline that was overdue when it came."""
    overdue = was.deadline is not None and now >= was.deadline
    if overdue:
        yield there, DeadlinePassed()
    match event:
        case CardPut() | ServiceChanged() | ListeningChanged():
            yield begun if begun is not None else there, event
        case DeadlinePassed():
            pass  # Told already; or the alarm's time alone, and that is heard.
        case CardGone() | KeyPressed() | PinTyped() | NumberTyped():
            yield there, event
        case DeliveryFailed(tap):
            yield tap, event
        case _:
            yield event.ticket.tap, event


def _asked_for(effect: Effect, there: int | None, present: int | None) -> int | None:
    match effect:
        case Show() | SetLight() | Play():
            return present
        case StopErrand():
            return there
        case Deliver(tap) | Record(tap):
            return tap
        case _:
            return effect.ticket.tap
