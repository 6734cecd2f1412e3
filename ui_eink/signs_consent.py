"""Signs of the consent items that a facility may ask besides the usual three."""

import math

from ui_eink.icons import Pen


def _sheet(pen: Pen) -> None:
    pen.plate(18, 8, 64, 84, 7, width=5.5)


def certificate(pen: Pen) -> None:
    """A sheet with a seal, for the specified-disease certificate."""
    _sheet(pen)
    for y in (28, 42):
        pen.line((32, y), (68, y), width=4.5)
    pen.dot(62, 68, 13)
    pen.dot(62, 68, 6, ink=0)
    pen.line((32, 58), (44, 58), width=4.5)


def named(pen: Pen) -> None:
    """A sheet with a tick before a line, for names of diseases."""
    _sheet(pen)
    pen.line((29, 34), (36, 41), (47, 27), width=5)
    pen.line((54, 34), (70, 34), width=4.5)
    for y in (56, 72):
        pen.line((30, y), (70, y), width=4.5)


def germ(pen: Pen) -> None:
    """A ball with knobs, for infections."""
    pen.dot(50, 50, 24)
    for number in range(8):
        angle = math.radians(45 * number)
        x, y = math.cos(angle), math.sin(angle)
        pen.line((50 + 22 * x, 50 + 22 * y), (50 + 38 * x, 50 + 38 * y), width=5)
        pen.dot(50 + 40 * x, 50 + 40 * y, 5)
    for x, y, r in ((43, 44, 5), (58, 48, 4), (48, 60, 4)):
        pen.dot(x, y, r, ink=0)


def flower(pen: Pen) -> None:
    """A flower, for allergies."""
    for number in range(6):
        angle = math.radians(60 * number - 90)
        pen.dot(50 + 21 * math.cos(angle), 38 + 21 * math.sin(angle), 12)
    pen.dot(50, 38, 13, ink=0)
    pen.dot(50, 38, 8)
    pen.line((50, 68), (50, 94), width=5.5)
    pen.line((50, 86), (66, 76), width=5.5)


def crossed_capsule(pen: Pen) -> None:
    """A capsule, struck out, for medicines that must not be given."""
    pen.line((32, 68), (68, 32), width=30)
    pen.line((35, 65), (48, 52), width=19, ink=0)
    pen.line((18, 22), (82, 82), width=17, ink=0)
    pen.line((18, 22), (82, 82), width=7)


def tube(pen: Pen) -> None:
    """A test tube, for test results."""
    pen.line((34, 12), (66, 12), width=7)
    pen.line((40, 14), (40, 76), width=5.5)
    pen.line((60, 14), (60, 76), width=5.5)
    pen.arc(50, 76, 10, 0, 180, 5.5)
    pen.area((40, 46), (60, 46), (60, 78), (40, 78))
    pen.dot(50, 77, 10)


def prescription(pen: Pen) -> None:
    """A sheet and a tablet, for prescriptions."""
    _sheet(pen)
    for y, end in ((30, 68), (44, 68), (58, 48)):
        pen.line((32, y), (end, y), width=4.5)
    pen.dot(66, 72, 20, ink=0)
    pen.dot(66, 72, 15)
    pen.line((56, 72), (76, 72), width=4, ink=0)
