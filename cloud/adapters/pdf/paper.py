"""Sizes, greys, and the two things that stand in a cell: lines of text, and months.

Nothing is said by colour: what matters is said by words, weight and marks, because the
page is copied on a monochrome machine and read by people who see colours differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from cloud.adapters.pdf.fonts import Face, width
from cloud.adapters.pdf.wrapping import wrap
from cloud.records.month import Month, first_day

PAGE = landscape(A4)
MARGIN = 28.0
ROOM = PAGE[0] - 2 * MARGIN
LEADING = 1.22
PAD = 3.0
"""Left and right of a cell's text."""
MARK = 17.0
"""Width of one month of the overview."""

INK = colors.black
FADED = colors.Color(0.36, 0.36, 0.36)
RULE = colors.Color(0.72, 0.72, 0.72)
BAND = colors.Color(0.93, 0.94, 0.95)
HEAD = colors.Color(0.13, 0.22, 0.32)


_PLAIN: list[tuple[object, ...]] = [
    # Cells without text have a font, too; ReportLab's own would not be embedded.
    ("FONTNAME", (0, 0), (-1, -1), Face.TEXT.value),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LEFTPADDING", (0, 0), (-1, -1), PAD),
    ("RIGHTPADDING", (0, 0), (-1, -1), PAD),
]


def table_style(above: float, below: float) -> list[tuple[object, ...]]:
    """What all tables share; room above and below the text of a row, in points."""
    return [
        *_PLAIN,
        ("TOPPADDING", (0, 0), (-1, -1), above),
        ("BOTTOMPADDING", (0, 0), (-1, -1), below),
    ]


def day_text(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else "－"


def short(day: date) -> str:
    return f"{day.month}/{day.day}"


@dataclass(frozen=True, slots=True)
class Ink:
    """How one line is written."""

    face: Face = Face.TEXT
    size: float = 8.5
    colour: colors.Color = INK

    def measure(self, text: str) -> float:
        return width(text, self.face, self.size)


class Lines(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """Texts one below the other, each wrapped to the room it has."""

    def __init__(
        self, texts: Sequence[tuple[str, Ink]], room: float, *, right: bool = False
    ) -> None:
        super().__init__()
        self._lines = [
            (line, ink) for text, ink in texts for line in wrap(text, room, ink.measure)
        ]
        self._right = right
        self.width = room
        self.height = sum(ink.size * LEADING for _, ink in self._lines)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        bottom = self.height
        for line, ink in self._lines:
            bottom -= ink.size * LEADING
            left = self.width - ink.measure(line) if self._right else 0.0
            canvas.setFont(ink.face.value, ink.size)
            canvas.setFillColor(ink.colour)
            canvas.drawString(left, bottom + ink.size * (LEADING - 1.0) * 0.9, line)


class Band(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A title, and beside it where what follows comes from."""

    _TITLE_ROOM = 112.0

    def __init__(self, title: str, source: str, room: float) -> None:
        super().__init__()
        self._title = title
        self._source = Lines([(source, Ink(Face.TEXT, 8))], room - self._TITLE_ROOM)
        self.width = room
        self.height = max(self._source.height, 12.5)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        canvas.setFont(Face.BOLD.value, 10)
        canvas.setFillColor(INK)
        canvas.drawString(0, self.height - 10, self._title)
        rest = (self.height - self._source.height) / 2
        self._source.drawOn(canvas, self._TITLE_ROOM, rest)


class Months(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """A mark for every month in which a drug was given, the newest at the right."""

    def __init__(self, grid: Sequence[Month], given: Sequence[Month]) -> None:
        super().__init__()
        self._grid = grid
        self._given = given
        self.width = MARK * len(grid)
        self.height = 11.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        for place, month in enumerate(self._grid):
            mark = "●" if month in self._given else "・"
            canvas.setFont(Face.TEXT.value, 9)
            canvas.setFillColor(INK if month in self._given else RULE)
            canvas.drawCentredString((place + 0.5) * MARK, 2.0, mark)


class MonthHeads(Flowable):  # type: ignore[misc]  # ReportLab has no types
    """The months' numbers, with the year where it begins."""

    def __init__(self, grid: Sequence[Month], colour: colors.Color = INK) -> None:
        super().__init__()
        self._grid = grid
        self._colour = colour
        self.width = MARK * len(grid)
        self.height = 19.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        canvas.setFillColor(self._colour)
        for place, month in enumerate(self._grid):
            day = first_day(month)
            middle = (place + 0.5) * MARK
            canvas.setFont(Face.BOLD_FIGURES.value, 8)
            canvas.drawCentredString(middle, 1.5, str(day.month))
            if place == 0 or day.month == 1:
                canvas.setFont(Face.FIGURES.value, 7)
                canvas.drawCentredString(middle, 11.5, str(day.year))
