"""A course: twelve patients, one after the other. A frozen value and pure moves.

Times are monotonic seconds, given with every event. A move that the present phase does
not know raises WrongPhaseError; what happens at the reader outside a case changes
nothing.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from device.simulated.training.case import Case
from device.simulated.training.cases import BY_ID, CASES
from device.simulated.training.happened import Happened, Visited
from device.simulated.training.score import (
    NOT_TAKEN,
    SKIPPED,
    Judged,
    judge,
    nothing,
)

T = TypeVar("T")

OPTIONS = 3


class WrongPhaseError(ValueError):
    """That is not possible now; the message says what is."""


class Phase(StrEnum):
    IDLE = "idle"
    """No course."""
    SCENE = "scene"
    """The patient stands there; no card was put down yet."""
    PLAYING = "playing"
    QUESTION = "question"
    JUDGED = "judged"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Course:
    seed: int = 0
    order: tuple[str, ...] = ()
    """Ids of the cases, as they come."""
    phase: Phase = Phase.IDLE
    began: float = 0.0
    """When the present patient came."""
    happened: Happened = field(default_factory=Happened)
    judged: tuple[Judged, ...] = ()

    @property
    def number(self) -> int:
        """Of the present case, from 0."""
        return len(self.judged) - (self.phase is Phase.JUDGED)

    @property
    def case(self) -> Case | None:
        if self.phase in {Phase.IDLE, Phase.FINISHED}:
            return None
        return BY_ID[self.order[self.number]]

    @property
    def at_reader(self) -> bool:
        """What happens at the reader counts."""
        return self.phase in {Phase.SCENE, Phase.PLAYING}

    @property
    def options(self) -> tuple[int, ...]:
        """The present question's options as they stand on the page; 0 is right."""
        name = self.case.id if self.case else ""
        return _shuffled(tuple(range(OPTIONS)), f"{self.seed}/{name}")


def begin(seed: int, now: float, cases: tuple[Case, ...] = CASES) -> Course:
    """The first patient comes. Order and options follow from the seed alone."""
    order = _shuffled(tuple(case.id for case in cases), str(seed))
    return Course(seed, order, Phase.SCENE, now)


def card_put(was: Course, card: str) -> Course:
    if was.phase is not Phase.SCENE or not _belongs(was, card):
        return was
    return replace(was, phase=Phase.PLAYING)


def screen_shown(was: Course, name: str) -> Course:
    if not was.at_reader:
        return was
    happened = replace(was.happened, screens=(*was.happened.screens, name))
    return replace(was, happened=happened)


def card_leaves(was: Course) -> bool:
    """Now the patient takes the card away without being told to."""
    case, happened = was.case, was.happened
    if case is None or was.phase is not Phase.PLAYING or happened.card_left:
        return False
    return bool(happened.screens) and happened.screens[-1] in case.scene.card_leaves_at


def card_left(was: Course) -> Course:
    return replace(was, happened=replace(was.happened, card_left=True))


def somebody_else(was: Course) -> Course:
    """Another person stood before the camera than the case's."""
    if not was.at_reader:
        return was
    return replace(was, happened=replace(was.happened, same_people=False))


def visited(was: Course, visit: Visited) -> Course:
    """A visit was decided. With a card that is not the case's it counts nowhere."""
    if not was.at_reader or not _belongs(was, visit.card):
        return was
    happened = replace(was.happened, visits=(*was.happened.visits, visit))
    phase = Phase.QUESTION if happened.settled else Phase.PLAYING
    return replace(was, happened=happened, phase=phase)


def at_the_desk(was: Course) -> Course:
    """Nothing more is tried at the reader with this patient."""
    _in(was, Phase.SCENE, Phase.PLAYING)
    return replace(was, phase=Phase.QUESTION)


def answer(was: Course, option: int, *, card_back: bool, now: float) -> Course:
    """`option` as it stands on the page, from 0. Raises ValueError beyond it."""
    _in(was, Phase.QUESTION)
    if not 0 <= option < OPTIONS:
        raise ValueError(f"option: 0 to {OPTIONS - 1}")
    case, chosen = _present(was), was.options[option]
    seconds = now - was.began
    done = judge(case, was.happened, chosen, card_back=card_back, seconds=seconds)
    return replace(was, phase=Phase.JUDGED, judged=(*was.judged, done))


def skip(was: Course, now: float) -> Course:
    _in(was, Phase.SCENE, Phase.PLAYING, Phase.QUESTION)
    done = nothing(_present(was), SKIPPED, now - was.began)
    return replace(was, phase=Phase.JUDGED, judged=(*was.judged, done))


def next_patient(was: Course, now: float) -> Course:
    """The next patient comes, or the course is finished."""
    _in(was, Phase.JUDGED)
    over = len(was.judged) == len(was.order)
    phase = Phase.FINISHED if over else Phase.SCENE
    return replace(was, phase=phase, began=now, happened=Happened())


def end(was: Course) -> Course:
    """What was not taken counts nothing. A course that is finished is forgotten."""
    if was.phase in {Phase.IDLE, Phase.FINISHED}:
        return Course()
    rest = tuple(
        nothing(BY_ID[name], NOT_TAKEN, 0.0) for name in was.order[len(was.judged) :]
    )
    return replace(was, phase=Phase.FINISHED, judged=(*was.judged, *rest))


def _present(was: Course) -> Case:
    return BY_ID[was.order[was.number]]


def _belongs(was: Course, card: str) -> bool:
    return was.case is not None and card in was.case.scene.cards


def _in(was: Course, *phases: Phase) -> None:
    if was.phase not in phases:
        raise WrongPhaseError(
            f"not while {was.phase}: that goes with {' or '.join(phases)}"
        )


def _shuffled(things: tuple[T, ...], seed: str) -> tuple[T, ...]:
    """The same for the same seed, on every machine."""

    def place(number: int) -> bytes:
        return sha256(f"{seed}/{number}".encode()).digest()

    return tuple(things[number] for number in sorted(range(len(things)), key=place))
