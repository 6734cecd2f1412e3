"""Surgery, and treatment by month."""

from collections.abc import Iterator, Sequence

from reportlab.lib.colors import white
from reportlab.platypus import CondPageBreak, Flowable, LongTable, Spacer

from cloud.adapters.pdf.fonts import Face
from cloud.adapters.pdf.paper import (
    HEAD,
    PAD,
    ROOM,
    RULE,
    Ink,
    Lines,
    day_text,
    table_style,
)
from cloud.records.model import Treatment
from cloud.records.report import CareSheet

_TEXT = Ink(Face.TEXT, 8.5)
_FIGURES = Ink(Face.FIGURES, 8.5)
_BOLD = Ink(Face.BOLD, 9)
_Cell = tuple[str, Ink]
_SURGERY = (
    ("手術日", 64.0),
    ("入外", 36.0),
    ("手術名", 0.0),
    ("区分", 60.0),
    ("医療機関", 190.0),
)
_CARE = (
    ("診療月", 48.0),
    ("実施日", 64.0),
    ("入外", 36.0),
    ("診療識別", 62.0),
    ("診療行為名", 0.0),
    ("区分", 62.0),
    ("数量", 44.0),
    ("回数", 32.0),
    ("医療機関", 170.0),
)


def care(sheet: CareSheet) -> Iterator[Flowable]:
    if sheet.operations:
        yield Lines([("手術", Ink(Face.BOLD, 12))], ROOM)
        yield Spacer(1, 2)
        yield _table(
            _SURGERY,
            [
                (
                    (day_text(one.done_on), _FIGURES),
                    (one.setting.word, _TEXT),
                    (one.name, _BOLD),
                    (one.code, _TEXT),
                    (one.institution.name, _TEXT),
                )
                for one in sheet.operations
            ],
        )
        yield Spacer(1, 10)
    for number, acts in enumerate(sheet.acts):
        title = f"診療情報　{acts.category}（新しい月から）"
        yield CondPageBreak(80)
        yield Spacer(1, 8 if number else 0)
        yield Lines([(title, Ink(Face.BOLD, 12))], ROOM)
        yield Spacer(1, 2)
        yield _table(_CARE, [_act(one) for one in acts.treatments])


def _act(one: Treatment) -> tuple[_Cell, ...]:
    return (
        (one.month.replace("-", "/"), _FIGURES),
        (day_text(one.done_on), _FIGURES),
        (one.setting.word, _TEXT),
        (one.category, _TEXT),
        (one.name, _BOLD),
        (one.code, _TEXT),
        (f"{one.quantity}{one.unit}", _TEXT),
        (str(one.times), _FIGURES),
        (one.institution.name, _TEXT),
    )


def _table(
    columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[_Cell]]
) -> LongTable:
    rest = ROOM - sum(width for _, width in columns)
    widths = [width or rest for _, width in columns]
    rooms = [width - 2 * PAD for width in widths]
    head = [(name, Ink(Face.BOLD, 8, white)) for name, _ in columns]
    cells = [
        [Lines([cell], room) for cell, room in zip(row, rooms, strict=True)]
        for row in (head, *rows)
    ]
    style = [
        *table_style(1.2, 1.8),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
    ]
    return LongTable(cells, colWidths=widths, repeatRows=1, style=style)
