"""The paper, read again by a foreign program (poppler)."""

import shutil
import subprocess
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.adapters.pdf.drugs import _COLUMNS, _WIDTHS
from cloud.adapters.pdf.fonts import PACKAGE, Face, FontMissingError, find
from cloud.adapters.pdf.paper import MARGIN, day_text
from cloud.adapters.pdf.records import pdf
from cloud.adapters.pdf.wrapping import wrap
from cloud.records.lag import as_of
from cloud.records.model import CheckupItem, DrugLine, Form, Institution
from cloud.records.report import Report, report
from cloud.records.service import Found
from cloud.records.specimen import Wanted, specimen
from cloud.registry.model import Person
from protocol.codes import Sex
from tests.cloud.records_world import ALL_ITEMS, CHECKUP, DRUGS, checkup, line
from tests.cloud.world import NOON, TODAY, ms, person

UNTIL = ms(NOON) + 24 * 60 * 60 * 1000
OPEN: dict[str, int | None] = dict.fromkeys(ALL_ITEMS, UNTIL)


def poppler(program: str, *words: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip("poppler-utils is not installed (provisioning/host/packages.sh)")
    answer = subprocess.run([found, *words], capture_output=True, text=True, check=True)
    return answer.stdout


class Paper:
    """A PDF as somebody else's program sees it."""

    def __init__(self, made: Report, folder: Path) -> None:
        self.file = folder / "paper.pdf"
        self.file.write_bytes(printed() if made is drawn() else pdf(made))

    def text(self, *options: str) -> str:
        return poppler("pdftotext", *options, str(self.file), "-")

    def tight(self, *options: str) -> str:
        return squeezed(self.text(*options))

    def column(self, place: int) -> str:
        """Everything that is printed between the edges of one drug column."""
        left = MARGIN + sum(_WIDTHS[:place])
        crop = {"-x": left, "-y": 60, "-W": _WIDTHS[place], "-H": 500}
        words = [word for option, at in crop.items() for word in (option, f"{at:.0f}")]
        return self.tight("-r", "72", *words)

    def info(self, field: str) -> str:
        told = poppler("pdfinfo", str(self.file))
        found = [one for one in told.splitlines() if one.startswith(f"{field}:")]
        return found[0].split(":", 1)[1].strip() if found else ""


def squeezed(text: str) -> str:
    return "".join(text.split())


def cells(one: DrugLine) -> tuple[str, ...]:
    """The ten columns as a doctor expects them."""
    return (
        one.setting.word,
        one.month.replace("-", "/"),
        day_text(one.prescribed_on),
        day_text(one.dispensed_on),
        one.usage,
        one.form.word,
        one.brand,
        one.generic,
        f"{one.quantity}{one.unit}",
        str(one.times),
    )


def made(found: Found, who: Person | None = None) -> Report:
    return report(
        found,
        who or person(),
        facility="1310000008",
        as_of=as_of(TODAY),
        made_at=ms(NOON),
    )


@cache
def drawn() -> Report:
    """A woman of 78 with everything on record."""
    wanted = Wanted(age=78, sex=Sex.FEMALE)
    return specimen(23, day=TODAY, now_ms=ms(NOON), wanted=wanted)


@cache
def printed() -> bytes:
    return pdf(drawn())


def in_order(column: str, expected: list[str]) -> bool:
    """Whether the column says all of it, one after the other."""
    place = 0
    for cell in expected:
        found = column.find(squeezed(cell), place)
        if found < 0:
            return False
        place = found + len(squeezed(cell))
    return True


# -- every line, every column --------------------------------------------------------
def test_every_drug_line_is_on_paper_with_its_ten_columns(tmp_path: Path) -> None:
    one = drawn()
    paper = Paper(one, tmp_path)
    assert len(one.drugs) > 60
    for place, (head, _) in enumerate(_COLUMNS):
        column = paper.column(place)
        assert in_order(column, [cells(each)[place] for each in one.drugs]), head
        assert squeezed(head) in column


def test_a_column_that_lacks_a_line_is_noticed(tmp_path: Path) -> None:
    """The oracle above can fail."""
    one = drawn()
    column = Paper(one, tmp_path).column(6)
    brands = [each.brand for each in one.drugs]
    assert in_order(column, brands)
    assert not in_order(column, [*brands, brands[0]])
    assert not in_order(column, brands[::-1])


def test_400_lines_fill_pages_and_none_is_lost(tmp_path: Path) -> None:
    lines = [
        line(
            date(2025, 1, 6) + timedelta(days=one),
            brand=f"見本錠{one}番",
            generic=f"成分{one % 40}",
            times=5,
        )
        for one in range(400)
    ]
    paper = Paper(made(Found.of(OPEN, lines)), tmp_path)
    brands = Counter(each.brand for each in lines)
    column = paper.column(6)
    assert all(column.count(f"{brand}") >= 1 for brand in brands)
    pages = int(paper.info("Pages"))
    assert pages > 10
    last = paper.text("-f", str(pages))
    assert f"{pages} / {pages} ページ" in last
    assert f"1 / {pages} ページ" in paper.text("-l", "1")


def test_long_names_are_wrapped_and_nothing_of_them_is_cut(tmp_path: Path) -> None:
    long = line(
        brand="ベポタスチンベシル酸塩ヴェリーロングネームOD錠10mg「サンプルファーマ」",
        generic="テストステロンエナント酸エステル・エストラジオール吉草酸エステル配合錠",
        usage="1日2回朝食後及び就寝前（症状により適宜増減、1回最大3錠、6時間以上あける）",
        quantity="12.75",
        unit="マイクログラム",
        prescriber=Institution("見本大学医学部附属総合医療センター　第二外来棟"),
    )
    who = Person(
        "見本ルードヴィヒ・ヴァン・フリードリヒ・アレクサンダー三世●",
        "ミホン　ルードヴィヒ",
        Sex.MALE,
        date(1924, 2, 29),
    )
    paper = Paper(made(Found.of(OPEN, [long]), who), tmp_path)
    for place, cell in enumerate(cells(long)):
        assert squeezed(cell) in paper.column(place)
    first = paper.tight("-l", "1")
    assert squeezed(who.name) in first
    assert squeezed(long.prescriber.name) in paper.tight("-f", "2")
    assert "12.75" in paper.text()


# -- the first page ------------------------------------------------------------------
def test_page_one_says_who_as_of_when_and_what_is_taken_now(tmp_path: Path) -> None:
    one = drawn()
    paper = Paper(one, tmp_path)
    first = paper.tight("-l", "1")
    for said in (
        one.patient.name,
        one.patient.name_kana,
        f"{one.patient.age}歳",
        "2026年4月診療分まで",
        "2026年5月1日以降の処方は含まれません",
        f"いま使っているとみられる薬{len(one.current)}剤",
        "同意の期限2026/06/16 12:00",
        "複写・転送・提供を禁じます",
        *(each.line.brand for each in one.current),
        *(each.line.generic for each in one.current),
    ):
        assert squeezed(said) in first


def test_every_page_says_whose_it_is_and_as_of_when(tmp_path: Path) -> None:
    one = drawn()
    paper = Paper(one, tmp_path)
    pages = int(paper.info("Pages"))
    assert pages >= 4
    for number in range(1, pages + 1):
        page = paper.tight("-f", str(number), "-l", str(number))
        assert squeezed(one.patient.name) in page
        assert "2026年4月診療分まで" in page
        assert f"{number}/{pages}ページ" in page
        assert "架空の記録FICTITIOUS" in page
        assert "実在の人物・医療機関と関係ありません" in page
        assert "同意の期限" in page


def test_real_records_are_not_called_fiction(tmp_path: Path) -> None:
    paper = Paper(made(Found.of(OPEN, [line()])), tmp_path)
    assert "架空の記録" not in paper.text()
    assert "FICTITIOUS" not in paper.text()


def test_a_duplicate_and_a_change_are_told_in_words(tmp_path: Path) -> None:
    lines = [
        line(date(2026, 3, 9), brand="ノルバスク錠2.5mg"),
        line(date(2026, 4, 9)),
        line(date(2026, 4, 13), prescriber=Institution("見本整形外科")),
    ]
    first = Paper(made(Found.of(OPEN, lines)), tmp_path).tight("-l", "1")
    assert first.count("重複：") == 2
    assert squeezed("変更：2026年3月は ノルバスク錠2.5mg") in first


def test_nothing_on_record_is_said_in_words(tmp_path: Path) -> None:
    paper = Paper(made(Found(OPEN)), tmp_path)
    assert paper.info("Pages") == "1"
    assert "直近の処方の記録はありません" in paper.tight()
    assert paper.tight().count("記録はありません。") == 3


def test_what_is_not_open_is_not_called_empty(tmp_path: Path) -> None:
    paper = Paper(made(Found({CHECKUP: None})), tmp_path)
    assert paper.tight().count("患者の同意がないため表示していません") == 3
    assert paper.tight().count("記録はありません。") == 1
    assert "患者が同意を取り消すまで" in paper.tight()
    only = Paper(made(Found.of({DRUGS: UNTIL}, [line()])), tmp_path)
    assert only.tight().count("患者の同意がないため表示していません") == 2


def test_one_month_only_is_a_short_paper(tmp_path: Path) -> None:
    paper = Paper(made(Found.of(OPEN, [line()])), tmp_path)
    assert paper.info("Pages") == "2"
    assert "2026年4月診療分" in paper.tight("-f", "2")


def test_results_out_of_range_are_marked_without_colour(tmp_path: Path) -> None:
    items = (
        CheckupItem("9A751000000000001", "収縮期血圧", "152", "mmHg"),
        CheckupItem("9A761000000000001", "拡張期血圧", "80", "mmHg"),
        CheckupItem("3F070000002327101", "HDLコレステロール", "38", "mg/dL"),
    )
    paper = Paper(made(Found.of(OPEN, [checkup(TODAY, *items)])), tmp_path)
    first, last = paper.tight("-l", "1"), paper.text("-f", "2", "-layout")
    assert "収縮期血圧▲▲152mmHg" in first
    assert "HDLコレステロール▼38mg/dL" in first
    assert "拡張期血圧" not in first
    assert "▲▲ 152" in last
    assert "▼ 38" in last
    assert "▲ 80" not in last
    assert "130／140以上" in last


def test_a_drug_with_letters_that_mean_something_in_xml_is_printed(
    tmp_path: Path,
) -> None:
    odd = line(brand="<b>&amp;錠</b>5mg", form=Form.TOPICAL, times=1)
    assert "<b>&amp;錠</b>5mg" in Paper(made(Found.of(OPEN, [odd])), tmp_path).text()


# -- the file ------------------------------------------------------------------------
def test_the_same_report_is_the_same_file() -> None:
    assert pdf(drawn()) == printed()


def test_all_fonts_are_embedded(tmp_path: Path) -> None:
    paper = Paper(drawn(), tmp_path)
    rows = poppler("pdffonts", str(paper.file)).splitlines()[2:]
    assert rows
    for row in rows:
        name, *_, embedded, subset, unicode_, _, _ = row.split()
        assert "BIZUD" in name
        assert (embedded, subset, unicode_) == ("yes", "yes", "yes")


def test_no_name_stands_where_lists_of_files_show_it(tmp_path: Path) -> None:
    one = drawn()
    paper = Paper(one, tmp_path)
    told = poppler("pdfinfo", str(paper.file))
    assert one.patient.name.split("　")[1] not in told
    assert paper.info("Title") == "薬剤・診療・手術・健診情報（架空）"
    assert "841.89 x 595.276" in paper.info("Page size")


def test_without_the_typeface_there_is_no_paper(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match=PACKAGE):
        find(Face.TEXT, (tmp_path,))


# -- where lines end -------------------------------------------------------------------
@given(st.text(max_size=60), st.integers(1, 40))
def test_wrapping_loses_nothing_and_keeps_the_room(text: str, room: int) -> None:
    lines = wrap(text, room, lambda part: float(len(part)))
    assert "".join(lines) == text
    assert all(len(one) <= room for one in lines)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("ノルバスク錠2.5mg", 8, ["ノルバスク錠", "2.5mg"]),
        ("アムロジピン「トーワ」", 8, ["アムロジピン", "「トーワ」"]),
        ("1日3回、毎食後", 5, ["1日3回、", "毎食後"]),
        ("", 5, [""]),
        ("12345678", 3, ["123", "456", "78"]),
    ],
)
def test_a_line_never_ends_inside_a_dose(
    text: str, room: int, lines: list[str]
) -> None:
    assert wrap(text, room, lambda part: float(len(part))) == lines
