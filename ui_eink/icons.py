"""The drawn signs, on a square of 100 units: drawn large, then made black or white.

Each is a plain object everybody knows: a card, a face, keys, a plaster. No blade,
no warning triangle, no flag.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

OVERSAMPLING = 4
Point = tuple[float, float]
Sign = Callable[["Pen"], None]


class Pen:
    """Draws in units of a hundredth of the icon's side."""

    def __init__(self, side: int) -> None:
        self._k = side * OVERSAMPLING / 100
        self.image = Image.new("L", (side * OVERSAMPLING, side * OVERSAMPLING), 0)
        self._draw = ImageDraw.Draw(self.image)

    def _at(self, *points: Point) -> list[Point]:
        return [(x * self._k, y * self._k) for x, y in points]

    def dot(self, x: float, y: float, r: float, ink: int = 255) -> None:
        self._draw.ellipse(self._at((x - r, y - r), (x + r, y + r)), fill=ink)

    def ring(self, x: float, y: float, r: float, width: float) -> None:
        self.oval(x, y, r, r, width)

    def oval(self, x: float, y: float, rx: float, ry: float, width: float) -> None:
        ends = self._at((x - rx, y - ry), (x + rx, y + ry))
        self._draw.ellipse(ends, outline=255, width=round(width * self._k))

    def line(self, *points: Point, width: float = 6, ink: int = 255) -> None:
        """Strokes with round ends and joints."""
        spots = self._at(*points)
        self._draw.line(spots, fill=ink, width=round(width * self._k), joint="curve")
        for x, y in points:
            self.dot(x, y, width / 2, ink)

    def area(self, *points: Point, ink: int = 255) -> None:
        self._draw.polygon(self._at(*points), fill=ink)

    def plate(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        r: float = 6,
        width: float | None = None,
        ink: int = 255,
    ) -> None:
        """A rounded rectangle, filled unless a stroke `width` is given."""
        ends = self._at((x, y), (x + w, y + h))
        k = self._k
        if width is None:
            self._draw.rounded_rectangle(ends, r * k, fill=ink)
        else:
            self._draw.rounded_rectangle(
                ends, r * k, outline=ink, width=round(width * k)
            )

    def arc(
        self, x: float, y: float, r: float, start: float, end: float, width: float
    ) -> None:
        """From `start` to `end` degrees, clockwise from three o'clock."""
        steps = max(8, int(abs(end - start) / 6))
        angles = [
            math.radians(start + (end - start) * i / steps) for i in range(steps + 1)
        ]
        self.line(
            *((x + r * math.cos(a), y + r * math.sin(a)) for a in angles), width=width
        )

    def arrow(self, x: float, tail: float, head: float, size: float = 13) -> None:
        """An upright arrow from y=`tail` to y=`head`."""
        back = size if tail > head else -size
        self.line((x, tail), (x, head + back * 0.6), width=8)
        self.area((x - size, head + back), (x + size, head + back), (x, head))


def _card(pen: Pen, x: float, y: float) -> None:
    """A card with its portrait, 52 x 34."""
    pen.plate(x, y, 52, 34, 5)
    pen.plate(x + 3.4, y + 3.4, 45.2, 27.2, 2.5, ink=0)
    pen.dot(x + 14, y + 12.5, 4.4)
    pen.plate(x + 7, y + 18.5, 14, 8.6, 4)
    for i, length in enumerate((17, 17, 11)):
        pen.line((x + 27, y + 10 + i * 7), (x + 27 + length, y + 10 + i * 7), width=3)


def _reader(pen: Pen) -> None:
    pen.plate(8, 74, 84, 20, 6)
    pen.plate(24, 80.5, 52, 4.5, 2, ink=0)


def card_on_reader(pen: Pen) -> None:
    _reader(pen)
    _card(pen, 24, 4)
    pen.arrow(50, 44, 69)


def card_taken(pen: Pen) -> None:
    _reader(pen)
    _card(pen, 24, 33)
    pen.arrow(50, 28, 2)


def card_lying(pen: Pen) -> None:
    _reader(pen)
    _card(pen, 24, 34)
    for x, lean in ((14, -5), (86, 5)):
        pen.line((x, 40), (x + lean, 32), width=4.5)
    pen.line((36, 24), (32, 14), width=4.5)
    pen.line((50, 22), (50, 11), width=4.5)
    pen.line((64, 24), (68, 14), width=4.5)


def card_read(pen: Pen) -> None:
    _reader(pen)
    _card(pen, 24, 36)
    for r in (10, 19, 28):
        pen.arc(50, 32, r, -135, -45, 4.5)


def _head(pen: Pen, x: float, y: float, r: float) -> None:
    pen.oval(x, y, r * 0.86, r, 5)
    pen.dot(x - r * 0.34, y - r * 0.12, r * 0.11)
    pen.dot(x + r * 0.34, y - r * 0.12, r * 0.11)
    pen.arc(x, y + r * 0.16, r * 0.38, 30, 150, 4.2)


def _brackets(pen: Pen, low: float, high: float, top: float, arm: float) -> None:
    bottom = top + high - low
    for x, dx in ((low, 1), (high, -1)):
        for y, dy in ((top, 1), (bottom, -1)):
            pen.line((x + dx * arm, y), (x, y), (x, y + dy * arm), width=6)


def face(pen: Pen) -> None:
    _brackets(pen, 10, 90, 10, 17)
    _head(pen, 50, 50, 29)


def face_and_camera(pen: Pen) -> None:
    """A face, and the arrow to the camera above the screen."""
    pen.arrow(50, 24, 1, 14)
    _brackets(pen, 16, 84, 29, 14)
    _head(pen, 50, 63, 24)


def face_turning_right(pen: Pen) -> None:
    """As the patient faces the screen: the arrow points to their own right."""
    _turning(pen, 1)


def face_turning_left(pen: Pen) -> None:
    _turning(pen, -1)


def _turning(pen: Pen, way: int) -> None:
    """A head in three-quarter view, and a wide arrow on the side it turns to."""
    x, y, r = 50 - way * 16, 50, 31
    pen.oval(x, y, r * 0.86, r, 5)
    for eye in (0.0, 0.56):
        pen.dot(x + way * r * eye, y - r * 0.14, r * 0.11)
    pen.line((x + way * 2, y + r * 0.42), (x + way * 17, y + r * 0.42), width=4.2)
    tail, head, size = 50 + way * 18, 50 + way * 48, 17
    pen.line((tail, y), (head - way * size * 0.6, y), width=9)
    back = head - way * size
    pen.area((back, y - size), (back, y + size), (head, y))


def keypad(pen: Pen) -> None:
    pen.plate(17, 6, 66, 88, 9, width=6)
    for row in range(4):
        for column in range(3):
            if row < 3 or column == 1:
                pen.plate(28.5 + column * 16, 17 + row * 18, 11, 12, 3)


def person(pen: Pen) -> None:
    """Somebody at the counter, with a name badge."""
    pen.dot(50, 27, 18)
    pen.plate(18, 51, 64, 60, 26)
    pen.area((42, 50), (58, 50), (50, 66), ink=0)
    pen.plate(60, 72, 13, 8, 1.5, ink=0)
    pen.area((0, 95), (100, 95), (100, 100), (0, 100), ink=0)


def medicine(pen: Pen) -> None:
    """A chart and a capsule."""
    pen.plate(10, 12, 56, 80, 7, width=5.5)
    pen.plate(25, 5, 26, 15, 5)
    for y, end in ((36, 54), (49, 54), (62, 42)):
        pen.line((22, y), (end, y), width=4.5)
    pen.line((60, 84), (84, 60), width=31, ink=0)
    pen.line((60, 84), (84, 60), width=24)
    pen.line((63, 81), (73, 71), width=14, ink=0)


def plaster(pen: Pen) -> None:
    """An adhesive plaster, for surgery."""
    pen.line((25, 75), (75, 25), width=40)
    pen.line((26, 74), (36, 64), width=29, ink=0)
    pen.line((64, 36), (74, 26), width=29, ink=0)
    for dx, dy in ((-9, 0), (9, 0), (0, -9), (0, 9)):
        pen.dot(50 + dx, 50 + dy, 3.6, ink=0)


def heart(pen: Pen) -> None:
    """A heart and its beat, for the health checkup."""
    pen.dot(31, 36, 22)
    pen.dot(69, 36, 22)
    pen.area((12.5, 48), (87.5, 48), (50, 91))
    pen.area((29, 40), (71, 40), (71, 56), (29, 56))
    beat = ((14, 51), (35, 51), (43, 37), (54, 65), (62, 51), (86, 51))
    pen.line(*beat, width=5, ink=0)


def register(pen: Pen) -> None:
    """A card with a plus: registered as an insurance card."""
    pen.plate(4, 24, 80, 54, 8)
    pen.plate(9, 29, 70, 44, 4, ink=0)
    pen.dot(26, 44, 7)
    pen.plate(15, 53, 22, 14, 6)
    for y, end in ((42, 68), (53, 60)):
        pen.line((46, y), (end, y), width=4.5)
    pen.dot(78, 72, 23, ink=0)
    pen.dot(78, 72, 19)
    pen.line((78, 62), (78, 82), width=6, ink=0)
    pen.line((68, 72), (88, 72), width=6, ink=0)


def tick(pen: Pen) -> None:
    pen.line((16, 54), (40, 78), (86, 26), width=15)


def cross(pen: Pen) -> None:
    pen.line((24, 24), (76, 76), width=15)
    pen.line((76, 24), (24, 76), width=15)


def dash(pen: Pen) -> None:
    pen.line((24, 50), (76, 50), width=13)


def done(pen: Pen) -> None:
    pen.dot(50, 50, 46)
    pen.line((28, 52), (44, 68), (73, 36), width=9, ink=0)


def hourglass(pen: Pen) -> None:
    pen.plate(18, 6, 64, 9, 4)
    pen.plate(18, 85, 64, 9, 4)
    for flip in (False, True):

        def at(x: float, y: float, flip: bool = flip) -> Point:
            return (x, 100 - y) if flip else (x, y)

        pen.line(at(28, 15), at(28, 27), at(47, 50), width=6)
        pen.line(at(72, 15), at(72, 27), at(53, 50), width=6)
    pen.area((37, 34), (63, 34), (50, 50))
    pen.line((50, 48), (50, 70), width=3)
    pen.area((33, 86), (67, 86), (50, 66))


def bell(pen: Pen) -> None:
    """A counter bell."""
    pen.dot(50, 66, 34)
    pen.area((0, 69), (100, 69), (100, 100), (0, 100), ink=0)
    pen.plate(8, 73, 84, 11, 5)
    pen.line((50, 33), (50, 24), width=7)
    pen.plate(40, 19, 20, 8, 4)
    pen.arc(50, 66, 25, 195, 240, 4)
    for (x, y), (u, v) in (((18, 30), (9, 22)), ((82, 30), (91, 22))):
        pen.line((x, y), (u, v), width=5)
    pen.line((30, 18), (25, 8), width=5)
    pen.line((70, 18), (75, 8), width=5)


def chair(pen: Pen) -> None:
    """Somebody who sits and waits."""
    pen.dot(38, 17, 12)
    pen.line((36, 38), (38, 62), (66, 62), (70, 88), width=14)
    pen.line((38, 42), (58, 50), width=8)
    pen.line((20, 34), (22, 78), (54, 78), width=6)
    pen.line((24, 78), (22, 94), width=6)
    pen.line((52, 78), (54, 94), width=6)


def key_enter(pen: Pen) -> None:
    """The circle of the green key (ISO 9564-1 annex)."""
    pen.ring(50, 50, 42, 14)


def key_clear(pen: Pen) -> None:
    """The bar of the yellow key."""
    pen.line((50, 14), (50, 86), width=14)


def lock(pen: Pen) -> None:
    pen.arc(50, 42, 20, 180, 360, 9)
    pen.line((30, 42), (30, 52), width=9)
    pen.line((70, 42), (70, 52), width=9)
    pen.plate(18, 46, 64, 48, 8)
    pen.dot(50, 65, 6.5, ink=0)
    pen.line((50, 66), (50, 78), width=6, ink=0)


def globe(pen: Pen) -> None:
    pen.ring(50, 50, 44, 7)
    pen.oval(50, 50, 20, 44, 6)
    pen.line((8, 50), (92, 50), width=6)
    pen.line((16, 28), (84, 28), width=5)
    pen.line((16, 72), (84, 72), width=5)


@lru_cache(maxsize=128)
def mask(draw: Callable[[Pen], None], side: int) -> Image.Image:
    """The sign as a 1-bit mask of `side` px."""
    pen = Pen(side)
    draw(pen)
    small = pen.image.resize((side, side), Image.Resampling.BOX)
    return small.point(lambda level: 255 if level > 127 else 0, mode="1")
