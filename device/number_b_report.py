"""How often the tray camera reads 照合番号B rightly: `shikaku-reader card ocr-report`.

Renders fictitious faces, lays them under a simulated camera in named conditions, and
prints right, not sure and wrong for each. A wrong number is one that would have been
sent to the card.
"""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple, dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import islice, repeat
from multiprocessing import get_context
from operator import add

import numpy as np
from PIL import Image

from device.adapters.tesseract import read_lines
from device.card.number_b import number_b
from device.card.number_strip import Pair, Strip, strips
from device.card.printed_layout import SPECIMEN
from device.card.reading import Reading, agreed
from device.face.intervals import upper_bound
from device.simulated.card_face.specimen import Printed, specimen
from device.simulated.card_face.tray_scene import Scene, exposed, still
from device.simulated.heads import Head
from device.simulated.heads.card import card_picture
from device.simulated.persona import personas

TODAY = date(2026, 4, 1)
_BATCH = 20
"""Faces for one start of the engine, which takes as long as six faces."""
_PART = 180
"""Faces for one call of a worker."""
_PEOPLE = 3
Random = np.random.Generator
Counts = dict[str, "Count"]
Progress = Callable[[Counts], None]


@dataclass(slots=True)
class Count:
    """What became of the faces of one condition."""

    right: int = 0
    not_sure: int = 0
    wrong: int = 0
    disagreed: int = 0
    """Of those not sure: each reading made sense alone, and they differed."""
    alone_wrong: int = 0
    """Readings that alone, without the other, would have been believed wrongly."""

    @property
    def faces(self) -> int:
        return self.right + self.not_sure + self.wrong

    @property
    def numbers(self) -> int:
        """Those that were believed: each would have gone to a card."""
        return self.right + self.wrong

    @property
    def below_of_faces(self) -> float:
        return upper_bound(self.wrong, self.faces)

    @property
    def below_of_numbers(self) -> float:
        return upper_bound(self.wrong, self.numbers)

    def __add__(self, other: "Count") -> "Count":
        mine, others = astuple(self), astuple(other)
        return Count(*map(add, mine, others))


@dataclass(frozen=True, slots=True)
class Face:
    condition: str
    printed: Printed = field(repr=False)
    pair: Pair = field(repr=False)

    @property
    def truth(self) -> str | None:
        """None for a western birth date: no reading of it is right."""
        one = self.printed
        if one.western:
            return None
        return number_b(one.birth, one.expiry.year, one.security_code)


def scene(condition: str, random: Random) -> Scene:
    """One of CONDITIONS; everything else about it varies a little."""
    turn, blur = random.uniform(-4, 4), random.uniform(0.6, 1.2)
    tilt, light, shade = random.uniform(-0.02, 0.02), random.uniform(0.7, 1), 0.1
    noise, glare = 0.012, 0.0
    match condition:
        case "rotated":
            turn, tilt = random.uniform(-12, 12), random.uniform(-0.06, 0.06)
        case "upside down":
            turn += 180
        case "blurred":
            blur = random.uniform(1.6, 3.2)
        case "dim":
            light, noise = random.uniform(0.2, 0.45), 0.025
        case "shaded":
            shade = random.uniform(0.4, 0.75)
        case "glare":
            glare = random.uniform(0.2, 0.9)
        case "all at once":
            turn, tilt = random.uniform(-10, 10), random.uniform(-0.05, 0.05)
            blur, light = random.uniform(1.2, 2.4), random.uniform(0.35, 0.7)
            shade, noise = random.uniform(0.2, 0.5), 0.02
    return Scene(
        turn=turn,
        tilt=tilt,
        blur=blur,
        light=light,
        shade=shade,
        shade_angle=random.uniform(0, 360),
        glare=glare,
        glare_at=(random.uniform(0.3, 0.8), random.uniform(0.3, 0.8)),
        noise=noise,
        x=random.uniform(-15, 15),
        y=random.uniform(-15, 15),
    )


CONDITIONS = (
    "flat",
    "rotated",
    "upside down",
    "blurred",
    "dim",
    "shaded",
    "glare",
    "all at once",
    "western date",
)


def rendered(numbers: range, seed: int) -> Iterator[Face]:
    """Faces of nobody, the conditions in turn; each follows from seed and number."""
    photos = _photos()
    for number in numbers:
        random = np.random.default_rng((seed, number))
        condition = CONDITIONS[number % len(CONDITIONS)]
        printed = _somebody(random, western=condition == "western date")
        seen = scene(condition, random)
        lit = still(specimen(printed, photos[number % len(photos)]), seen)
        first, second = (
            exposed(lit, seen, int(random.integers(2**63))) for _ in range(2)
        )
        yield Face(condition, printed, (first, second))


@cache
def _photos() -> list[Image.Image]:
    return [card_picture(Head(one.head)) for one in personas()[:_PEOPLE]]


def _somebody(random: Random, *, western: bool) -> Printed:
    birth = TODAY - timedelta(days=int(random.integers(400, 36_000)))
    year = TODAY.year + int(random.integers(1, 11))
    leap = (birth.month, birth.day) == (2, 29)
    return Printed(
        name="架空 太郎",
        address="架空県見本市青葉一丁目２番３号",
        birth=birth,
        sex="1",
        expiry=birth.replace(year=year, day=28 if leap else birth.day),
        security_code=f"{random.integers(10_000):04}",
        western=western,
    )


def measure(
    count: int, seed: int, jobs: int = 1, progress: Progress = lambda counts: None
) -> Counts:
    """The same for any number of `jobs` (processes). Raises PartError D704."""
    parts = [range(at, min(at + _PART, count)) for at in range(0, count, _PART)]
    counts: Counts = {condition: Count() for condition in CONDITIONS}
    with ExitStack() as at_work:
        done: Iterator[Counts] = map(_measured, parts, repeat(seed))
        if jobs > 1:
            # A fresh interpreter each: nothing is shared with this one's threads.
            pool = ProcessPoolExecutor(jobs, get_context("spawn"))
            at_work.enter_context(pool)
            done = pool.map(_measured, parts, repeat(seed))
        for part in done:
            for condition, one in part.items():
                counts[condition] += one
            progress(counts)
    return counts


def _measured(numbers: range, seed: int) -> Counts:
    counts = {condition: Count() for condition in CONDITIONS}
    faces = rendered(numbers, seed)
    while batch := list(islice(faces, _BATCH)):
        prepared = [(face, strips(face.pair, SPECIMEN)) for face in batch]
        lines: list[Strip] = [one for _, pair in prepared if pair for one in pair]
        letters = iter(read_lines([line.picture for line in lines], 120))
        for face, pair in prepared:
            readings = [line.reading(next(letters)) for line in pair or ()]
            _judge(counts[face.condition], face, readings)
    return counts


def _judge(count: Count, face: Face, readings: list[Reading]) -> None:
    if not readings:
        count.not_sure += 1
        return
    first, second = readings
    alone = [agreed(one, one, TODAY) for one in readings]
    count.alone_wrong += sum(one not in (None, face.truth) for one in alone)
    number = agreed(first, second, TODAY)
    if number is None:
        count.not_sure += 1
        count.disagreed += None not in alone
    elif number == face.truth:
        count.right += 1
    else:
        count.wrong += 1


def total(counts: Counts) -> Count:
    return sum(counts.values(), Count())


def table(counts: Counts) -> str:
    """`of faces`, `of numbers`: below this is the rate of wrong ones, at 95 %."""
    lines = [
        f"{'condition':14}{'faces':>7}{'right':>8}{'not sure':>10}{'wrong':>7}"
        f"{'of faces':>11}{'of numbers':>12}"
    ]
    for name, one in (*counts.items(), ("all", total(counts))):
        lines.append(
            f"{name:14}{one.faces:7}{one.right:8}{one.not_sure:10}{one.wrong:7}"
            f"{one.below_of_faces:>11.4%}{one.below_of_numbers:>12.4%}"
        )
    every = total(counts)
    lines.append(
        f"Wrong of {every.faces} faces shown, and of {every.numbers} numbers that were"
        " believed: below, at one-sided 95 % (Clopper and Pearson)."
    )
    lines.append(
        f"{2 * every.faces} single readings: {every.alone_wrong} would have been"
        f" believed wrongly alone; {every.disagreed} pairs disagreed."
    )
    return "\n".join(lines)


def printed(
    faces: int,
    seed: int,
    jobs: int = 1,
    *,
    as_json: bool = False,
    progress: Progress = lambda counts: None,
) -> str:
    """The table, or JSON. Raises PartError D704 without Tesseract."""
    counts = measure(faces, seed, jobs, progress)
    if not as_json:
        return table(counts)
    rows = {
        name: {
            "faces": one.faces,
            "right": one.right,
            "not_sure": one.not_sure,
            "wrong": one.wrong,
            "wrong_of_faces_below_95": one.below_of_faces,
            "wrong_of_numbers_below_95": one.below_of_numbers,
            "disagreed": one.disagreed,
            "alone_wrong": one.alone_wrong,
        }
        for name, one in (*counts.items(), ("all", total(counts)))
    }
    return json.dumps({"seed": seed, "conditions": rows})
