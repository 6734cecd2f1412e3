"""Every drug line with its ten columns, by month and prescription."""

from collections.abc import Iterator

from reportlab.lib.colors import white
from reportlab.platypus import Flowable, LongTable, Spacer

from cloud.adapters.pdf.fonts import Face
from cloud.adapters.pdf.paper import (
    BAND,
    HEAD,
    PAD,
    ROOM,
    RULE,
    Band,
    Ink,
    Lines,
    day_text,
    table_style,
)
from cloud.records.model import DrugLine
from cloud.records.month import words
from cloud.records.report import DrugSheet, Prescription

_COLUMNS = (
    ("入外/調剤", 40.0),
    ("診療月", 45.0),
    ("処方日", 58.0),
    ("調剤日", 58.0),
    ("用法", 127.0),
    ("内服/屯服/外用/注射", 46.0),
    ("薬剤名（商品名）", 166.0),
    ("薬剤名（一般名）", 0.0),
    ("数量単位", 56.0),
    ("回数", 30.0),
)
_REST = ROOM - sum(width for _, width in _COLUMNS)
_WIDTHS = tuple(width or _REST for _, width in _COLUMNS)
_ROOMS = tuple(width - 2 * PAD for width in _WIDTHS)
_TEXT = Ink(Face.TEXT, 8.5)
_BRAND = Ink(Face.BOLD, 9)
_FIGURES = Ink(Face.FIGURES, 8.5)
_BAND_ROOM = ROOM - 2 * PAD


def drugs(sheet: DrugSheet) -> Iterator[Flowable]:
    title = "薬剤情報　すべての処方（新しい月から）"
    yield Lines([(title, Ink(Face.BOLD, 12))], ROOM)
    yield Spacer(1, 2)
    yield _table(sheet)


def _table(sheet: DrugSheet) -> LongTable:
    """One table: the columns' names once a page, a band before every prescription."""
    heads = [
        Lines([(head, Ink(Face.BOLD, 7.5, white))], room)
        for (head, _), room in zip(_COLUMNS, _ROOMS, strict=True)
    ]
    rows: list[list[Flowable | str]] = [[*heads]]
    style: list[tuple[object, ...]] = [
        *table_style(1, 1.6),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
    ]
    for month in sheet.months:
        style.append(("LINEABOVE", (0, len(rows)), (-1, len(rows)), 1.2, HEAD))
        for number, prescription in enumerate(month.prescriptions):
            place = len(rows)
            style += [
                ("SPAN", (0, place), (-1, place)),
                ("BACKGROUND", (0, place), (-1, place), BAND),
                ("NOSPLIT", (0, place), (-1, place + 1)),
            ]
            title = f"{words(month.month)}診療分" if number == 0 else ""
            rows.append([Band(title, _source(prescription), _BAND_ROOM)] + [""] * 9)
            rows += [_row(line) for line in prescription.lines]
    return LongTable(rows, colWidths=_WIDTHS, repeatRows=1, style=style)


def _source(prescription: Prescription) -> str:
    told = f"処方　{prescription.prescriber.name}"
    if prescription.dispenser:
        told += f"　→　調剤　{prescription.dispenser.name}"
    return told


def _row(line: DrugLine) -> list[Flowable | str]:
    cells = (
        (line.setting.word, _TEXT),
        (line.month.replace("-", "/"), _FIGURES),
        (day_text(line.prescribed_on), _FIGURES),
        (day_text(line.dispensed_on), _FIGURES),
        (line.usage, _TEXT),
        (line.form.word, _TEXT),
        (line.brand, _BRAND),
        (line.generic, _TEXT),
        (f"{line.quantity}{line.unit}", _TEXT),
        (str(line.times), _FIGURES),
    )
    last = len(cells) - 1
    return [
        Lines([cell], room, right=place == last)
        for place, (cell, room) in enumerate(zip(cells, _ROOMS, strict=True))
    ]
