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
from cloud.adapters.pdf.wrapping import flow
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
_BOX_TITLE = Ink(Face.BOLD, 9.5)
_BOXES = (ROOM * 0.36, ROOM * 0.28, ROOM * 0.36)
_BOX_PAD = 6.0
OPERATIONS_SHOWN = 4
ENDED_SHOWN = 8


def summary(sheet: SummarySheet, report: Report) -> Iterator[Flowable]:
    if not report.opens("diagnosis_and_drugs"):
        yield Lines([("薬剤・診療情報", _TITLE), (CLOSED, _BODY)], ROOM)
    elif not sheet.current:
        said = "直近の処方の記録はありません。"
        yield Lines([("いま使っているとみられる薬", _TITLE), (said, _BODY)], ROOM)
    else:
        yield from _drugs(sheet, report)
    yield Spacer(1, 6)
    yield _below(sheet, report)


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
        usage = "" if was.usage == one.line.usage else f" {was.usage}"
        dose = f"{was.brand}{usage} {_amount(was).split(' × ')[0]}"
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


def _below(sheet: SummarySheet, report: Report) -> Table:
    """Side by side: what is over, surgery, the newest checkup's striking results."""
    told = (_ended, _surgery, _checked)
    rooms = [width - 2 * _BOX_PAD for width in _BOXES]
    cells = [
        Lines(each(sheet, report, room), room)
        for each, room in zip(told, rooms, strict=True)
    ]
    style = [
        *table_style(4, 5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BOX", (0, 0), (-1, -1), 0.8, HEAD),
        ("INNERGRID", (0, 0), (-1, -1), 0.8, HEAD),
        ("LEFTPADDING", (0, 0), (-1, -1), _BOX_PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _BOX_PAD),
    ]
    return Table([cells], colWidths=_BOXES, style=style)


_Told = list[tuple[str, Ink]]


def _ended(sheet: SummarySheet, report: Report, _: float) -> _Told:
    if not report.opens("diagnosis_and_drugs"):
        return [("最近終わった薬", _BOX_TITLE), (CLOSED, _BODY)]
    title = f"直近3か月に処方され、終わったとみられる薬　{len(sheet.recent)}剤"
    if not sheet.recent:
        return [(title, _BOX_TITLE), ("ありません。", _BODY)]
    shown = sheet.recent[:ENDED_SHOWN]
    told = [(_over(one), _BODY) for one in shown]
    more = len(sheet.recent) - len(shown)
    return [(title, _BOX_TITLE), *told, *([(f"ほか{more}剤", _BODY)] if more else [])]


def _over(one: Standing) -> str:
    given = one.line.given_on
    day = f"{short(given)}　" if given else ""
    return f"{day}{one.line.brand}　{_amount(one.line)}"


def _surgery(sheet: SummarySheet, report: Report, _: float) -> _Told:
    title = [("手術", _BOX_TITLE)]
    if not report.opens("operation"):
        return [*title, (CLOSED, _BODY)]
    if not sheet.operations:
        return [*title, (EMPTY, _BODY)]
    shown = sheet.operations[:OPERATIONS_SHOWN]
    told = [(f"{day_text(one.done_on)}　{one.name}", _BODY) for one in shown]
    more = len(sheet.operations) - len(shown)
    return [*title, *told, *([(f"ほか{more}件", _BODY)] if more else [])]


def _checked(sheet: SummarySheet, report: Report, room: float) -> _Told:
    if not report.opens("checkup"):
        return [("健診", _BOX_TITLE), (CLOSED, _BODY)]
    if sheet.checked_on is None:
        return [("健診", _BOX_TITLE), (EMPTY, _BODY)]
    title = (f"健診　{day_text(sheet.checked_on)}　判定値に達した項目", _BOX_TITLE)
    if not sheet.striking:
        return [title, ("ありません。", _BODY)]
    told = (f"{one.item.name.split('（')[0]} {marked(one)}" for one in sheet.striking)
    return [title, *((each, _BODY) for each in flow(told, room, _BODY.measure))]
