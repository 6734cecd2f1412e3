"""What stands on every page: whose records, as of when, fiction or not, for whom."""

from reportlab.lib.colors import Color, white
from reportlab.pdfgen.canvas import Canvas

from cloud.adapters.pdf.fonts import Face, width
from cloud.adapters.pdf.paper import FADED, HEAD, INK, MARGIN, PAGE
from cloud.adapters.pdf.times import moment_text
from cloud.adapters.pdf.wrapping import wrap
from cloud.records.era import in_era
from cloud.records.month import words
from cloud.records.report import Report
from protocol.codes import Sex

TOP = 66.0
BOTTOM = 38.0
NAME_ROOM = 330.0
_SEX = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.NOT_SET: "性別未設定"}
_WATERMARK = Color(0.965, 0.965, 0.965)


class NumberedCanvas(Canvas):  # type: ignore[misc]  # ReportLab has no types
    """Keeps its pages until their number is known, then frames each."""

    def __init__(self, *place: object, report: Report, **options: object) -> None:
        # ReportLab would name Helvetica on every page and not embed it.
        options["initialFontName"] = Face.TEXT.value
        super().__init__(*place, **options)
        self._report = report
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            frame(self, self._report, number, len(self._kept))
            super().showPage()
        super().save()


def watermark(canvas: Canvas) -> None:
    """Under everything, before the page is filled."""
    canvas.saveState()
    canvas.setFillColor(_WATERMARK)
    canvas.setFont(Face.BOLD.value, 190)
    canvas.translate(PAGE[0] / 2, PAGE[1] / 2 - 20)
    canvas.rotate(24)
    canvas.drawCentredString(0, -60, "架　空")
    canvas.restoreState()


def frame(canvas: Canvas, report: Report, number: int, pages: int) -> None:
    _who(canvas, report)
    _as_of(canvas, report)
    _foot(canvas, report, number, pages)


def _who(canvas: Canvas, report: Report) -> None:
    patient, top = report.patient, PAGE[1] - 24
    _write(canvas, MARGIN, top - 2, patient.name_kana, Face.TEXT, 7, FADED)
    size = 15.0
    while width(patient.name, Face.BOLD, size) > NAME_ROOM and size > 8:
        size -= 0.5
    name = wrap(patient.name, NAME_ROOM, lambda text: width(text, Face.BOLD, size))
    _write(canvas, MARGIN, top - 18, name[0], Face.BOLD, size, INK)
    born = patient.birth_date
    facts = (
        f"{_SEX[patient.sex]}　{patient.age}歳　"
        f"{born.year}年{born.month}月{born.day}日生（{in_era(born)}）"
    )
    _write(canvas, MARGIN, top - 32, facts, Face.TEXT, 9, INK)


def _as_of(canvas: Canvas, report: Report) -> None:
    right, top = PAGE[0] - MARGIN, PAGE[1] - 24
    since = report.as_of.missing_from
    newest = f"{words(report.as_of.newest_month)}診療分まで"
    missing = f"{since.year}年{since.month}月{since.day}日以降の処方は含まれません"
    _right(canvas, right, top - 19, newest, Face.BOLD, 14, INK)
    _right(canvas, right, top - 32, missing, Face.BOLD, 9, INK)
    title = "薬剤・診療・手術・健診情報"
    if report.fictitious:
        label = "架空の記録 FICTITIOUS"
        room = width(label, Face.BOLD, 8) + 12
        canvas.setFillColor(INK)
        canvas.rect(right - room, top - 2, room, 12, stroke=0, fill=1)
        _write(canvas, right - room + 6, top + 1, label, Face.BOLD, 8, white)
        right -= room + 8
    _right(canvas, right, top + 1, title, Face.TEXT, 7.5, FADED)
    canvas.setStrokeColor(HEAD)
    canvas.setLineWidth(1.2)
    canvas.line(MARGIN, top - 38, PAGE[0] - MARGIN, top - 38)


def _foot(canvas: Canvas, report: Report, number: int, pages: int) -> None:
    end = report.closes_at
    until = moment_text(end) if end is not None else "患者が同意を取り消すまで"
    first = (
        f"医療機関 {report.facility}　同意の期限 {until}　"
        f"作成 {moment_text(report.made_at)}"
    )
    second = (
        "この患者のこの医療機関での診療のためにだけ用いること。"
        "第三者への複写・転送・提供を禁じます。"
    )
    if report.fictitious:
        second += "　架空の記録です。実在の人物・医療機関と関係ありません。"
    canvas.setStrokeColor(HEAD)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, BOTTOM - 6, PAGE[0] - MARGIN, BOTTOM - 6)
    _write(canvas, MARGIN, BOTTOM - 16, first, Face.TEXT, 7.5, INK)
    _write(canvas, MARGIN, BOTTOM - 26, second, Face.TEXT, 7, FADED)
    place = f"{number} / {pages} ページ"
    _right(canvas, PAGE[0] - MARGIN, BOTTOM - 20, place, Face.BOLD, 10, INK)


def _write(
    canvas: Canvas,
    left: float,
    base: float,
    text: str,
    face: Face,
    size: float,
    colour: Color,
) -> None:
    canvas.setFillColor(colour)
    canvas.setFont(face.value, size)
    canvas.drawString(left, base, text)


def _right(
    canvas: Canvas,
    right: float,
    base: float,
    text: str,
    face: Face,
    size: float,
    colour: Color,
) -> None:
    _write(canvas, right - width(text, face, size), base, text, face, size, colour)
