"""One irregular patient: what is set up, what is asked, and what is counted."""

from collections.abc import Callable
from dataclasses import dataclass

from device.simulated.heads import Occluder
from device.simulated.training.happened import Happened
from protocol.catalogue import Code

Rule = Callable[[Happened], bool]

CARD_BACK = 1
"""Points for the card that is back with its holder before the next person comes."""
ANSWER = 4
"""Points for the right thing to do or say next."""


@dataclass(frozen=True, slots=True)
class Words:
    ja: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is so when the patient comes to the reader."""

    card: str
    """Id of the card that the patient brings; the trainee lays it down."""
    stands: str
    """Id of the fictitious patient before the camera."""
    other_card: str | None = None
    """A second card in the patient's bag."""
    occluder: Occluder | None = None
    line: str = "through"
    """through, slow, stalled or cut."""
    card_fault: str = "none"
    """none, slow, shaky, deaf or torn."""
    card_leaves_at: frozenset[str] = frozenset()
    """Names of screens; at the first of them the patient takes the card, once."""

    @property
    def cards(self) -> frozenset[str]:
        return frozenset(card for card in (self.card, self.other_card) if card)


@dataclass(frozen=True, slots=True)
class Question:
    """What to do or say next. One of three is right; the page shuffles them."""

    asked: Words
    right: Words
    wrong: tuple[Words, Words]
    why: Words

    @property
    def options(self) -> tuple[Words, ...]:
        """The right one first."""
        return (self.right, *self.wrong)


@dataclass(frozen=True, slots=True)
class Check:
    points: int
    kept: Rule
    told: Words
    """One sentence when it was kept."""
    missed: Words
    """One sentence when it was not."""


@dataclass(frozen=True, slots=True)
class Never:
    """What makes the whole case worth nothing."""

    done: Rule
    told: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    id: str
    title: Words
    met: str
    """Words of the list of irregular cases (README.md) that this one is."""
    codes: tuple[Code, ...]
    """Entries of the catalogue that staff meet here; the first one is shown."""
    scene: Scene
    says: Words
    says_then: Words | None = None
    """Once the card has left at `card_leaves_at`."""
    knows_pin: bool = True
    checks: tuple[Check, ...]
    never: tuple[Never, ...] = ()
    """Beyond what is forbidden in every case (rules.NEVER)."""
    question: Question

    @property
    def points(self) -> int:
        return sum(check.points for check in self.checks) + CARD_BACK + ANSWER
