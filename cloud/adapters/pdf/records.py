"""The whole document: the sheets of a report, each beginning on a page of its own."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import assert_never

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageBreak, PageTemplate

from cloud.adapters.pdf.care import care
from cloud.adapters.pdf.checkups import checkups
from cloud.adapters.pdf.drugs import drugs
from cloud.adapters.pdf.fonts import register
from cloud.adapters.pdf.frame import BOTTOM, TOP, NumberedCanvas, watermark
from cloud.adapters.pdf.paper import MARGIN, PAGE, ROOM
from cloud.adapters.pdf.summary import summary
from cloud.records.report import (
    CareSheet,
    CheckupSheet,
    DrugSheet,
    Report,
    Sheet,
    SummarySheet,
    sheets,
)


def pdf(report: Report) -> bytes:
    """The same report, the same bytes. Raises FontMissingError."""
    register()
    out = BytesIO()
    document = BaseDocTemplate(
        out,
        pagesize=PAGE,
        # No name here: a title is shown in lists of files and windows.
        title="薬剤・診療・手術・健診情報" + ("（架空）" if report.fictitious else ""),
        author="Shikaku",
        lang="ja",
        invariant=1,
    )
    room = Frame(
        MARGIN,
        BOTTOM,
        ROOM,
        PAGE[1] - TOP - BOTTOM,
        leftPadding=0,
        rightPadding=0,
        topPadding=2,
        bottomPadding=2,
    )
    mark = watermark if report.fictitious else _nothing
    document.addPageTemplates(
        PageTemplate(frames=[room], onPage=lambda canvas, _: mark(canvas))
    )
    story = list(_story(report))
    document.build(story, canvasmaker=partial(NumberedCanvas, report=report))
    return out.getvalue()


def _nothing(_: Canvas) -> None:
    pass


def _story(report: Report) -> Iterator[Flowable]:
    for number, sheet in enumerate(sheets(report)):
        if number:
            yield PageBreak()
        yield from _sheet(sheet, report)


def _sheet(sheet: Sheet, report: Report) -> Iterator[Flowable]:
    match sheet:
        case SummarySheet():
            yield from summary(sheet, report)
        case DrugSheet():
            yield from drugs(sheet)
        case CareSheet():
            yield from care(sheet)
        case CheckupSheet():
            yield from checkups(sheet)
        case _:
            assert_never(sheet)
