"""Signs of the reader itself: tried, renewed, out of use, without a line."""

from ui_eink.icons import Pen


def checklist(pen: Pen) -> None:
    """The parts are being tried."""
    pen.plate(16, 8, 68, 84, 7, 5)
    for y in (30, 52, 74):
        pen.line((26, y), (32, y + 6), (42, y - 8), width=5)
        pen.line((52, y), (74, y), width=6)


def renewing(pen: Pen) -> None:
    """A new version comes into the machine."""
    pen.plate(12, 56, 76, 34, 7, 5)
    pen.line((24, 73), (44, 73), width=6)
    pen.dot(74, 73, 5)
    pen.arrow(50, 6, 46, 15)


def no_reader(pen: Pen) -> None:
    """The reader, crossed out by its own outline."""
    pen.plate(14, 20, 72, 60, 8, 5)
    pen.plate(30, 36, 40, 28, 5, 5)
    pen.line((10, 88), (90, 12), width=14, ink=0)
    pen.line((10, 88), (90, 12), width=7)


def no_line(pen: Pen) -> None:
    """A cable with a gap."""
    pen.line((4, 50), (30, 50), width=7)
    pen.plate(28, 34, 14, 32, 4)
    pen.plate(62, 34, 14, 32, 4)
    pen.line((74, 50), (96, 50), width=7)
    pen.line((52, 22), (52, 32), width=5)
    pen.line((52, 68), (52, 78), width=5)


def clock(pen: Pen) -> None:
    """Time that a person may have: whole, and standing."""
    pen.ring(50, 50, 42, 6)
    for x, y, end_x, end_y in ((50, 16, 50, 22), (84, 50, 78, 50)):
        pen.line((x, y), (end_x, end_y), width=5)
    for x, y, end_x, end_y in ((50, 84, 50, 78), (16, 50, 22, 50)):
        pen.line((x, y), (end_x, end_y), width=5)
    pen.line((50, 33), (50, 50), (66, 62), width=7)


def calendar(pen: Pen) -> None:
    """The day until which a card is good."""
    pen.plate(10, 18, 80, 74, 7, 5)
    pen.plate(10, 18, 80, 22, 7)
    pen.line((30, 10), (30, 26), width=7)
    pen.line((70, 10), (70, 26), width=7)
    for y in (54, 74):
        for x in (28, 50, 72):
            pen.plate(x - 6, y - 6, 12, 12, 2, 3)
    pen.plate(66, 68, 12, 12, 2)
