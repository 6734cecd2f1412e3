"""Checkups side by side, the newest at the left, with what is out of range marked."""

from collections.abc import Iterator
from itertools import groupby

from reportlab.lib.colors import white
from reportlab.platypus import Flowable, LongTable, Spacer

from cloud.adapters.pdf.fonts import Face
from cloud.adapters.pdf.paper import (
    BAND,
    FADED,
    HEAD,
    PAD,
    ROOM,
    RULE,
    Ink,
    Lines,
    day_text,
    table_style,
)
from cloud.adapters.pdf.results import LEGEND, MARKS, limits, shown
from cloud.records.judgement import Flag
from cloud.records.report import CheckupRow, CheckupSheet, Result

_GROUP, _NAME, _UNIT, _LIMITS = 60.0, 146.0, 74.0, 96.0
_MOST = 82.0
_PLAIN = Ink(Face.FIGURES, 9.5)
_STRIKING = Ink(Face.BOLD_FIGURES, 10)
_SMALL = Ink(Face.TEXT, 7.5, FADED)


def checkups(sheet: CheckupSheet) -> Iterator[Flowable]:
    yield Lines([("健診（左が最新）", Ink(Face.BOLD, 12))], ROOM)
    yield Spacer(1, 2)
    yield _table(sheet)
    yield Spacer(1, 4)
    yield Lines([(LEGEND, _SMALL)], ROOM)


def _table(sheet: CheckupSheet) -> LongTable:
    count = len(sheet.checkups)
    column = min((ROOM - _GROUP - _NAME - _UNIT - _LIMITS) / count, _MOST)
    widths = [_GROUP, _NAME, _UNIT, *[column] * count, _LIMITS]
    white_bold = Ink(Face.BOLD_FIGURES, 9, white)
    heads = [
        Lines([(day_text(one.day), white_bold)], column - 2 * PAD, right=True)
        for one in sheet.checkups
    ]
    limit = Lines([("判定値", Ink(Face.BOLD, 8, white))], _LIMITS - 2 * PAD)
    rows: list[list[Flowable | str]] = [["", "", "", *heads, limit]]
    style: list[tuple[object, ...]] = [
        *table_style(0.8, 1.4),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("LINEBELOW", (1, 1), (-1, -1), 0.4, RULE),
        ("BOX", (3, 0), (3, -1), 1.0, HEAD),
    ]
    for group, members in groupby(sheet.rows, key=lambda row: row.group):
        first = len(rows)
        for place, row in enumerate(members):
            label = group.value if place == 0 else ""
            style += _shades(row, len(rows))
            rows.append(_row(row, label, column))
        style.append(("LINEABOVE", (0, first), (-1, first), 0.8, HEAD))
    return LongTable(rows, colWidths=widths, repeatRows=1, style=style, hAlign="LEFT")


def _row(row: CheckupRow, group: str, column: float) -> list[Flowable | str]:
    results = [
        Lines([_result(one)], column - 2 * PAD, right=True) for one in row.results
    ]
    return [
        Lines([(group, Ink(Face.BOLD, 8.5))], _GROUP - 2 * PAD),
        Lines([(row.name, Ink(Face.TEXT, 9))], _NAME - 2 * PAD),
        Lines([(row.unit, _SMALL)], _UNIT - 2 * PAD),
        *results,
        Lines([(_limits(row), _SMALL)], _LIMITS - 2 * PAD),
    ]


def _limits(row: CheckupRow) -> str:
    # Of a coded result the bounds are codes, which nobody reads.
    coded = any(one is not None and one.item.value_name for one in row.results)
    return "" if coded else limits(row.bounds)


def _result(result: Result | None) -> tuple[str, Ink]:
    if result is None:
        return "－", _SMALL
    if result.flag is Flag.NONE:
        return shown(result), _PLAIN
    return f"{MARKS[result.flag]} {shown(result)}", _STRIKING


def _shades(row: CheckupRow, place: int) -> list[tuple[object, ...]]:
    return [
        ("BACKGROUND", (3 + column, place), (3 + column, place), BAND)
        for column, one in enumerate(row.results)
        if one is not None and one.flag is not Flag.NONE
    ]
