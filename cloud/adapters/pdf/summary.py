"""Page one: what this patient takes now, and what else must be known at once."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from reportlab.lib.colors import white
from reportlab.platypus import Flowable, LongTable, Spacer, Table

from cloud.adapters.pdf.fonts import Face
from cloud.adapters.pdf.paper import (
    BAND,
    FADED,
    HEAD,
    MARK,
    PAD,
    ROOM,
    RULE,
    Ink,
    Lines,
    MonthHeads,
    Months,
    day_text,
    short,
    table_style,
)
from cloud.adapters.pdf.results import marked
from cloud.records.current import GRID_MONTHS, Standing, days_apart, grid
from cloud.records.model import DrugLine, Form
from cloud.records.month import Month, words
from cloud.records.report import Report, SummarySheet

_GRID = MARK * GRID_MONTHS + 2 * PAD
_WIDTHS = (218.0, 142.0, 86.0, ROOM - 218.0 - 142.0 - 86.0 - _GRID, _GRID)
_BRAND = Ink(Face.BOLD, 11)
_SMALL = Ink(Face.TEXT, 8, FADED)
_NOTE = Ink(Face.BOLD, 8)
_HEADS = ("薬剤名（商品名／一般名）", "用法・用量", "最終の処方", "処方した医療機関")
_COUNTED = {Form.INTERNAL: "日分", Form.AS_NEEDED: "回分", Form.INJECTION: "回"}
_TITLE = Ink(Face.BOLD, 14)
_BODY = Ink(Face.TEXT, 9)
OPERATIONS_SHOWN = 4


def summary(sheet: SummarySheet, report: Report) -> Iterator[Flowable]:
    if not report.opens("diagnosis_and_drugs"):
        yield Lines([("薬剤・診療情報", _TITLE), (CLOSED, _BODY)], ROOM)
    elif not sheet.current and not sheet.recent:
        said = "直近3か月に処方された薬の記録はありません。"
        yield Lines([("いま使っているとみられる薬", _TITLE), (said, _BODY)], ROOM)
    else:
        yield from _drugs(sheet, report)
    yield Spacer(1, 6)
    yield _below(sheet, report)
    yield from _ended(sheet, report)


CLOSED = "患者の同意がないため表示していません。"
EMPTY = "記録はありません。"


def _drugs(sheet: SummarySheet, report: Report) -> Iterator[Flowable]:
    months = grid(report.as_of)
    until = report.as_of.complete_until
    count = len(sheet.current)
    title = f"いま使っているとみられる薬　{count}剤"
    how = (
        f"{until.year}年{until.month}月{until.day}日の時点で手元に残る日数か、"
        "その直前の処方があった薬。レセプトからの推定であり、その後の変更・中止は分かりません。"
    )
    yield Lines([(title, _TITLE), (how, _SMALL)], ROOM)
    yield Spacer(1, 3)
    if sheet.current:
        yield _table(sheet.current, months)


def _ended(sheet: SummarySheet, report: Report) -> Iterator[Flowable]:
    months = grid(report.as_of)
    if sheet.recent:
        yield Spacer(1, 7)
        ended = (
            f"直近3か月に処方され、すでに終わったとみられる薬　{len(sheet.recent)}剤"
        )
        yield Lines([(ended, Ink(Face.BOLD, 10))], ROOM)
        yield Spacer(1, 2)
        yield _brief(sheet.recent, months)


def _table(held: Sequence[Standing], months: Sequence[Month]) -> Table:
    head = [Lines([(text, Ink(Face.BOLD, 8, white))], 200) for text in _HEADS]
    rows: list[list[Flowable | str]] = [[*head, MonthHeads(months, white)]]
    style: list[tuple[object, ...]] = [
        *table_style(1, 2),
        ("BACKGROUND", (0, 0), (-1, 0), HEAD),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE),
    ]
    for form, group in groupby(held, key=lambda one: one.line.form):
        place = len(rows)
        style += [
            ("SPAN", (0, place), (-1, place)),
            ("BACKGROUND", (0, place), (-1, place), BAND),
            ("TOPPADDING", (0, place), (-1, place), 0.5),
            ("BOTTOMPADDING", (0, place), (-1, place), 0.5),
            ("NOSPLIT", (0, place), (-1, place + 1)),
        ]
        rows.append([Lines([(form.word, Ink(Face.BOLD, 8))], 200), "", "", "", ""])
        rows += [_row(one, months) for one in group]
    return LongTable(rows, colWidths=_WIDTHS, repeatRows=1, style=style)


def _row(one: Standing, months: Sequence[Month]) -> list[Flowable | str]:
    line = one.line
    rooms = [each - 2 * PAD for each in _WIDTHS]
    name = [(line.brand, _BRAND), (line.generic, _SMALL), *_notes(one)]
    given = [(day_text(line.given_on), Ink(Face.FIGURES, 9.5))]
    if one.until is not None:
        given.append((f"{short(one.until)}まで", _SMALL))
    usage = [(line.usage, Ink(Face.TEXT, 9.5)), (_amount(line), Ink(Face.BOLD, 9.5))]
    where = [(line.prescriber.name, Ink(Face.TEXT, 8.5))]
    if line.dispenser:
        where.append((line.dispenser.name, _SMALL))
    return [
        Lines(name, rooms[0]),
        Lines(usage, rooms[1]),
        Lines(given, rooms[2]),
        Lines(where, rooms[3]),
        Months(months, one.months),
    ]


def _notes(one: Standing) -> Iterator[tuple[str, Ink]]:
    if one.twice:
        yield "◆重複：同じ成分が2か所以上から処方されています", _NOTE
    if one.before is not None:
        was = one.before
        dose = f"{was.brand} {was.usage} {was.quantity}{was.unit}"
        yield f"◇変更：{words(was.month)}は {dose}", _NOTE


def _amount(line: DrugLine) -> str:
    amount = f"{line.quantity}{line.unit}"
    match line.form:
        case Form.INTERNAL if days_apart(line.usage) > 1:
            return f"1回 {amount} × {line.times}回分"
        case Form.INTERNAL:
            return f"1日 {amount} × {line.times}{_COUNTED[line.form]}"
        case Form.AS_NEEDED:
            return f"1回 {amount} × {line.times}{_COUNTED[line.form]}"
        case Form.INJECTION:
            return f"{amount} × {line.times}{_COUNTED[line.form]}"
        case Form.TOPICAL:
            return f"計 {amount}" if line.times == 1 else f"{amount} × {line.times}"


def _brief(held: Sequence[Standing], months: Sequence[Month]) -> Table:
    ink, figures = Ink(Face.TEXT, 8.5), Ink(Face.FIGURES, 8.5)
    rooms = [each - 2 * PAD for each in _WIDTHS]
    rows = [
        [
            Lines([(f"{one.line.brand}（{one.line.form.word}）", ink)], rooms[0]),
            Lines([(f"{one.line.usage}　{_amount(one.line)}", ink)], rooms[1]),
            Lines([(day_text(one.line.given_on), figures)], rooms[2]),
            Lines([(one.line.prescriber.name, ink)], rooms[3]),
            Months(months, one.months),
        ]
        for one in held
    ]
    style = [
        *table_style(1, 1.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
        ("LINEABOVE", (0, 0), (-1, 0), 0.4, RULE),
    ]
    return LongTable(rows, colWidths=_WIDTHS, style=style)


def _below(sheet: SummarySheet, report: Report) -> Table:
    """Surgery at the left, the newest checkup's striking results at the right."""
    room = ROOM / 2 - 12
    style = [
        *table_style(4, 5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BOX", (0, 0), (0, 0), 0.8, HEAD),
        ("BOX", (1, 0), (1, 0), 0.8, HEAD),
        ("LEFTPADDING", (0, 0), (-1, -1), 6),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ]
    cells = [Lines(_surgery(sheet, report), room), Lines(_checked(sheet, report), room)]
    return Table([cells], colWidths=(ROOM / 2, ROOM / 2), style=style)


def _surgery(sheet: SummarySheet, report: Report) -> list[tuple[str, Ink]]:
    title = [("手術", Ink(Face.BOLD, 10))]
    if not report.opens("operation"):
        return [*title, (CLOSED, _BODY)]
    if not sheet.operations:
        return [*title, (EMPTY, _BODY)]
    shown = sheet.operations[:OPERATIONS_SHOWN]
    told = [(f"{day_text(one.done_on)}　{one.name}", _BODY) for one in shown]
    more = len(sheet.operations) - len(shown)
    return [*title, *told, *([(f"ほか{more}件", _BODY)] if more else [])]


def _checked(sheet: SummarySheet, report: Report) -> list[tuple[str, Ink]]:
    if not report.opens("checkup"):
        return [("健診", Ink(Face.BOLD, 10)), (CLOSED, _BODY)]
    if sheet.checked_on is None:
        return [("健診", Ink(Face.BOLD, 10)), (EMPTY, _BODY)]
    title = f"健診　{day_text(sheet.checked_on)}　判定値に達した項目"
    if not sheet.striking:
        return [(title, Ink(Face.BOLD, 10)), ("ありません。", _BODY)]
    told = "　".join(
        f"{marked(one)} {one.item.name.split('（')[0]}" for one in sheet.striking
    )
    return [(title, Ink(Face.BOLD, 10)), (told, _BODY)]
