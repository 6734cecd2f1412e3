"""The experiment: every picture embedded once, every pair compared.

Embeddings live in one run's memory and are gone with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

from device.evaluation.pairs import Pair, PairsError, below
from device.evaluation.picture import frame, read_picture
from device.evaluation.portrait import Card, portrait
from device.face import matching
from device.face.calibration import Condition, Rule
from device.face.finder import Tensor
from device.face.matching import Embedding
from device.face.mesh import Face
from device.face.pack import Pack
from device.face.populations import albums, frames_of, identities
from device.ports import Frame

STAGES = ("detect", "align", "embed")

Side = tuple[str, Card | None]
"""A picture as it is, or as a card."""
Embedded = dict[Side, Embedding | None]

Progress = Callable[[int, int], None]
"""Pictures embedded so far, of how many."""


class Models(Protocol):
    """The models of one pack (device.adapters.face_tflite.FaceModels)."""

    pack: Pack
    name: str

    def faces(self, image: Frame) -> list[Face]: ...

    def aligned(self, image: Frame, face: Face) -> Tensor: ...

    def embed_aligned(self, square: Tensor) -> Embedding: ...


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is compared with what."""

    frames: int = 1
    """Live pictures of side a whose mean embedding is compared."""
    card: Card | None = None
    """How side b becomes a card portrait; None: it is compared as it is."""

    @property
    def rule(self) -> Rule:
        return Rule(frames=self.frames, mirror=False)

    @property
    def condition(self) -> Condition:
        return Condition.LIVE_CARD if self.card else Condition.LIVE_LIVE

    @property
    def real_cards(self) -> bool:
        return self.card is not None and self.card.kind == "real"

    @property
    def words(self) -> str:
        side = self.card.words if self.card else "another picture as it is"
        return f"{self.rule} against {side}"


@dataclass(frozen=True, slots=True)
class Comparison:
    pair: Pair
    distance: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """Distances and counts; nothing of a face but them."""

    experiment: Experiment
    compared: tuple[Comparison, ...]
    left_out: tuple[Pair, ...]
    """Failure to acquire: no face in a picture, or fewer than the rule's frames."""
    people: dict[str, str]
    """Picture -> person."""
    tried: int
    """Pictures in which a face was looked for; as a card counts by itself."""
    without_face: tuple[str, ...]
    ms: dict[str, float | None]
    """Median milliseconds per picture and stage; None where nothing was done."""


@dataclass(slots=True)
class Gallery:
    """Embeds pictures of one folder, each once."""

    models: Models
    root: Path
    clock: Callable[[], float]
    """Seconds of some clock that only goes forward."""
    tried: int = 0
    without_face: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(
        default_factory=lambda: {stage: [] for stage in STAGES}
    )

    def embed(self, name: str, card: Card | None) -> Embedding | None:
        """None: no face. Of several faces the largest is meant, as in a look."""
        image = read_picture(below(self.root, name), name)
        seen = frame(portrait(image, card) if card else image)
        self.tried += 1
        began = self.clock()
        faces = self.models.faces(seen)
        self._took("detect", began)
        if not faces:
            self.without_face.append(f"{name} as a card" if card else name)
            return None
        began = self.clock()
        square = self.models.aligned(seen, faces[0])
        self._took("align", began)
        began = self.clock()
        embedding = self.models.embed_aligned(square)
        self._took("embed", began)
        return embedding

    def ms(self) -> dict[str, float | None]:
        return {k: median(v) if v else None for k, v in self.times.items()}

    def _took(self, stage: str, began: float) -> None:
        self.times[stage].append((self.clock() - began) * 1000)


def run(
    pairs: Sequence[Pair],
    experiment: Experiment,
    gallery: Gallery,
    progress: Progress,
) -> Outcome:
    """Compare every pair. Raises PairsError for files and rows that are wrong."""
    people = _people(pairs)
    live = _live(pairs, experiment, people)
    cards = sorted({each.b for each in pairs})
    sides = [*((name, None) for name in live), *((n, experiment.card) for n in cards)]
    embedded = _embedded(list(dict.fromkeys(sides)), gallery, progress)
    usable = albums({n: people[n] for n in live if embedded[n, None] is not None})
    compared, left_out = [], []
    for pair in pairs:
        album = usable.get(people[pair.a], ())
        names = frames_of(pair.a, pair.b, album, experiment.frames)
        frames = [each for name in names if (each := embedded[name, None])]
        card = embedded[pair.b, experiment.card]
        if card is None or len(frames) < experiment.frames:
            left_out.append(pair)
        else:
            distance = matching.distance(matching.mean(frames), card)
            compared.append(Comparison(pair, distance))
    return Outcome(
        experiment,
        tuple(compared),
        tuple(left_out),
        people,
        gallery.tried,
        tuple(gallery.without_face),
        gallery.ms(),
    )


def _people(pairs: Iterable[Pair]) -> dict[str, str]:
    rows = list(pairs)
    try:
        return identities(
            ((each.a, each.b) for each in rows if each.same),
            ((each.a, each.b) for each in rows if not each.same),
        )
    except ValueError as error:
        raise PairsError(str(error)) from error


def _live(
    pairs: Sequence[Pair], experiment: Experiment, people: dict[str, str]
) -> list[str]:
    """Pictures that may be frames of side a; a card's portrait is none."""
    wanted = {each.a for each in pairs}
    if experiment.frames > 1:
        portraits = {each.b for each in pairs} if experiment.real_cards else set()
        persons = {people[name] for name in wanted}
        wanted |= {n for n, p in people.items() if p in persons and n not in portraits}
    return sorted(wanted)


def _embedded(sides: Sequence[Side], gallery: Gallery, progress: Progress) -> Embedded:
    for name, _ in sides:
        below(gallery.root, name)  # said before minutes of work, not after
    found: Embedded = {}
    for done, (name, card) in enumerate(sides):
        progress(done, len(sides))
        found[name, card] = gallery.embed(name, card)
    progress(len(sides), len(sides))
    return found
